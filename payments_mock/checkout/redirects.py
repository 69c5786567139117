"""Where the shopper's browser goes when the window is done; source: the public reference, "browser side"."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from payments_mock.domain.checkout import LONGEST_URL
from payments_mock.domain.payment import Payment

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
