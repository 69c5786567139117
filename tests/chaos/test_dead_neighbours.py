"""A sandbox whose merchant never answers keeps nobody else waiting."""

import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from testkit.depth import waits_for_ci
from testkit.processes import ServerProcess, start_server
from testkit.receiver import PATIENCE_SECONDS, Receiver

QUICK_SECONDS = 0.2
HELD_UP_SECONDS = 2.0
LOOKS = 3


class Merchant:
    """A merchant of a sandbox of its own."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self.keys = self._call("POST", "/control/sandboxes", {"contract": "toss"})
        self._path = f"/control/sandboxes/{self.keys['id']}"
        self._orders = 0

    def listen(self, url: str) -> None:
        self.control("webhooks", {"url": url})

    def control(self, path: str, fields: object) -> Any:
        return self._call("POST", f"{self._path}/{path}", fields)

    def pay(self) -> None:
        self._orders += 1
        order = {
            "orderId": f"order_{self._orders:03}",
            "orderName": "티셔츠",
            "amount": 1000,
            "method": "CARD",
        }
        begun = self._call("POST", "/control/checkouts", {"clientKey": self.keys["clientKey"], **order})
        asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
        self._call("POST", "/v1/payments/confirm", asked, self.keys["secretKey"])

    def _call(self, method: str, path: str, fields: object, key: str = "") -> Any:
        auth = (key, "") if key else None
        url = self._server.url + path
        answer = requests.request(method, url, json=fields, auth=auth, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def server(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    server = start_server([*command, "--database-url", new_database()], tmp_path)
    yield server
    server.kill()
    assert "Traceback" not in server.stderr


@pytest.fixture
def dead() -> Iterator[str]:
    """Listen where every connection is taken, and no request is ever answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def seconds(job: Callable[[], object]) -> float:
    began = time.monotonic()
    job()
    return time.monotonic() - began


@pytest.mark.parametrize("count", [16, 64])
def test_webhooks_that_nobody_answers_do_not_delay_those_of_another_sandbox(
    server: ServerProcess, dead: str, receiver: Receiver, count: int
) -> None:
    neighbour, merchant = Merchant(server), Merchant(server)
    neighbour.listen(dead)
    merchant.listen(receiver.url)
    for _ in range(count):
        neighbour.pay()

    waits = []
    for told in range(LOOKS):
        merchant.pay()
        waits.append(seconds(lambda told=told: receiver.wait_for(told + 1)))  # type: ignore[misc]

    # The machine may have other work at one moment, and not at all of them.
    assert (min(waits) < QUICK_SECONDS, max(waits) < HELD_UP_SECONDS) == (True, True), waits


def test_an_answer_that_waits_for_its_webhook_does_not_wait_for_those_of_another_sandbox(
    server: ServerProcess, dead: str, receiver: Receiver
) -> None:
    neighbour, merchant = Merchant(server), Merchant(server)
    neighbour.listen(dead)
    merchant.listen(receiver.url)
    merchant.control("webhooks/rules", {"order": "before"})
    for _ in range(40):
        neighbour.pay()

    assert seconds(merchant.pay) < HELD_UP_SECONDS
    assert seconds(lambda: merchant.control("clock", {"advance": "PT1M"})) < HELD_UP_SECONDS


@waits_for_ci
def test_an_answer_is_held_for_ten_seconds_at_most_whatever_else_its_own_merchant_leaves_unanswered(
    server: ServerProcess, dead: str
) -> None:
    merchant = Merchant(server)
    merchant.listen(dead)
    for _ in range(20):
        merchant.pay()
    merchant.control("webhooks/rules", {"order": "before"})

    assert 9 < seconds(merchant.pay) < 12
