"""Report which of our variables a command heeded, and which it ignored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from payments_mock.intercept import HOSTS
from payments_mock.intercept.folder import readers
from payments_mock.intercept.gateway import Door
from payments_mock.intercept.session import Interception

_WIDTH: Final = 34
_USERS: Final = {
    "HTTPS_PROXY": "requests, httpx, urllib, curl, PHP's curl, Go",
    "http_proxy": "Ruby",
    "JAVA_TOOL_OPTIONS": "Java",
    "NODE_OPTIONS": "Node",
    "PYTHONPATH": "Python",
    "the browser's launch line": "Chromium",
}
"""Who heeds each variable."""


@dataclass(frozen=True)
class _Trust:
    """The variables that say whom to trust, and the ways in that show who heeded them."""

    names: str
    doors: tuple[Door, ...]

    @property
    def accepted(self) -> int:
        return sum(door.answered + door.away for door in self.doors)

    @property
    def refused(self) -> int:
        return sum(door.refused + door.silent for door in self.doors)


def is_well(interception: Interception) -> bool:
    """Tell whether everything that came for our hosts was answered, and something came."""
    doors = interception.doors.all()
    return any(door.answered for door in doors) and not any(
        door.refused or door.silent or door.away for door in doors
    )


def report(command: str, exit_code: int, interception: Interception) -> Iterator[str]:
    """Yield the lines of the report."""
    doors = interception.doors.all()
    yield f"{command} ended with exit code {exit_code}."
    yield ""
    yield from (_row(door.name, _of_door(door, interception)) for door in doors[:-1])
    yield from (_row(trust.names, _of_trust(trust)) for trust in _trusts(interception))
    others = sum(door.others for door in doors)
    if others:
        yield _row("other hosts", f"{_many(others, 'connection')} by the proxies")
    yield ""
    yield from _verdict(interception)


def _row(name: str, text: str) -> str:
    return f"  {name:{_WIDTH}}  {text}".rstrip()


def _of_door(door: Door, interception: Interception) -> str:
    read = {
        "NODE_OPTIONS": readers(interception.place.node),
        "PYTHONPATH": readers(interception.place.python),
    }.get(door.name)
    if door.connections:
        return f"heeded: {_many(door.connections, 'connection')} to {' or '.join(HOSTS)}"
    if read:
        return f"read by {_many(read, 'process', 'processes')}; no connection needed it"
    ignored = "ignored" if read is None else "ignored: no process has read it"
    return f"{ignored} ({_USERS[door.name]})"


def _trusts(interception: Interception) -> tuple[_Trust, ...]:
    doors = interception.doors
    return (
        _Trust("SSL_CERT_FILE, REQUESTS_CA_BUNDLE,", ()),
        _Trust("CURL_CA_BUNDLE, PHP_INI_SCAN_DIR", (doors.secure_proxy, doors.plain_proxy, doors.python)),
        _Trust("NODE_EXTRA_CA_CERTS", (doors.node,)),
        _Trust("the trust store of Java", (doors.java,)),
    )


def _of_trust(trust: _Trust) -> str:
    if not trust.doors:
        return ""
    if trust.refused:
        return f"ignored: our certificate was refused {_many(trust.refused, 'time')}"
    if trust.accepted:
        return f"heeded: our certificate was trusted {_many(trust.accepted, 'time')}"
    return "not known: nobody was shown our certificate"


def _verdict(interception: Interception) -> Iterator[str]:
    doors = interception.doors.all()
    answered, refused = (
        sum(door.answered for door in doors),
        sum(door.refused + door.silent for door in doors),
    )
    if answered:
        yield f"{_many(answered, 'connection')} reached the mock at {interception.provider_url}."
    if refused:
        yield f"{_many(refused, 'connection')} came, and did not trust our certificate: the command takes"
        yield "the authorities that it trusts from elsewhere."
    if any(door.away for door in doors):
        yield f"The mock at {interception.provider_url} was away: 502 was answered."
    if not any(door.connections for door in doors):
        yield f"The command ignored all of it: no connection for {' or '.join(HOSTS)} came."
        yield "Either it called neither, or it went to the real ones. Set its base URL to"
        yield f"{interception.provider_url}, or give the mock the hosts' names: `payments-mock serve --tls`."


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
