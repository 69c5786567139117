"""Calls wait, and what they wait by is taken away: each is done once and answered, and others go on."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from testkit.depth import waits_for_ci
from testkit.processes import running_server
from testkit.races import at_once
from testkit.sandbox import Sandbox
from tests.chaos.audit import Auditor
from tests.chaos.load import Client, KioskClient, TossClient, wait_for_lives

pytestmark = waits_for_ci

CALLS = 6
DELAY_SECONDS = 5.0
START_SECONDS = 2.5
PATIENCE_SECONDS = 20.0
ROUNDS = 2
PART = 10


def take_faults(sandbox: Sandbox) -> None:
    sandbox.control("DELETE", "faults")


def take_all_that_happened(sandbox: Sandbox) -> None:
    sandbox.control("POST", "reset")


def take_the_hour(sandbox: Sandbox) -> None:
    sandbox.control("POST", "clock", advance="P1D")


def cancel(sandbox: Sandbox, payment_key: str) -> tuple[int, list[int]]:
    """Cancel a part under a key, as merchants do; returns the status, and what is canceled afterwards."""
    body = {"cancelReason": "sold out", "cancelAmount": PART}
    headers = {"Idempotency-Key": f"cancel-{payment_key}"}
    path = f"/v1/payments/{payment_key}"
    answer = sandbox.call("POST", f"{path}/cancel", body, headers=headers, seconds=PATIENCE_SECONDS)
    found: dict[str, Any] = sandbox.call("GET", path).json()
    return answer.status_code, [part["cancelAmount"] for part in found.get("cancels") or ()]


def outcomes(url: str, take: Callable[[Sandbox], None]) -> list[tuple[int, list[int]]]:
    """Let calls wait in a sandbox of their own, take something away, and return what became of each."""
    sandbox = Sandbox.on(url, "toss")
    begun = [sandbox.begin() for _ in range(CALLS)]
    assert [sandbox.confirm(payment).status_code for payment in begun] == [200] * CALLS
    match, effect = {"operation": "cancel"}, {"kind": "delay", "seconds": DELAY_SECONDS}
    sandbox.control("POST", "faults", match=match, moment="before", times="always", effect=effect)
    with ThreadPoolExecutor(CALLS) as pool:
        calls = [pool.submit(cancel, sandbox, payment["paymentKey"]) for payment in begun]
        # A machine that is too busy does not have all calls wait at once.
        sandbox.await_fired(CALLS, START_SECONDS)
        take(sandbox)
        return [call.result(2 * PATIENCE_SECONDS) for call in calls]


@pytest.mark.parametrize("options", [["--threads", "4"], ["--workers", "2"]], ids=" ".join)
def test_calls_that_wait_are_done_once_and_answered_whatever_is_taken_away(
    new_database: Callable[[], str], tmp_path: Path, options: list[str]
) -> None:
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server([*serve, "--database-url", new_database(), *options], tmp_path) as server:
        clients: list[Client] = [KioskClient(server.url, 0), TossClient(server.url, 1)]
        for client in clients:
            client.start()
        acts = [take_faults, take_all_that_happened, Sandbox.remove, take_the_hour]

        for _ in range(ROUNDS):
            [faults, past, sandbox, hour] = at_once([partial(outcomes, server.url, act) for act in acts])

            assert faults == hour == [(200, [PART])] * CALLS
            assert past == [(404, [])] * CALLS
            assert sandbox == [(401, [])] * CALLS
            wait_for_lives(clients)
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        auditor.look_through(clients)
        assert auditor.faults == []
        assert [client.lost for client in clients] == [0, 0]
