"""The paths of the Toss contract; what answers on them is in `routes`, loaded when somebody calls."""

from payments_mock.http.outline import Route

CONFIRM = Route("confirm", "POST", "/v1/payments/confirm")
OLD_CONFIRM = Route("old-confirm", "POST", "/v1/payments/<payment_key>")
GET = Route("get", "GET", "/v1/payments/<payment_key>")
GET_BY_ORDER = Route("get-by-order", "GET", "/v1/payments/orders/<order_id>")
CANCEL = Route("cancel", "POST", "/v1/payments/<payment_key>/cancel")
KEY_IN = Route("key-in", "POST", "/v1/payments/key-in")
BILLING_ISSUE = Route("billing-issue", "POST", "/v1/billing/authorizations/issue")
BILLING_CARD = Route("billing-card", "POST", "/v1/billing/authorizations/card")
BILLING_PAY = Route("billing-pay", "POST", "/v1/billing/<billing_key>")
BILLING_DELETE = Route("billing-delete", "DELETE", "/v1/billing/<billing_key>")
VIRTUAL_ACCOUNT = Route("virtual-account", "POST", "/v1/virtual-accounts")
CASH_RECEIPT = Route("cash-receipt", "POST", "/v1/cash-receipts")
CANCEL_CASH_RECEIPT = Route("cancel-cash-receipt", "POST", "/v1/cash-receipts/<receipt_key>/cancel")
CASH_RECEIPTS = Route("cash-receipts", "GET", "/v1/cash-receipts")
TRANSACTIONS = Route("transactions", "GET", "/v1/transactions")
SETTLEMENTS = Route("settlements", "GET", "/v1/settlements")
REQUEST_SETTLEMENT = Route("request-settlement", "POST", "/v1/settlements")
CARD_PROMOTIONS = Route("card-promotions", "GET", "/v1/promotions/card")
PROMOTIONS = Route("promotions", "GET", "/v1/promotions")

ROUTES = (
    CONFIRM,
    OLD_CONFIRM,
    GET,
    GET_BY_ORDER,
    CANCEL,
    KEY_IN,
    BILLING_ISSUE,
    BILLING_CARD,
    BILLING_PAY,
    BILLING_DELETE,
    VIRTUAL_ACCOUNT,
    CASH_RECEIPT,
    CANCEL_CASH_RECEIPT,
    CASH_RECEIPTS,
    TRANSACTIONS,
    SETTLEMENTS,
    REQUEST_SETTLEMENT,
    CARD_PROMOTIONS,
    PROMOTIONS,
)
