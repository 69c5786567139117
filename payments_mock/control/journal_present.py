"""Entries of the journal, as the control API shows them."""

import shlex
from typing import Any, Final

from payments_mock.control.times import shown
from payments_mock.storage.journal import JournalEntry

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
