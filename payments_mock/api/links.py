"""Where clients reach this server, and where the pages of a payment are: its window and its receipt."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from werkzeug.sansio.utils import get_current_url, get_host

from payments_mock.domain.payments.payment import Payment

_OF_THE_REAL_PROVIDER = re.compile(r"(?:.+\.)?tosspayments\.com(?::\d+)?")
"""The real provider's hosts: intercepted programs reach us by them, but browsers would not."""

_SAFE = re.compile(r"[A-Za-z0-9_.~-]*")


class ServerAddress:
    """The address of this server in links, without a slash at the end.

    It is the `public` one where the settings name one, else the one that a request came in by. `own` is where
    the server listens, for links that are made outside of requests.
    """

    def __init__(self, public: str, own: str) -> None:
        self._public = public
        self.own = own

    def for_request(self, environ: Mapping[str, Any]) -> str:
        """Return the base of links in the answer to the request with this WSGI environment."""
        if self._public:
            return self._public
        host, server, port = environ.get("HTTP_HOST"), environ["SERVER_NAME"], environ["SERVER_PORT"]
        return _came_in_by(environ["wsgi.url_scheme"], host, server, port) or self.own

    def outside_of_requests(self) -> str:
        """Return the base of links that are made outside of requests."""
        return self._public or self.own


@lru_cache(maxsize=256)
def _came_in_by(scheme: str, host: str | None, server: str, port: str) -> str:
    """Return the address that a request came in by; empty if it was meant for the real provider.

    A client may have sent a Host that names none; then it is where the server listens.
    """
    named = get_host(scheme, host, (server, int(port)))
    if _OF_THE_REAL_PROVIDER.fullmatch(named):
        return ""
    if named:
        return get_current_url(scheme, named).rstrip("/")
    return f"{scheme}://{f'[{server}]' if ':' in server else server}:{port}"


def receipt_url(payment: Payment, base: str) -> str:
    """Return the address of the receipt, with the token that opens it."""
    return f"{base}/receipts/{_quoted(payment.payment_key)}?token={payment.receipt_token}"


def window_url(payment: Payment, base: str) -> str:
    """Return the address that leads to the window of a payment which waits for the shopper."""
    return f"{base}/v1/payments/{_quoted(payment.payment_key)}/checkout"


def cash_receipt_url(receipt_key: str, base: str) -> str:
    """Return the address of a cash receipt that came with no payment; its key is what opens it."""
    return f"{base}/receipts/cash/{_quoted(receipt_key)}"


def _quoted(key: str) -> str:
    """Return a key as a part of a path; most keys need no quoting, and checking that is cheap."""
    return key if _SAFE.fullmatch(key) else quote(key, safe="")
