"""The paths of the kiosk contract; what answers on them is in `operations`, loaded when somebody calls."""

from payments_mock.http.outline import Route

CREATE = Route("create", "POST", "/v1/payments")
CONFIRM = Route("confirm", "POST", "/v1/payments/confirm")
CANCEL = Route("cancel", "POST", "/v1/payments/<payment_key>/cancel")
GET = Route("get", "GET", "/v1/payments/<payment_key>")
GET_BY_ORDER = Route("get-by-order", "GET", "/v1/payments/orders/<order_id>")

ROUTES = (CREATE, CONFIRM, CANCEL, GET, GET_BY_ORDER)
