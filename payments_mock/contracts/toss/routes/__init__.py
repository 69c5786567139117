"""The operations of the Toss contract, one module a resource."""

from payments_mock.contracts.toss.routes import payments, promotions, settlements, transactions

OPERATIONS = (
    *payments.OPERATIONS,
    *transactions.OPERATIONS,
    *settlements.OPERATIONS,
    *promotions.OPERATIONS,
)
