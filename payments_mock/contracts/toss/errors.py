"""Every error of a call and of the domain in the Toss contract's one table, and every answer's headers."""

from collections.abc import Mapping
from random import getrandbits

from flask import Request, Response
from werkzeug.exceptions import HTTPException

from payments_mock.api import errors as http
from payments_mock.api.bodies import error_answer
from payments_mock.api.catalogue import catalogue
from payments_mock.api.wire import CallRecord
from payments_mock.domain import accounts as account_errors
from payments_mock.domain import billing as billing_errors
from payments_mock.domain import cards as card_errors
from payments_mock.domain import errors as domain
from payments_mock.domain import receipts as cash_receipt_errors
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.http.authentication import allow_origin

UNKNOWN_KEY = "UNAUTHORIZED_KEY"
"""The code of a key that nobody has; its answer alone has a third field, `data`, which is null."""

CODES: Mapping[type[Exception], str] = {
    domain.PaymentNotFoundError: "NOT_FOUND_PAYMENT",
    domain.SessionNotFoundError: "NOT_FOUND_PAYMENT_SESSION",
    domain.PaymentMismatchError: "FORBIDDEN_REQUEST",
    domain.KeyPairMismatchError: "INVALID_API_KEY",
    domain.OrderAlreadyPaidError: "DUPLICATED_ORDER_ID",
    domain.NotAuthenticatedError: "INVALID_AUTHORIZE_AUTH",
    domain.CheckoutOverError: "NOT_AVAILABLE_PAYMENT",
    domain.AlreadyApprovedError: "ALREADY_PROCESSED_PAYMENT",
    domain.ConfirmUnderwayError: "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
    domain.AlreadyCanceledError: "ALREADY_CANCELED_PAYMENT",
    domain.ConfirmOfCanceledError: "ALREADY_PROCESSED_PAYMENT",
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
    domain.SettledError: "NOT_CANCELABLE_PAYMENT",
    domain.CancelTooLateError: "EXCEED_MAX_REFUND_DUE",
    domain.RapidRepeatError: "FORBIDDEN_CONSECUTIVE_REQUEST",
    domain.AmountNotPositiveError: "BELOW_ZERO_AMOUNT",
    domain.AmountTooSmallError: "BELOW_MINIMUM_AMOUNT",
    domain.InstallmentError: "INVALID_CARD_INSTALLMENT_PLAN",
    domain.TooFewInstallmentsError: "EXCEED_MIN_CARD_INSTALLMENT_PLAN",
    domain.TooManyInstallmentsError: "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    domain.InstallmentBelowAmountError: "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT",
    domain.InstallmentsForCardError: "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    domain.PointUseError: "NOT_ALLOWED_POINT_USE",
    domain.TaxFreeAmountError: "INVALID_REQUEST",
    domain.AmountTooLargeError: "EXCEED_MAX_AMOUNT",
    domain.MonthlyPhoneLimitError: "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    domain.OneTimeTransferLimitError: "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    domain.DailyTransferLimitError: "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    domain.QueryError: "INVALID_REQUEST",
    domain.PeriodError: "INVALID_DATE",
    domain.QueryLimitError: "EXCEED_MAX_QUERY_LIMIT",
    domain.PagingKeyError: "INVALID_PAGING_KEY",
    account_errors.VirtualAccountError: "INVALID_REQUEST",
    account_errors.DueTimeGivenTwiceError: "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
    account_errors.TooManyValidHoursError: "EXCEED_MAX_VALID_HOURS",
    account_errors.DueDateTooFarError: "EXCEED_MAX_DUE_DATE",
    account_errors.DueDatePastError: "INVALID_DATE",
    account_errors.AccountBankError: "INVALID_BANK",
    account_errors.AccountTypeError: "INVALID_VIRTUAL_ACCOUNT_TYPE",
    account_errors.DepositError: "INVALID_REQUEST",
    account_errors.AlreadyDepositedError: "ALREADY_COMPLETED_PAYMENT",
    account_errors.AccountClosedError: "ALREADY_CLOSE_ACCOUNT",
    account_errors.RefundUnderwayError: "ALREADY_REFUNDING_PAYMENT",
    account_errors.RefundedError: "ALREADY_REFUND_PAYMENT",
    cash_receipt_errors.CashReceiptError: "INVALID_REQUEST",
    cash_receipt_errors.CashReceiptInfoError: "INVALID_CASH_RECEIPT_INFO",
    cash_receipt_errors.CashReceiptExistsError: "DUPLICATED_CASH_RECEIPT",
    cash_receipt_errors.CashReceiptNotFoundError: "NOT_FOUND",
    cash_receipt_errors.CashReceiptCanceledError: "ALREADY_CANCELED_PAYMENT",
    cash_receipt_errors.CashReceiptAmountError: "NOT_CANCELABLE_AMOUNT",
    WidgetKeyError: "INVALID_API_KEY",
    card_errors.CardDetailsError: "INVALID_REQUEST",
    card_errors.CardNumberError: "INVALID_CARD_NUMBER",
    card_errors.CardExpirationError: "INVALID_CARD_EXPIRATION",
    card_errors.IdentityFormatError: "INVALID_BIRTH_DAY_FORMAT",
    card_errors.IdentityMismatchError: "INVALID_CARD_IDENTITY",
    card_errors.CardPasswordError: "INVALID_CARD_PASSWORD",
    card_errors.CardNotRegistrableError: "INVALID_REJECT_CARD",
    card_errors.CardSuspendedError: "INVALID_STOPPED_CARD",
    card_errors.CardLostError: "INVALID_CARD_LOST_OR_STOLEN",
    card_errors.CardRejectedError: "INVALID_REJECT_CARD",
    card_errors.CardUnusableError: "INVALID_CARD",
    billing_errors.BillingError: "INVALID_REQUEST",
    billing_errors.BillingNotFoundError: "NOT_FOUND_BILLING",
    billing_errors.BillingAuthorizationOverError: "INVALID_BILLING_AUTH",
    billing_errors.CustomerMismatchError: "NOT_MATCHES_CUSTOMER_KEY",
    billing_errors.BillingKeyRemovedError: "ALREADY_REMOVED_BILLING_KEY",
    billing_errors.BillingCardExpiredError: "INVALID_BILL_KEY_REQUEST",
    http.AuthenticationError: UNKNOWN_KEY,
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
    http.DatabaseUnavailableError: "FAILED_INTERNAL_SYSTEM_PROCESSING",
}
"""Code by error; an error without a row uses that of its nearest base class."""


_ERRORS_WITH_DETAIL = (
    http.InvalidFieldsError,
    http.BrokenBodyError,
    http.WrongContentTypeError,
    http.BodyTooLargeError,
    http.WrongMethodError,
    domain.CancelAmountError,
    domain.QueryError,
    domain.TaxFreeAmountError,
    card_errors.CardDetailsError,
    cash_receipt_errors.CashReceiptInfoError,
    account_errors.VirtualAccountError,
)


UNDERWAY_MARK = "[S008] "
"""How the message begins if another confirm is under way, as recorded."""

FAULT_OF_OURS = "FAILED_INTERNAL_SYSTEM_PROCESSING"


def present_error(error: Exception, call: CallRecord) -> Response:
    """Answer a call with an error, in its language."""
    if isinstance(error, HTTPException):
        code = "INVALID_REQUEST" if (error.code or 500) < 500 else FAULT_OF_OURS
        return refuse(call, code, reason=http.reason_of(error))
    own_code = error.code if isinstance(error, http.InvalidFieldsError) else None
    detail = f" ({error})" if isinstance(error, _ERRORS_WITH_DETAIL) else ""
    mark = UNDERWAY_MARK if isinstance(error, domain.ConfirmUnderwayError) else ""
    return refuse(call, own_code or answer_of(type(error))[1], detail, http.reason_of(error), mark)


def answer_code(code: str, call: CallRecord) -> Response | None:
    """Answer a call with a code of the catalogue, None where there is no such code."""
    return refuse(call, code) if code in catalogue() else None


def refuse_payment(call: CallRecord, code: str) -> Response:
    """Answer that the payment was refused, with the code that the shopper or the test chose."""
    return refuse(call, code, reason=domain.PaymentAbortedError(code).reason)


def refuse(
    call: CallRecord, code: str, detail: str = "", reason: domain.Reason | None = None, mark: str = ""
) -> Response:
    """Answer a code of the catalogue with its status and message, and with details of this call."""
    entry = catalogue()[code]
    more = {"data": None} if code == UNKNOWN_KEY else {}
    message = mark + entry.message(call.reader.language) + detail
    return error_answer(call, entry.status, code, message, reason=reason, **more)


def answer_of(kind: type[Exception]) -> tuple[int, str]:
    """Return the status and the code that stand for a kind of error.

    Raises:
        LookupError: the table has neither the kind nor a base class of it.
    """
    code = http.row_of(CODES, kind, "the Toss contract")
    return catalogue()[code].status, code


TRACE_ID = "X-TossPayments-Trace-Id"


def finish(response: Response, asked: Request) -> Response:
    """Give an answer its trace id, and let the page that called read it."""
    # It is no secret, and the system's secure random numbers take ten times as long. Python seeds this source
    # anew in each worker that is forked.
    response.headers.add(TRACE_ID, f"{getrandbits(128):032x}")
    return allow_origin(response, asked)
