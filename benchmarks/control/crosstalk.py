"""Many sandboxes used by many clients at once: whatever one of them sees must be its own."""

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.control.desk import Desk

EPOCH = datetime(2030, 1, 1, tzinfo=UTC)
CALLS = 5
"""How often each sandbox looks its payment up, of which the fault lets one fail."""


@dataclass
class Crosstalk:
    """How many calls were made, and what was seen that was not the caller's own."""

    calls: int = 0
    mistakes: list[str] = field(default_factory=list)

    def check(self, what: str, seen: object, expected: object) -> None:
        """Note a failed check."""
        if seen != expected:
            self.mistakes.append(f"{what}: {seen!r} instead of {expected!r}")


def measure_crosstalk(host: str, port: int, sandboxes: int, clients: int) -> Crosstalk:
    """Give each sandbox a clock, a fault and payments of its own, and use them all at once in small steps.

    All sandboxes use the same payment key and order. The clients take the sandboxes' steps in turn, so that
    each sandbox is used by several of them.
    """
    with Desk(host, port) as desk:
        used = [_Used(number, desk.sandbox()) for number in range(sandboxes)]
    found = Crosstalk()
    with ThreadPoolExecutor(clients) as pool:
        for step in (_prepare, _create, _confirm, *[_look_up] * CALLS, _check):
            parts = [used[start::clients] for start in range(clients)]
            # Another client takes over the sandboxes of the one before it at every step.
            parts = parts[1:] + parts[:1]
            for seen in pool.map(lambda part, step=step: _walk(host, port, step, part), parts):
                found.calls += seen.calls
                found.mistakes += seen.mistakes
    return found


@dataclass
class _Used:
    """One of the sandboxes; everything about it follows from its number."""

    number: int
    made: dict[str, Any]
    statuses: list[int] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/sandboxes/{self.made['id']}"

    @property
    def now(self) -> datetime:
        return EPOCH + timedelta(hours=self.number)

    @property
    def amount(self) -> int:
        return 1_000 + self.number

    @property
    def failing(self) -> int:
        """Which of its look-ups fails, counted from 1."""
        return self.number % CALLS + 1

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.made['secretKey']}:".encode()).decode()


def _walk(host: str, port: int, step: Any, part: Sequence[_Used]) -> Crosstalk:
    seen = Crosstalk()
    with Desk(host, port) as desk:
        for used in part:
            step(desk, used, seen)
    return seen


def _prepare(desk: Desk, used: _Used, seen: Crosstalk) -> None:
    desk.control("POST", f"{used.path}/clock", {"set": used.now.isoformat(), "freeze": True})
    effect = {"kind": "error", "status": 418, "code": f"TEAPOT_{used.number}"}
    match = {"operation": "get", "nth": used.failing}
    desk.control("POST", f"{used.path}/faults", {"moment": "before", "effect": effect, "match": match})
    seen.calls += 2


def _create(desk: Desk, used: _Used, seen: Crosstalk) -> None:
    _call(desk, used, seen, "POST", "/v1/payments")


def _confirm(desk: Desk, used: _Used, seen: Crosstalk) -> None:
    _, answer = _call(desk, used, seen, "POST", "/v1/payments/confirm")
    seen.check("confirm", answer.get("approvedAt"), used.now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    seen.check("confirm", answer.get("totalAmount"), used.amount)


def _look_up(desk: Desk, used: _Used, seen: Crosstalk) -> None:
    status, answer = _call(desk, used, seen, "GET", "/v1/payments/pay_1")
    used.statuses.append(status)
    if status == 200:
        seen.check("look-up", answer["totalAmount"], used.amount)
    else:
        seen.check("look-up", answer["code"], f"TEAPOT_{used.number}")


def _check(desk: Desk, used: _Used, seen: Crosstalk) -> None:
    expected = [418 if number == used.failing else 200 for number in range(1, CALLS + 1)]
    seen.check("look-ups", used.statuses, expected)
    entries = desk.control("GET", f"{used.path}/journal")["entries"]
    seen.check("journal", [entry["status"] for entry in entries], [200, 200, *expected])
    seen.check("journal", {entry["amount"] for entry in entries[:2]}, {used.amount})
    [payment] = desk.control("GET", f"{used.path}/payments")["payments"]
    seen.check("payments", payment["amount"], used.amount)
    seen.calls += 2


def _call(desk: Desk, used: _Used, seen: Crosstalk, method: str, path: str) -> tuple[int, dict[str, Any]]:
    body = {"paymentKey": "pay_1", "orderId": "order_1", "amount": used.amount}
    seen.calls += 1
    return desk.send(desk.request(method, path, used.authorization, body if method == "POST" else None))
