"""The hosts that webhooks may go to: any, this machine, or named ones."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

ANY = "any"
LOOPBACK = "loopback"
LOCALHOST = "localhost"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class WebhookTargets:
    """What the setting `webhook_targets` allows: words, and hosts, each at a port or at any."""

    words: frozenset[str]
    hosts: frozenset[tuple[str, int | None]]

    def allow(self, scheme: str, host: str, port: int | None) -> bool:
        """Tell whether a webhook may go to a host, at a port or, without one, at that of the scheme."""
        if ANY in self.words or (LOOPBACK in self.words and _is_loopback(host)):
            return True
        name = _as_called(host)
        return not self.hosts.isdisjoint({(name, None), (name, port or _DEFAULT_PORTS.get(scheme))})


def read_targets(text: str) -> WebhookTargets:
    """Read what the setting says: any, loopback and host names, separated by commas.

    Raises:
        ValueError: a part of it can't be the host of any URL, or there is none.
    """
    parts = [part.strip().lower() for part in text.split(",")]
    words = frozenset(parts) & {ANY, LOOPBACK}
    return WebhookTargets(words, frozenset(_read_host(part) for part in parts if part not in words))


def _read_host(text: str) -> tuple[str, int | None]:
    # An IPv6 address has colons of its own, and may stand without its brackets.
    if _is_address(text) and ":" in text:
        text = f"[{text}]"
    parts = urlsplit(f"//{text}")
    host, port = parts.hostname, parts.port
    if not host or port == 0 or parts.netloc != text or not (_is_address(host) or _is_name(host)):
        raise ValueError(f"{text} is no host")
    return _as_called(host), port


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    return re.fullmatch(r"[\w-]+(\.[\w-]+)*\.?", host) is not None


def _as_called(host: str) -> str:
    """Return a host as a URL that is called has it: a name in Korean is called by another, in ASCII."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name that has to be looked up is not taken for it."""
    if _is_address(host):
        return ip_address(host).is_loopback
    return host == LOCALHOST or host.endswith(f".{LOCALHOST}")
