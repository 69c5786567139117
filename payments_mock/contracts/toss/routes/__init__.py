"""The operations of the Toss contract, one module a resource."""

from payments_mock.contracts.toss.routes import (
    billing,
    cash_receipts,
    key_in,
    payments,
    promotions,
    settlements,
    transactions,
    virtual_accounts,
)

OPERATIONS = (
    *payments.OPERATIONS,
    *key_in.OPERATIONS,
    *billing.OPERATIONS,
    *virtual_accounts.OPERATIONS,
    *cash_receipts.OPERATIONS,
    *transactions.OPERATIONS,
    *settlements.OPERATIONS,
    *promotions.OPERATIONS,
)
