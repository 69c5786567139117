"""How the control API refuses a call: a code, what is wrong, and what would be right."""

from collections.abc import Mapping

from flask import Response

from payments_mock.domain import cash_receipt_errors, deposit_errors
from payments_mock.domain import errors as domain
from payments_mock.domain.key_families import WidgetKeyError
from payments_mock.http import errors as http
from payments_mock.http.answers import error_answer

ANSWERS: Mapping[type[Exception], tuple[int, str]] = {
    http.CallError: (400, "INVALID_REQUEST"),
    http.UnknownKeyError: (400, "INVALID_CLIENT_KEY"),
    http.BodyTooLargeError: (413, "PAYLOAD_TOO_LARGE"),
    http.WrongContentTypeError: (415, "UNSUPPORTED_MEDIA_TYPE"),
    domain.PaymentError: (422, "NOT_POSSIBLE"),
    WidgetKeyError: (400, "INVALID_CLIENT_KEY"),
    domain.PaymentNotFoundError: (404, "NOT_FOUND_PAYMENT"),
    domain.OrderAlreadyPaidError: (400, "DUPLICATED_ORDER_ID"),
    domain.AmountNotPositiveError: (400, "BELOW_ZERO_AMOUNT"),
    domain.CheckoutOverError: (409, "CHECKOUT_OVER"),
    cash_receipt_errors.CashReceiptInfoError: (400, "INVALID_CASH_RECEIPT_INFO"),
    deposit_errors.NoDepositAwaitedError: (409, "NO_DEPOSIT_AWAITED"),
    deposit_errors.AlreadyDepositedError: (400, "ALREADY_COMPLETED_PAYMENT"),
    deposit_errors.AccountClosedError: (400, "ALREADY_CLOSE_ACCOUNT"),
    deposit_errors.DepositAmountError: (422, "DEPOSIT_AMOUNT_MISMATCH"),
    deposit_errors.NothingDepositedError: (409, "NOTHING_DEPOSITED"),
    deposit_errors.RefundUnderwayError: (400, "ALREADY_REFUNDING_PAYMENT"),
    deposit_errors.RefundedError: (400, "ALREADY_REFUND_PAYMENT"),
}
"""Status and code by error; an error that is not here is answered as its nearest base class that is."""


def present_error(error: Exception) -> Response:
    """Answer an error with its status, and a body of `code` and `message`, and `errors` by field."""
    status, code = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
    if not isinstance(error, http.InvalidFieldsError):
        return error_answer(status, code, str(error))
    return error_answer(status, error.code or code, str(error), errors=error.errors)
