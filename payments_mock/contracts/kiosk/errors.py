"""The errors of a call and of the domain, in the kiosk contract's one table."""

from collections.abc import Mapping

from flask import Response
from werkzeug.exceptions import HTTPException

from payments_mock.api import errors as http
from payments_mock.api.bodies import error_answer
from payments_mock.api.wire import CallRecord
from payments_mock.domain import errors as domain

UNKNOWN_KEY = "UNAUTHORIZED_KEY"
"""The code of a key that nobody has, as the provider answers it on any path: with `data`, which is null."""

ANSWERS: Mapping[type[Exception], tuple[int, str]] = {
    domain.PaymentNotFoundError: (404, "NOT_FOUND"),
    domain.PaymentMismatchError: (409, "AMOUNT_MISMATCH"),
    domain.OrderAlreadyPaidError: (409, "DUPLICATED_ORDER_ID"),
    domain.AlreadyApprovedError: (409, "ALREADY_APPROVED"),
    domain.AlreadyCanceledError: (422, "ALREADY_CANCELED"),
    domain.NotApprovedError: (422, "NOT_APPROVED"),
    domain.PaymentAbortedError: (422, "ABORTED"),
    domain.PaymentExpiredError: (422, "EXPIRED"),
    domain.SettledError: (422, "ALREADY_SETTLED"),
    domain.PartialCancelError: (409, "PARTIAL_MISMATCH"),
    domain.PaymentError: (422, "NOT_POSSIBLE"),
    http.AuthenticationError: (401, UNKNOWN_KEY),
    http.UnknownPathError: (404, "NOT_FOUND"),
    http.WrongMethodError: (405, "METHOD_NOT_ALLOWED"),
    http.WrongContentTypeError: (415, "UNSUPPORTED_MEDIA_TYPE"),
    http.BodyTooLargeError: (413, "PAYLOAD_TOO_LARGE"),
    http.BrokenBodyError: (400, "INVALID_REQUEST"),
    http.InvalidFieldsError: (400, "INVALID_REQUEST"),
    http.UnknownTestCodeError: (400, "INVALID_TEST_CODE"),
    http.InvalidIdempotencyKeyError: (400, "INVALID_IDEMPOTENCY_KEY"),
    http.IdempotentRequestProcessingError: (409, "IDEMPOTENT_REQUEST_PROCESSING"),
    http.DatabaseUnavailableError: (500, "INTERNAL_ERROR"),
}
"""Status and code by error; an error without a row uses that of its nearest base class.

Every error that an operation of this contract lists has a row. The other rules of payments can't be broken
through this contract, so `PaymentError` has one row for all of them.
"""


def present_error(error: Exception, call: CallRecord) -> Response:
    """Answer a call with an error: its status, and a body of `code` and `message`."""
    status, code = _status_and_code(error)
    more: dict[str, object] = {"errors": error.errors} if isinstance(error, http.InvalidFieldsError) else {}
    if code == UNKNOWN_KEY:
        more = {"data": None}
    response = error_answer(call, status, code, _message(error), reason=http.reason_of(error), **more)
    if isinstance(error, http.AuthenticationError):
        response.headers["WWW-Authenticate"] = 'Basic realm="payments-mock"'
    if isinstance(error, http.WrongMethodError):
        response.headers["Allow"] = ", ".join(error.allowed)
    return response


def answer_code(code: str, call: CallRecord) -> Response | None:
    """Answer the code that a test asks for, None if there is no such code."""
    status = status_by_code().get(code)
    if status is None:
        return None
    more = {"data": None} if code == UNKNOWN_KEY else {}
    return error_answer(call, status, code, "asked for by the TossPayments-Test-Code header", **more)


def status_by_code() -> Mapping[str, int]:
    """Return the codes of the contract, each with its status."""
    return {code: status for status, code in ANSWERS.values()} | {"INTERNAL_ERROR": 500}


def answer_of(kind: type[Exception]) -> tuple[int, str]:
    """Return the status and the code that stand for a kind of error.

    Raises:
        LookupError: the table has neither the kind nor a base class of it.
    """
    return http.row_of(ANSWERS, kind, "the kiosk contract")


def _status_and_code(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        status = error.code or 500
        return (status, "INVALID_REQUEST") if status < 500 else (500, "INTERNAL_ERROR")
    status, code = answer_of(type(error))
    # A refused payment is answered with the refusal's own code.
    return status, error.code if isinstance(error, domain.PaymentAbortedError) else code


def _message(error: Exception) -> str:
    return error.description or error.name if isinstance(error, HTTPException) else str(error)
