"""How the control API refuses a call: a code, what is wrong, and what would be right.

ControlCallError
    AccessError
        NotLocalError
        TokenMissingError
        TokenWrongError
    NotVerifiedError
"""

from collections.abc import Mapping
from typing import Any

from flask import Response

from payments_mock.api import errors as http
from payments_mock.api.bodies import error_answer
from payments_mock.domain import accounts as deposit_errors
from payments_mock.domain import errors as domain
from payments_mock.domain import receipts as cash_receipt_errors
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.services.faults import FaultNotFoundError, FaultTakenError
from payments_mock.services.journal import EntryNotFoundError
from payments_mock.services.reports import NoReportsError
from payments_mock.services.sandboxes import SandboxNotFoundError, SandboxTakenError
from payments_mock.services.webhooks import deliveries as webhooks
from payments_mock.webhooks.sender import TargetError


class ControlCallError(Exception):
    """A call that the control API refuses for a reason that no contract has."""


class AccessError(ControlCallError):
    """The caller may not control this server."""


class NotLocalError(AccessError):
    """The caller is on another machine, behind a proxy or a page in a browser, and there is no token."""


class TokenMissingError(AccessError):
    """The call came without the token."""


class TokenWrongError(AccessError):
    """The call came with another token."""


class NotVerifiedError(ControlCallError):
    """There are more or fewer entries in the journal than there were to be."""


ANSWERS: Mapping[type[Exception], tuple[int, str]] = {
    NotLocalError: (403, "NOT_LOCAL"),
    TokenMissingError: (401, "TOKEN_MISSING"),
    TokenWrongError: (401, "TOKEN_WRONG"),
    http.CallError: (400, "INVALID_REQUEST"),
    http.UnknownKeyError: (400, "INVALID_CLIENT_KEY"),
    http.UnknownPathError: (404, "NOT_FOUND"),
    http.WrongMethodError: (405, "METHOD_NOT_ALLOWED"),
    http.BodyTooLargeError: (413, "PAYLOAD_TOO_LARGE"),
    http.WrongContentTypeError: (415, "UNSUPPORTED_MEDIA_TYPE"),
    http.InvalidFieldsError: (400, "INVALID_REQUEST"),
    http.DatabaseUnavailableError: (503, "DATABASE_UNAVAILABLE"),
    SandboxNotFoundError: (404, "NOT_FOUND_SANDBOX"),
    SandboxTakenError: (409, "SANDBOX_TAKEN"),
    FaultNotFoundError: (404, "NOT_FOUND_FAULT"),
    FaultTakenError: (409, "FAULT_TAKEN"),
    EntryNotFoundError: (404, "NOT_FOUND_ENTRY"),
    NotVerifiedError: (422, "NOT_VERIFIED"),
    NoReportsError: (409, "NO_REPORTS"),
    webhooks.NoWebhooksError: (409, "NO_WEBHOOKS"),
    webhooks.WebhookNotFoundError: (404, "NOT_FOUND_WEBHOOK"),
    webhooks.WebhookRuleTakenError: (409, "WEBHOOK_RULE_TAKEN"),
    webhooks.NobodyListensError: (409, "NOBODY_LISTENS"),
    TargetError: (400, "INVALID_URL"),
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


def answer_of(kind: type[Exception]) -> tuple[int, str]:
    """Return the status and the code that stand for a kind of error.

    Raises:
        LookupError: the table has neither the kind nor a base class of it.
    """
    for base in kind.__mro__:
        if base in ANSWERS:
            return ANSWERS[base]
    raise LookupError(f"the control API has no answer for {kind.__name__}")


def present_error(error: Exception) -> Response:
    """Answer an error with its status, and a body of `code` and `message`, and `errors` by field."""
    status, code = answer_of(type(error))
    more: dict[str, Any] = {}
    if isinstance(error, http.InvalidFieldsError):
        code, more = error.code or code, {"errors": error.errors}
    response = error_answer(status, code, str(error), **more)
    if isinstance(error, http.WrongMethodError):
        response.headers["Allow"] = ", ".join(error.allowed)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="payments-mock control"'
    return response
