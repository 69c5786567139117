"""Every error of a call and of the domain, in the Toss contract's one table."""

from collections.abc import Mapping

from flask import Response
from werkzeug.exceptions import HTTPException

from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.contracts.toss.language import answer_language
from payments_mock.domain import errors as domain
from payments_mock.http import errors as http
from payments_mock.http.answers import error_answer

CODES: Mapping[type[Exception], str] = {
    domain.PaymentNotFoundError: "NOT_FOUND_PAYMENT",
    domain.SessionNotFoundError: "NOT_FOUND_PAYMENT_SESSION",
    domain.PaymentMismatchError: "FORBIDDEN_REQUEST",
    domain.OrderAlreadyPaidError: "DUPLICATED_ORDER_ID",
    domain.NotAuthenticatedError: "INVALID_AUTHORIZE_AUTH",
    domain.CheckoutOverError: "NOT_AVAILABLE_PAYMENT",
    domain.AlreadyApprovedError: "ALREADY_PROCESSED_PAYMENT",
    domain.AlreadyCanceledError: "ALREADY_CANCELED_PAYMENT",
    domain.NotApprovedError: "NOT_CANCELABLE_PAYMENT",
    domain.PaymentAbortedError: "ALREADY_PROCESSED_PAYMENT",
    domain.PaymentExpiredError: "NOT_FOUND_PAYMENT_SESSION",
    domain.PartialCancelError: "NOT_ALLOWED_PARTIAL_REFUND",
    domain.PartialCancelOfUnpaidError: "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
    domain.CancelAmountError: "NOT_CANCELABLE_AMOUNT",
    domain.CancelAmountNotPositiveError: "INVALID_REFUND_AMOUNT",
    domain.RefundableAmountError: "NOT_MATCHES_REFUNDABLE_AMOUNT",
    domain.RefundAccountMissingError: "INVALID_REFUND_ACCOUNT_INFO",
    domain.RefundAccountInvalidError: "INVALID_REFUND_ACCOUNT_INFO",
    domain.RefundAccountNumberError: "INVALID_REFUND_ACCOUNT_NUMBER",
    domain.RefundBankUnknownError: "INVALID_BANK",
    domain.RefundBankRefusesError: "FORBIDDEN_BANK_REFUND_REQUEST",
    domain.CurrencyMismatchError: "INVALID_CURRENCY",
    domain.CancelTooLateError: "EXCEED_MAX_REFUND_DUE",
    domain.AmountNotPositiveError: "BELOW_ZERO_AMOUNT",
    domain.AmountTooSmallError: "BELOW_MINIMUM_AMOUNT",
    domain.InstallmentError: "INVALID_CARD_INSTALLMENT_PLAN",
    domain.TooFewInstallmentsError: "EXCEED_MIN_CARD_INSTALLMENT_PLAN",
    domain.TooManyInstallmentsError: "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    domain.InstallmentBelowAmountError: "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT",
    domain.InstallmentsForCardError: "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    domain.PointUseError: "NOT_ALLOWED_POINT_USE",
    domain.AmountTooLargeError: "EXCEED_MAX_AMOUNT",
    domain.MonthlyPhoneLimitError: "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    domain.OneTimeTransferLimitError: "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    domain.DailyTransferLimitError: "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    domain.QueryError: "INVALID_REQUEST",
    domain.PeriodError: "INVALID_DATE",
    domain.QueryLimitError: "EXCEED_MAX_QUERY_LIMIT",
    domain.PagingKeyError: "INVALID_PAGING_KEY",
    http.AuthenticationError: "UNAUTHORIZED_KEY",
    http.CredentialsMalformedError: "INCORRECT_BASIC_AUTH_FORMAT",
    http.ColonMissingError: "INCORRECT_BASIC_AUTH_FORMAT",
    http.ClientKeyError: "INVALID_API_KEY",
    http.UnknownPathError: "NOT_FOUND",
    http.WrongMethodError: "NOT_FOUND_HTTP_METHOD",
    http.WrongContentTypeError: "INVALID_REQUEST",
    http.BodyTooLargeError: "INVALID_REQUEST",
    http.BrokenBodyError: "INVALID_REQUEST",
    http.InvalidFieldsError: "INVALID_REQUEST",
    http.InvalidIdempotencyKeyError: "INVALID_IDEMPOTENCY_KEY",
    http.IdempotentRequestProcessingError: "IDEMPOTENT_REQUEST_PROCESSING",
    http.UnknownTestCodeError: "INVALID_TEST_CODE",
}
"""Code by error; an error that is not here is answered as its nearest base class that is."""


_ERRORS_WITH_DETAIL = (
    http.InvalidFieldsError,
    http.BrokenBodyError,
    http.WrongContentTypeError,
    http.BodyTooLargeError,
    http.WrongMethodError,
    domain.CancelAmountError,
    domain.QueryError,
)


FAULT_OF_OURS = "FAILED_INTERNAL_SYSTEM_PROCESSING"


def present_error(error: Exception) -> Response:
    """Answer an error in the language of the request."""
    if isinstance(error, HTTPException):
        return answer_code(
            "INVALID_REQUEST" if (error.code or 500) < 500 else "FAILED_INTERNAL_SYSTEM_PROCESSING"
        )
    code = error.code if isinstance(error, http.InvalidFieldsError) else None
    detail = f" ({error})" if isinstance(error, _ERRORS_WITH_DETAIL) else ""
    return answer_code(code or answer_of(type(error))[1], detail)


def answer_test_code(code: str) -> Response | None:
    """Answer what a test asks for by its code, None where there is no such code."""
    return answer_code(code) if code in catalogue() else None


def answer_code(code: str, detail: str = "") -> Response:
    """Answer a code of the catalogue with its status and message, and what the message can't know."""
    entry = catalogue()[code]
    return error_answer(entry.status, code, entry.message(answer_language()) + detail)


def answer_of(kind: type[Exception]) -> tuple[int, str]:
    """Return the status and the code that stand for a kind of error.

    Raises:
        LookupError: the table has neither the kind nor a base class of it.
    """
    for base in kind.__mro__:
        if base in CODES:
            return catalogue()[CODES[base]].status, CODES[base]
    raise LookupError(f"the Toss contract has no answer for {kind.__name__}")
