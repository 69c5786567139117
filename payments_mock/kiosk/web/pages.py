"""The pages, and the JSON API that they call."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from payments_mock.kiosk.catalog import list_menu, list_seats
from payments_mock.kiosk.errors import (
    AmountMismatchError,
    NoSuchPaymentError,
    NotKnownYetError,
    OrderNotFoundError,
    provider_unavailable,
)
from payments_mock.kiosk.lifecycle import UNRESOLVED
from payments_mock.kiosk.orders.book import PressResult, newest_cancels, order_to_cancel
from payments_mock.kiosk.provider.answers import NotSent, Refused, Unknown
from payments_mock.kiosk.services import services
from payments_mock.kiosk.web.api import present_failure
from payments_mock.kiosk.web.presentation import (
    present_book_order,
    present_cancel,
    present_entry,
    present_menu_item,
    present_payment,
    present_run,
    present_seat,
    present_shop,
)
from payments_mock.kiosk.web.schemas import (
    ConfirmSchema,
    FailSchema,
    LedgerCancelSchema,
    LimitSchema,
    NewOrderSchema,
    NoFieldsSchema,
    OrderCancelSchema,
    OrderListSchema,
    WebhookSchema,
    load_body,
    load_query,
)

shop_api = Blueprint("shop", __name__)

pages = Blueprint(
    "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)


@shop_api.get("/api/v1/shop")
def get_shop() -> Response:
    """Tell a page how the shop is paid, what is for sale and which seats are free."""
    return jsonify(
        present_shop(services().settings)
        | {
            "items": [present_menu_item(item) for item in list_menu()],
            "seats": [present_seat(seat) for seat in list_seats(services().clock())],
        }
    )


@shop_api.post("/api/v1/orders")
def place_order() -> tuple[Response, int, dict[str, str]]:
    """Make an order, whose id goes to the provider as `orderId`, and hold its seats."""
    wanted = load_body(NewOrderSchema(), request)
    order = services().book.place(NewOrderSchema.cart_of(wanted), wanted["seats"], wanted["buyer"])
    location = url_for("shop.get_order", order_id=order.id)
    return jsonify(present_book_order(order)), 201, {"Location": location}


@shop_api.get("/api/v1/orders")
def list_orders() -> Response:
    """List orders, newest first, as they are stored; the provider is not asked."""
    query = load_query(OrderListSchema(), request)
    found = services().book.newest(query["status"], query["limit"])
    return jsonify({"orders": [present_book_order(order) for order in found]})


@shop_api.get("/api/v1/orders/<uuid:order_id>")
def get_order(order_id: object) -> Response:
    """Show one order, after a look-up when its outcome is unknown."""
    return jsonify(present_book_order(services().resolver.resolve(str(order_id))))


@shop_api.get("/api/v1/orders/<uuid:order_id>/payment")
def get_payment(order_id: object) -> Response:
    """Show the payment of an order in the provider's own words."""
    payment = present_payment(services().book.find(str(order_id)))
    if payment is None:
        raise NoSuchPaymentError(f"Nobody has tried to pay order {order_id} yet.")
    shown = services().provider.show(payment["paymentKey"])
    if isinstance(shown, Refused | NotSent | Unknown):
        return present_failure(provider_unavailable(shown, "the payment cannot be shown"))
    return jsonify(shown)


@shop_api.post("/api/v1/orders/<uuid:order_id>/hold")
def hold_seats(order_id: object) -> Response:
    """Hold the seats of an open order anew, before another try to pay."""
    load_body(NoFieldsSchema(), request)
    return jsonify(present_book_order(services().book.hold_seats(str(order_id))))


@shop_api.post("/api/v1/orders/<uuid:order_id>/cancel")
def cancel_order(order_id: object) -> Response:
    """Give one order's money back, once."""
    reason = load_body(OrderCancelSchema(), request)["cancelReason"]
    return _present_outcome(services().refunds.refund(str(order_id), reason))


@shop_api.post("/api/v1/payments/confirm")
@shop_api.post("/toss/confirm-payment")
def confirm_payment() -> Response:
    """Charge what the shopper authenticated; order and amount are checked before the provider is asked."""
    told = load_body(ConfirmSchema(), request)
    order = services().book.find(str(told["orderId"]))
    if told["amount"] != order.amount:
        why = {"amount": [f"The order costs {order.amount} won."]}
        raise AmountMismatchError("The amount is not the order's; nothing was charged.", why)
    return _present_outcome(services().payments.pay(order.id, told["paymentKey"]))


@shop_api.post("/api/v1/payments/fail")
def fail_payment() -> Response:
    """Take note that the provider's window ended without a payment; the order's seats are released."""
    told = load_body(FailSchema(), request)
    noted = {"code": told["code"], "message": told["message"]}
    if told["orderId"] is None:
        return jsonify(noted | {"order": None})
    order = services().book.note_failure(str(told["orderId"]), told["code"], told["message"])
    return jsonify(noted | {"order": present_book_order(order)})


@shop_api.post("/api/v1/payments/webhook")
def hear_webhook() -> Response:
    """Look up what a webhook claims; if nobody can tell now, refuse it, so that it is sent again."""
    order_id = WebhookSchema.order_of(load_body(WebhookSchema(), request))
    if order_id is not None:
        _look_up(order_id)
    return jsonify({"received": True})


@shop_api.post("/api/v1/payments/cancel")
def cancel_payment() -> Response:
    """Give money back by buyer and order name, where they mean exactly one payment."""
    told = load_body(LedgerCancelSchema(), request)
    order_id = order_to_cancel(told["buyer"], told["orderName"])
    return _present_outcome(services().refunds.refund(order_id, told["cancelReason"]))


@shop_api.get("/api/v1/cancels")
def list_cancels() -> Response:
    """List the cancel ledger, newest first."""
    limit = load_query(LimitSchema(), request)["limit"]
    return jsonify({"cancels": [present_cancel(cancel) for cancel in newest_cancels(limit)]})


@shop_api.post("/api/v1/settlements/run")
def run_settlement() -> Response:
    """Pay out what is due to the sellers, once, however often this is called."""
    load_body(NoFieldsSchema(), request)
    return jsonify(present_run(services().settlement.run()))


@shop_api.get("/api/v1/settlements")
def list_settlements() -> Response:
    """List what orders and refunds make owed to sellers."""
    limit = load_query(LimitSchema(), request)["limit"]
    return jsonify({"settlements": [present_entry(entry) for entry in services().settlement.entries(limit)]})


def _look_up(order_id: str) -> None:
    try:
        is_known = services().resolver.hear_of(order_id)
    except OrderNotFoundError:
        # It is about another shop's order, or none. If it were refused, it would be sent again for days.
        return
    if not is_known:
        raise NotKnownYetError(f"What became of order {order_id} cannot be told now; send this again later.")


def _present_outcome(outcome: PressResult) -> Response:
    if outcome.failure is not None:
        return present_failure(outcome.failure)
    response = jsonify(present_book_order(outcome.order))
    response.status_code = 202 if outcome.order.status in UNRESOLVED else 200
    return response


@pages.get("/", defaults={"name": "index.html"})
@pages.get("/pay.html", defaults={"name": "pay.html"})
@pages.get("/orders.html", defaults={"name": "orders.html"})
@pages.get("/payments/success.html", defaults={"name": "payments/success.html"})
@pages.get("/payments/fail.html", defaults={"name": "payments/fail.html"})
def show_page(name: str) -> str:
    """Show a page: menu, payment, order book, or where the provider's window sends the shopper back to."""
    return render_template(name, inspector=services().settings.inspector_url)


@pages.get("/favicon.ico")
def show_icon() -> Response:
    """Show the icon that browsers ask for when they are shown an answer that is no page."""
    return pages.send_static_file("pictures/mark.svg")


@pages.get("/openapi.json")
def openapi() -> Response:
    """Describe the shop's API for other programs."""
    return pages.send_static_file("openapi.json")
