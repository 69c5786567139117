"""Verify how often the journal has a call, and present its entries."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from payments_mock.control.sandboxes.clock import shown
from payments_mock.storage.journal import JournalEntry, JournalFilter

_OF_THE_CONNECTION: Final = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "cookie", "host"}
    | {"transfer-encoding", "user-agent"}
)


def present_entry(entry: JournalEntry) -> dict[str, Any]:
    """Show an entry."""
    details = entry.details
    return {
        "id": entry.id,
        "at": shown(entry.at),
        "receivedAt": shown(entry.received_at),
        "milliseconds": entry.milliseconds,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "paymentKey": entry.payment_key,
        "orderId": entry.order_id,
        "amount": entry.amount,
        "status": entry.status,
        "code": entry.code,
        "stateBefore": entry.state_before,
        "stateAfter": entry.state_after,
        "faults": details["faults"],
        "request": {"headers": details["requestHeaders"], "body": details["requestBody"]},
        "response": {"headers": details["responseHeaders"], "body": details["responseBody"]},
    }


def curl_line(entry: JournalEntry, base_url: str) -> str:
    """Write an entry's call as a shell line; the key is left to the variable SECRET_KEY."""
    parts = [
        "curl",
        "-X",
        entry.method,
        shlex.quote(base_url.rstrip("/") + entry.path),
        "-u",
        '"$SECRET_KEY:"',
    ]
    for name, value in entry.details["requestHeaders"].items():
        if name.lower() not in _OF_THE_CONNECTION:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if entry.details["requestBody"]:
        parts += ["--data-raw", shlex.quote(entry.details["requestBody"])]
    return " ".join(parts)


SHOWN: Final = 5
LOOKED_THROUGH: Final = 1000
"""How many entries are compared, the newest."""

WIRE_NAMES: Final = {
    "operation": "operation",
    "method": "method",
    "payment_key": "paymentKey",
    "order_id": "orderId",
    "amount": "amount",
    "status": "status",
    "code": "code",
    "fault": "fault",
    "headers": "headers",
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many entries a filter is to choose."""

    chosen: JournalFilter
    at_least: int
    at_most: int | None

    def holds(self, found: int) -> bool:
        """Tell whether so many are right."""
        return found >= self.at_least and (self.at_most is None or found <= self.at_most)

    def missing(self, found: int) -> int | None:
        """Return how many more have to come, None where none that comes could make it right."""
        return self.at_least - found if found < self.at_least else None

    @property
    def wording(self) -> str:
        """Say how many are expected, of what."""
        values = self.chosen.values()
        values |= {"headers": _header_lines(self.chosen.headers)} if self.chosen.headers else {}
        what = ", ".join(f"{WIRE_NAMES[name]} {value}" for name, value in values.items())
        return f"{self._number} with {what or 'anything'}"

    @property
    def _number(self) -> str:
        if self.at_most is None:
            return f"at least {self.at_least}"
        if self.at_least == self.at_most:
            return f"exactly {self.at_least}"
        return f"{self.at_least} to {self.at_most}"


def _header_lines(headers: Mapping[str, str]) -> str:
    return " and ".join(f"{name}: {value}" for name, value in headers.items())


def expectation_of(body: Mapping[str, Any], chosen: JournalFilter) -> Expectation:
    """Read how many are expected; at least one where nothing is said."""
    if "count" in body:
        return Expectation(chosen, body["count"], body["count"])
    least = body.get("atLeast", 0 if "atMost" in body else 1)
    return Expectation(chosen, least, body.get("atMost"))


def nearest(entries: Sequence[JournalEntry], chosen: JournalFilter) -> list[dict[str, Any]]:
    """Show the entries that differ least from what was expected, each with how it differs."""
    compared = [(entry, _differences(entry, chosen)) for entry in entries]
    near = sorted(compared, key=lambda pair: (len(pair[1]), -pair[0].id))[:SHOWN]
    return [{"entry": present_entry(entry), "differs": differs} for entry, differs in near]


def _differences(entry: JournalEntry, chosen: JournalFilter) -> dict[str, Any]:
    wanted = chosen.values()
    return {
        WIRE_NAMES[name]: {"expected": wanted[name], "was": was}
        for name, was in chosen.differences(entry).items()
    }
