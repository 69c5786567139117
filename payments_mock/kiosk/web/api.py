"""The kiosk's API for machines, and how every problem is answered."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from flask import Blueprint, Flask, Response, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from payments_mock.kiosk.catalog import list_menu
from payments_mock.kiosk.errors import (
    AmbiguousPaymentError,
    AmountMismatchError,
    FailureCode,
    FieldErrors,
    InvalidInputError,
    KioskError,
    NoSuchPaymentError,
    NotKnownYetError,
    OrderNotFoundError,
    OrderNotPayableError,
    OrderNotRefundableError,
    OutOfStockError,
    PaymentKeyInUseError,
    PressFailure,
    SeatTakenError,
    WindowRequiredError,
)
from payments_mock.kiosk.lifecycle import UNRESOLVED
from payments_mock.kiosk.orders.book import PressResult
from payments_mock.kiosk.services import services
from payments_mock.kiosk.tables import check_database
from payments_mock.kiosk.web.presentation import present_item, present_order
from payments_mock.kiosk.web.schemas import (
    CartSchema,
    NoFieldsSchema,
    OrderListSchema,
    RefundSchema,
    load_body,
    load_query,
)

OUTCOME_TYPE = "application/vnd.cinema.outcome+json"
"""What the pages accept: answers that tell of a refusal in the body, and not by their status."""

STATUS_OF_ERROR: Mapping[type[KioskError], HTTPStatus] = MappingProxyType(
    {
        InvalidInputError: HTTPStatus.BAD_REQUEST,
        OrderNotFoundError: HTTPStatus.NOT_FOUND,
        OrderNotPayableError: HTTPStatus.CONFLICT,
        OrderNotRefundableError: HTTPStatus.CONFLICT,
        OutOfStockError: HTTPStatus.CONFLICT,
        SeatTakenError: HTTPStatus.CONFLICT,
        AmountMismatchError: HTTPStatus.CONFLICT,
        PaymentKeyInUseError: HTTPStatus.CONFLICT,
        WindowRequiredError: HTTPStatus.CONFLICT,
        NoSuchPaymentError: HTTPStatus.NOT_FOUND,
        AmbiguousPaymentError: HTTPStatus.CONFLICT,
        NotKnownYetError: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)

STATUS_OF_FAILURE: Mapping[FailureCode, HTTPStatus] = MappingProxyType(
    {
        FailureCode.PAYMENT_REFUSED: HTTPStatus.PAYMENT_REQUIRED,
        FailureCode.REFUND_REFUSED: HTTPStatus.CONFLICT,
        FailureCode.PROVIDER_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)

CODE_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {
        400: "INVALID_REQUEST",
        404: "NOT_FOUND",
        405: "METHOD_NOT_ALLOWED",
        413: "BODY_TOO_LARGE",
        415: "UNSUPPORTED_MEDIA_TYPE",
        500: "INTERNAL_ERROR",
    }
)


def install_problems(app: Flask) -> None:
    """Make `app` answer every error in the kiosk's one shape."""
    app.register_error_handler(KioskError, _present_error)
    app.register_error_handler(HTTPException, _present_http_exception)


def problem(status: int, code: str, message: str, errors: FieldErrors | None = None) -> Response:
    """Return an error answer, as an outcome where the caller asks for one and the kiosk itself is well."""
    body: dict[str, object] = {"code": code, "message": message}
    if errors is not None:
        body["errors"] = errors
    if status != HTTPStatus.INTERNAL_SERVER_ERROR and OUTCOME_TYPE in request.accept_mimetypes.values():
        outcome = jsonify({"refused": {"status": status, **body}})
        outcome.mimetype = OUTCOME_TYPE
        return outcome
    response = jsonify(body)
    response.status_code = status
    return response


def code_of(status: int) -> str:
    """Return the code of an error that HTTP itself has a status for."""
    return CODE_OF_STATUS.get(status, HTTPStatus(status).name)


def present_failure(failure: PressFailure) -> Response:
    """Return the answer to a press that definitely failed."""
    status = STATUS_OF_FAILURE[failure.code]
    return problem(status, failure.code, failure.message, {"payment": [failure.reason]})


def _present_error(error: KioskError) -> Response:
    return problem(STATUS_OF_ERROR[type(error)], error.code, error.message, error.errors)


def _present_http_exception(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = problem(status, code_of(status), error.description or HTTPStatus(status).phrase)
    response.headers.extend(
        (name, value) for name, value in error.get_headers() if name.lower() != "content-type"
    )
    return response


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
