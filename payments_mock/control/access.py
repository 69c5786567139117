"""Who may control the server: callers on this machine, or whoever has the control token."""

import hmac
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import Request

from payments_mock.control.errors import NotLocalError, TokenMissingError, TokenWrongError

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
    if not is_loopback(request.remote_addr or ""):
        raise NotLocalError(f"the control API answers this machine only; to call it from others, {_INSTEAD}")
    if _came_through_a_proxy(request):
        raise NotLocalError(f"the control API does not answer through a proxy; {_INSTEAD}")
    if not _is_addressed_locally(request):
        raise NotLocalError(f"the control API is called as localhost or 127.0.0.1; else {_INSTEAD}")
    if _is_from_another_site(request):
        raise NotLocalError("the control API does not answer pages of other origins")


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
    """Tell whether a proxy says that it passed the call on; one that adds nothing is not noticed."""
    return any(name in _OF_PROXIES or name.startswith(_OF_PROXIES_BEGIN) for name in request.environ)


def _is_addressed_locally(request: Request) -> bool:
    """Tell whether the caller names this machine; a page that had its name rebound to it does not."""
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
