"""Who may call the control API, and how a call is refused: by a code and what would be right.

ControlCallError
    AccessError
        NotLocalError
        TokenMissingError
        TokenWrongError
    NotVerifiedError
    NotReplayableError
"""

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Request, Response

from payments_mock.api import errors as http
from payments_mock.api.bodies import error_answer
from payments_mock.api.wire import CallRecord
from payments_mock.domain import accounts as deposit_errors
from payments_mock.domain import errors as domain
from payments_mock.domain import receipts as cash_receipt_errors
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.services.faults import FaultNotFoundError, FaultTakenError, HeldCallNotFoundError
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
    """The server has no token, and the caller is on another machine, a proxy or a page of another origin."""


class TokenMissingError(AccessError):
    """The call came without the token."""


class TokenWrongError(AccessError):
    """The call came with another token."""


class NotReplayableError(ControlCallError):
    """The journal has not kept all of what a call sent, so it can't be made again."""


class NotVerifiedError(ControlCallError):
    """The journal has more or fewer entries than expected."""


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
    HeldCallNotFoundError: (404, "NOT_FOUND_HELD_CALL"),
    EntryNotFoundError: (404, "NOT_FOUND_ENTRY"),
    NotVerifiedError: (422, "NOT_VERIFIED"),
    NotReplayableError: (422, "NOT_REPLAYABLE"),
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
"""Status and code by error; an error without a row uses that of its nearest base class."""


def answer_of(kind: type[Exception]) -> tuple[int, str]:
    """Return the status and the code that stand for a kind of error.

    Raises:
        LookupError: the table has neither the kind nor a base class of it.
    """
    return http.row_of(ANSWERS, kind, "the control API")


def present_error(error: Exception, call: CallRecord) -> Response:
    """Answer a call with an error: its status, and a body of `code`, `message`, and `errors` by field."""
    status, code = answer_of(type(error))
    more: dict[str, Any] = {}
    if isinstance(error, http.InvalidFieldsError):
        code, more = error.code or code, {"errors": error.errors}
    response = error_answer(call, status, code, str(error), reason=http.reason_of(error), **more)
    if isinstance(error, http.WrongMethodError):
        response.headers["Allow"] = ", ".join(error.allowed)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="payments-mock control"'
    return response


TOKEN_HEADER: Final = "X-Control-Token"  # noqa: S105
_OF_PROXIES: Final = {
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CLIENT_IP",
    "HTTP_CDN_LOOP",
}
_OF_PROXIES_BEGIN: Final = (
    "HTTP_X_FORWARDED",
    "HTTP_X_ORIGINAL_",
    "HTTP_X_ENVOY_",
    "HTTP_CF_",
    "HTTP_FASTLY_",
)
"""Headers that proxies add and callers do not, as WSGI spells them."""
_INSTEAD: Final = "start the server with --control-token and send Authorization: Bearer <token>"


def check_access(request: Request, token: str | None) -> None:
    """Refuse a caller who may not control the server.

    Raises:
        TokenMissingError, TokenWrongError: there is a token, and the call came without it.
        NotLocalError: there is none, and the call did not come from this machine by itself.
    """
    if token is not None:
        _check_token(_sent_token(request), token)
        return
    check_is_local(request)
    if _is_from_another_site(request):
        raise NotLocalError("the control API does not answer pages of other origins")


def check_is_local(request: Request) -> None:
    """Refuse a caller who is not on this machine, or does not say that it calls this machine.

    Raises:
        NotLocalError: as named.
    """
    if not is_loopback(request.remote_addr or ""):
        raise NotLocalError(f"the control API answers this machine only; to call it from others, {_INSTEAD}")
    if _came_through_a_proxy(request):
        raise NotLocalError(f"the control API does not answer through a proxy; {_INSTEAD}")
    if not _is_addressed_locally(request):
        raise NotLocalError(f"the control API is called as localhost or 127.0.0.1; else {_INSTEAD}")


def is_loopback(address: str) -> bool:
    """Tell whether an IP address is of this machine alone."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def _check_token(sent: str | None, token: str) -> None:
    if not sent:
        raise TokenMissingError(f"send the control token: Authorization: Bearer <token>, or {TOKEN_HEADER}")
    if not hmac.compare_digest(sent.encode(), token.encode()):
        raise TokenWrongError("this is not the control token of this server")


def _sent_token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.headers.get(TOKEN_HEADER)


def _came_through_a_proxy(request: Request) -> bool:
    """Tell whether a proxy passed the call on; a proxy that adds no header goes unnoticed."""
    return any(name in _OF_PROXIES or name.startswith(_OF_PROXIES_BEGIN) for name in request.environ)


def _is_addressed_locally(request: Request) -> bool:
    """Tell whether the Host names this machine, which it does not after DNS rebinding."""
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    return host == "localhost" or host.endswith(".localhost") or is_loopback(host)


def _is_from_another_site(request: Request) -> bool:
    """Tell whether a browser says that a page of another origin calls; no CORS header lets one in."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        return True
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
