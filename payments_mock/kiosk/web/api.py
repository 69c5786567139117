"""The JSON API of a terminal."""

from flask import Blueprint, Response, jsonify, request, url_for

from payments_mock.kiosk.database import check_database
from payments_mock.kiosk.lifecycle import UNRESOLVED
from payments_mock.kiosk.orders.book import PressResult
from payments_mock.kiosk.services import services
from payments_mock.kiosk.shop.catalog import list_menu
from payments_mock.kiosk.web.presentation import present_item, present_order
from payments_mock.kiosk.web.problems import present_failure, problem
from payments_mock.kiosk.web.schemas import (
    CartSchema,
    NoFieldsSchema,
    OrderListSchema,
    RefundSchema,
    load_body,
    load_query,
)

api = Blueprint("kiosk", __name__)


@api.get("/health")
def get_health() -> Response:
    """Tell whether the kiosk can serve; the provider is not asked."""
    if not check_database():
        return problem(503, "DATABASE_UNAVAILABLE", "The kiosk's database does not answer.")
    return jsonify({"status": "ok", "database": "ok"})


@api.get("/menu")
def get_menu() -> Response:
    """List what is for sale."""
    return jsonify({"items": [present_item(item) for item in list_menu()]})


@api.post("/orders")
def place_order() -> tuple[Response, int, dict[str, str]]:
    """Make an order of a cart."""
    order = services().book.place(load_body(CartSchema(), request))
    location = url_for("kiosk.get_order", order_id=order.id)
    return jsonify(present_order(order)), 201, {"Location": location}


@api.get("/orders")
def list_orders() -> Response:
    """List orders, newest first, as they are stored; the provider is not asked."""
    query = load_query(OrderListSchema(), request)
    found = services().book.newest(query["status"], query["limit"])
    return jsonify({"orders": [present_order(order) for order in found]})


@api.get("/orders/<uuid:order_id>")
def get_order(order_id: object) -> Response:
    """Show one order, after a look-up when its outcome is unknown."""
    return jsonify(present_order(services().resolver.resolve(str(order_id))))


@api.post("/orders/<uuid:order_id>/pay")
def pay_order(order_id: object) -> Response:
    """Charge an order once."""
    load_body(NoFieldsSchema(), request)
    return _present_outcome(services().payments.pay(str(order_id)))


@api.post("/orders/<uuid:order_id>/refund")
def refund_order(order_id: object) -> Response:
    """Give an order's money back once."""
    reason = load_body(RefundSchema(), request)["reason"]
    return _present_outcome(services().refunds.refund(str(order_id), reason))


@api.post("/orders/<uuid:order_id>/resolve")
def resolve_order(order_id: object) -> Response:
    """Ask the provider what became of an order; this neither charges nor refunds."""
    load_body(NoFieldsSchema(), request)
    return jsonify(present_order(services().resolver.resolve(str(order_id))))


def _present_outcome(outcome: PressResult) -> Response:
    if outcome.failure is not None:
        return present_failure(outcome.failure)
    response = jsonify(present_order(outcome.order))
    response.status_code = 202 if outcome.order.status in UNRESOLVED else 200
    return response
