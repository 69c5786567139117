"""How a checkout ends: its outcome, and the redirect to the merchant."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from payments_mock.api.catalogue import EXPIRED_PAYMENT, failure_message
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.values import LONGEST_URL

CLOSED_BY_SHOPPER = "PAY_PROCESS_CANCELED"
FAILED = "PAY_PROCESS_ABORTED"


def is_return_url(text: str) -> bool:
    """Tell whether the browser may be sent there: an absolute http or https URL."""
    if len(text) > LONGEST_URL or any(ord(character) <= 32 for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def with_query(url: str, added: Mapping[str, object]) -> str:
    """Return `url` with `added` behind the query that it has, which stays as the merchant wrote it."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query.rstrip("&"), urlencode(added))))
    return urlunsplit(parts._replace(query=query))


def success_url(payment: Payment, base: str) -> str:
    """Return `base` with what the merchant needs to confirm."""
    added = {
        "paymentType": payment.kind.value,
        "orderId": payment.order_id,
        "paymentKey": payment.payment_key,
        "amount": payment.total_amount,
    }
    return with_query(base, added)


def fail_url(payment: Payment, base: str, code: str, message: str) -> str:
    """Return `base` with why nothing is paid; where the shopper closed the window, without the order."""
    added = {"code": code, "message": message}
    if code != CLOSED_BY_SHOPPER:
        added["orderId"] = payment.order_id
    return with_query(base, added)


def outcome_of(payment: Payment, language: str) -> dict[str, Any] | None:
    """Return the outcome that the state of `payment` stands for; None while it waits for its shopper."""
    if payment.state is State.INITIATED:
        return None
    if payment.state is State.EXPIRED:
        return _failed("EXPIRED", payment, FAILED, failure_message(EXPIRED_PAYMENT, language))
    if payment.state is State.ABORTED:
        code = payment.failure_code or FAILED
        return _failed("FAILED", payment, code, failure_message(code, language))
    return {
        "kind": "AUTHENTICATED",
        "payment": {
            "paymentType": payment.kind.value,
            "paymentKey": payment.payment_key,
            "orderId": payment.order_id,
            "amount": payment.total_amount,
        },
        "redirectUrl": payment.success_url and success_url(payment, payment.success_url),
    }


def closed(payment: Payment, language: str) -> dict[str, Any]:
    """Return the outcome of a window that the shopper closed; the payment stays as it is."""
    message = failure_message(CLOSED_BY_SHOPPER, language)
    return _failed("CLOSED", payment, CLOSED_BY_SHOPPER, message)


def _failed(kind: str, payment: Payment, code: str, message: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "message": message,
        "orderId": payment.order_id,
        "redirectUrl": payment.fail_url and fail_url(payment, payment.fail_url, code, message),
    }
