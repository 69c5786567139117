"""The operations of the Toss contract, one module a resource."""

from payments_mock.contracts.toss.routes import payments

OPERATIONS = (*payments.OPERATIONS,)
