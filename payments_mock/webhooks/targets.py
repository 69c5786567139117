"""Where webhooks may go: http and https only, and as narrowly as the settings say."""

from urllib.parse import urlsplit

from payments_mock.domain.webhook_targets import read_targets
from payments_mock.services.webhooks import WebhookError


class TargetError(WebhookError):
    """A URL that no webhook may be sent to."""


def check_target(url: str, allowed: str) -> None:
    """Refuse a URL that is not one of those `allowed`, as the setting `webhook_targets` says it.

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
    if not read_targets(allowed).allow(parts.scheme, host, port):
        raise TargetError(f"url: the setting webhook_targets ({allowed}) lets no webhook go to {host}")
