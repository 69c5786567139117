"""Every error as JSON: ``{"code": ..., "message": ..., "errors": {field: [why]}}``, whatever went wrong.

A page that accepts ``OUTCOME_TYPE`` gets the same inside of ``{"refused": ...}`` with 200: a card that is
declined, or a seat that was sold meanwhile, is an outcome that the page shows, and a browser reports any
other status as an error of the page itself.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

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
    """Make ``app`` answer every error in the kiosk's one shape."""
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
