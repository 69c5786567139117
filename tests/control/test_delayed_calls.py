"""Calls that a delay holds in the middle: carried out once and answered, whatever goes away meanwhile."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import requests

from testkit.processes import ServerProcess, running_server
from testkit.receiver import Receiver
from testkit.sandbox import Sandbox

pytestmark = pytest.mark.a_few(9)

PART = {"cancelReason": "sold out", "cancelAmount": 10}
DELAY_SECONDS = 0.6


@pytest.fixture(scope="module", params=["1", "4"], ids=["one-thread", "threads"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    threads = ["--threads", request.param]
    with running_server([*command, *threads], tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def sandbox(server: ServerProcess) -> Sandbox:
    return Sandbox.on(server.url, "toss")


@pytest.fixture
def paid(sandbox: Sandbox) -> str:
    """Have an approved payment of 10,000 won; returns its key."""
    begun = sandbox.begin()
    assert sandbox.confirm(begun).status_code == 200
    return str(begun["paymentKey"])


def delay(sandbox: Sandbox, **more: Any) -> None:
    """Delay the next cancel before it has changed anything."""
    fault = {"name": "slow", "match": {"operation": "cancel"}, "moment": "before"}
    sandbox.control("POST", "faults", **fault, effect={"kind": "delay", "seconds": DELAY_SECONDS}, **more)


def cancel_in_the_background(
    pool: ThreadPoolExecutor, sandbox: Sandbox, paid: str, **headers: str
) -> Future[requests.Response]:
    """Cancel a part, and return once the call waits."""
    path = f"/v1/payments/{paid}/cancel"
    call = pool.submit(sandbox.call, "POST", path, PART, headers=headers, seconds=5)
    sandbox.await_fired(seconds=5)
    return call


def cancels(sandbox: Sandbox, paid: str) -> list[int]:
    found = sandbox.call("GET", f"/v1/payments/{paid}").json()["cancels"]
    return [cancel["cancelAmount"] for cancel in found or ()]


def entries(sandbox: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.control("GET", "journal?operation=cancel")["entries"]
    return found


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "press-1"}], ids=["plain", "keyed"])
def test_a_delayed_call_is_done_once_though_its_fault_is_removed(
    sandbox: Sandbox, paid: str, headers: dict[str, str]
) -> None:
    delay(sandbox)
    with ThreadPoolExecutor(1) as pool:
        call = cancel_in_the_background(pool, sandbox, paid, **headers)
        sandbox.control("DELETE", "faults")

        assert call.result().status_code == 200

    assert cancels(sandbox, paid) == [10]
    assert call.result().elapsed.total_seconds() >= DELAY_SECONDS


def test_a_call_that_is_delayed_again_and_again_is_done_once_each_time(sandbox: Sandbox, paid: str) -> None:
    delay(sandbox, times="always")

    answers = [sandbox.call("POST", f"/v1/payments/{paid}/cancel", PART) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert cancels(sandbox, paid) == [10, 10]
    assert sandbox.control("GET", "faults")["faults"][0]["fired"] == 2


def test_a_delayed_call_finds_no_payment_once_its_sandbox_was_reset(sandbox: Sandbox, paid: str) -> None:
    delay(sandbox)
    with ThreadPoolExecutor(1) as pool:
        call = cancel_in_the_background(pool, sandbox, paid)
        sandbox.control("POST", "reset")

        assert (call.result().status_code, call.result().json()["code"]) == (404, "NOT_FOUND_PAYMENT")


def test_a_delayed_call_is_nobody_s_once_its_sandbox_was_deleted(sandbox: Sandbox, paid: str) -> None:
    delay(sandbox)
    with ThreadPoolExecutor(1) as pool:
        call = cancel_in_the_background(pool, sandbox, paid)
        sandbox.remove()

        assert (call.result().status_code, call.result().json()["code"]) == (401, "UNAUTHORIZED_KEY")


def test_a_delayed_call_is_judged_by_the_clock_as_it_stands_behind_the_wait(
    sandbox: Sandbox, paid: str
) -> None:
    delay(sandbox)
    with ThreadPoolExecutor(1) as pool:
        call = cancel_in_the_background(pool, sandbox, paid)
        clock = sandbox.control("POST", "clock", freeze=True, advance="P1D")

        canceled_at = datetime.fromisoformat(call.result().json()["cancels"][0]["canceledAt"])
        assert canceled_at == datetime.fromisoformat(clock["now"]).replace(microsecond=0)


def test_the_journal_and_the_log_tell_of_a_delayed_call_once(
    server: ServerProcess, sandbox: Sandbox, paid: str
) -> None:
    delay(sandbox)

    sandbox.call("POST", f"/v1/payments/{paid}/cancel", PART)

    [entry] = entries(sandbox)
    assert (entry["faults"], entry["stateBefore"], entry["stateAfter"]) == (
        ["slow"],
        "APPROVED",
        "PARTIALLY_CANCELED",
    )
    assert entry["milliseconds"] >= DELAY_SECONDS * 1000
    [line] = [line for line in server.stderr.splitlines() if f"/v1/payments/{paid}/cancel" in line]
    assert "status=200" in line


def test_a_webhook_before_the_answer_to_a_delayed_call_is_sent_once(sandbox: Sandbox, paid: str) -> None:
    receiver = Receiver()
    try:
        sandbox.control("POST", "webhooks", url=receiver.url, events=["PAYMENT_STATUS_CHANGED"])
        sandbox.control("POST", "webhooks/rules", order="before")
        delay(sandbox)

        answer = sandbox.call("POST", f"/v1/payments/{paid}/cancel", PART)

        assert answer.status_code == 200
        assert len(receiver.received) == 1
    finally:
        receiver.stop()
    assert cancels(sandbox, paid) == [10]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "journal?wait=10&count=50", None),
        ("POST", "journal/verify", {"match": {}, "count": 50, "wait": 10}),
    ],
    ids=["list", "verify"],
)
def test_a_call_that_waits_for_the_journal_is_told_when_the_sandbox_is_gone(
    sandbox: Sandbox, method: str, path: str, body: dict[str, Any] | None
) -> None:
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(sandbox.ask, method, path, body, seconds=8)
        time.sleep(0.3)
        sandbox.remove()

        assert (call.result().status_code, call.result().json()["code"]) == (404, "NOT_FOUND_SANDBOX")
