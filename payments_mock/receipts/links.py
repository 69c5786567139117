"""Where the pages of a payment are: its window and its receipt."""

import re
from functools import lru_cache
from urllib.parse import quote

from flask import current_app, has_request_context, request

from payments_mock.domain.payments.payment import Payment

PUBLIC_URL = "PUBLIC_URL"
"""The configuration key of the base of links; empty means the address that the request came in by."""

OWN_URL = "OWN_URL"
"""The configuration key of the address that the server listens at, for what no request brought about."""


_OF_THE_REAL_PROVIDER = re.compile(r"(?:.+\.)?tosspayments\.com(?::\d+)?")
"""The hosts that lead here for programs that were intercepted; a browser finds the real ones there."""

_SAFE = re.compile(r"[A-Za-z0-9_.~-]*")


def public_base() -> str:
    """Return the address under which the shopper reaches this server, without a slash at the end."""
    configured: str = current_app.config[PUBLIC_URL]
    if configured:
        return configured
    if not has_request_context():
        return str(current_app.config[OWN_URL])
    environ = request.environ
    return _base_of(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["SERVER_NAME"],
        environ["SERVER_PORT"],
    )


@lru_cache(maxsize=256)
def _base_of(scheme: str, _host: str, server: str, port: str) -> str:
    """Return the address that the request came in by, worked out once for each.

    A client may have sent a Host that names none, or one that only that client finds us by; then it is where
    the server listens.
    """
    if _OF_THE_REAL_PROVIDER.fullmatch(request.host):
        return str(current_app.config[OWN_URL])
    if request.host:
        return request.host_url.rstrip("/")
    return f"{scheme}://{f'[{server}]' if ':' in server else server}:{port}"


def receipt_url(payment: Payment, base: str | None = None) -> str:
    """Return the address of the receipt, with the token that opens it; `base` is ours if it is known."""
    key = _quoted(payment.payment_key)
    return f"{base or public_base()}/receipts/{key}?token={payment.receipt_token}"


def window_url(payment: Payment) -> str:
    """Return the address that leads to the window of a payment which waits for the shopper."""
    return f"{public_base()}/v1/payments/{_quoted(payment.payment_key)}/checkout"


def _quoted(key: str) -> str:
    """Return a key as a part of a path; most are made of what needs no quoting, which is soon found out."""
    return key if _SAFE.fullmatch(key) else quote(key, safe="")


def cash_receipt_url(receipt_key: str) -> str:
    """Return the address of a cash receipt that came with no payment; its key is what opens it."""
    return f"{public_base()}/receipts/cash/{_quoted(receipt_key)}"
