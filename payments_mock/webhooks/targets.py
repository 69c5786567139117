"""Where webhooks may go: http and https only, and as narrowly as the settings say."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from payments_mock.services.webhooks import WebhookError

ANY = "any"
LOOPBACK = "loopback"


class TargetError(WebhookError):
    """A URL that no webhook may be sent to."""


def check_target(url: str, allowed: str) -> None:
    """Refuse a URL that is not one of those `allowed`: any, loopback, or a comma separated list of hosts.

    Private and loopback addresses are where merchants' tests listen, so they are as good as others.

    Raises:
        TargetError: it is not http or https, has no host, or its host is not allowed.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TargetError("url must be an address such as http://localhost:8080/webhooks") from None
    # Clients differ about the host of an address with a backslash.
    if parts.scheme not in ("http", "https") or not host or "\\" in url:
        raise TargetError("url must begin with http:// or https:// and name a host")
    if not _is_allowed(host, port, allowed):
        raise TargetError(f"url: the setting webhook_targets ({allowed}) lets no webhook go to {host}")


def _is_allowed(host: str, port: int | None, allowed: str) -> bool:
    if allowed == ANY:
        return True
    if allowed == LOOPBACK:
        return _is_loopback(host)
    return bool({host, f"{host}:{port}"} & {name.strip().lower() for name in allowed.split(",")})


def _is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name that has to be looked up is not taken for it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
