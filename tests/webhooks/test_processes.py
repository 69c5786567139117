"""Webhooks of real servers: beside the answers, through restarts, and once each from many workers."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from payments_mock.storage.engine.engines import SQLITE
from testkit.processes import ServerProcess, start_server
from testkit.races import at_once
from testkit.receiver import PATIENCE_SECONDS, Receiver

pytestmark = pytest.mark.a_few(6)

KEY = "test_sk_toss_dummy"
CLIENT_KEY = "test_ck_toss_dummy"
WEBHOOKS = "/control/sandboxes/toss/webhooks"


class Provider:
    """A server process, and the merchant that calls it."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server

    def call(self, method: str, path: str, fields: object = None) -> Any:
        answer = requests.request(
            method, self.server.url + path, json=fields, auth=(KEY, ""), timeout=PATIENCE_SECONDS
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listen(self, url: str) -> None:
        self.call("POST", WEBHOOKS, {"url": url})

    def begin(self, order_id: str = "order_123") -> Any:
        order = {"orderId": order_id, "orderName": "티셔츠", "amount": 1000, "method": "CARD"}
        return self.call("POST", "/control/checkouts", {"clientKey": CLIENT_KEY, **order})

    def pay(self, order_id: str = "order_123") -> Any:
        begun = self.begin(order_id)
        asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
        return self.call("POST", "/v1/payments/confirm", asked)

    def advance(self, length: str) -> None:
        self.call("POST", "/control/sandboxes/toss/clock", {"advance": length})

    def deliveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", f"{WEBHOOKS}/deliveries?limit=1000")["deliveries"]
        return found

    def attempted(self, count: int = 1) -> list[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while sum(bool(one["attempts"]) for one in self.deliveries()) < count:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self.deliveries()


@pytest.fixture
def serve(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Callable[..., Provider]]:
    """Start a server that keeps its data in a database that all servers of the test share."""
    started: list[ServerProcess] = []
    database = new_database()

    def start(*options: str) -> Provider:
        folder = tmp_path / str(len(started))
        folder.mkdir()
        command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
        started.append(start_server([*command, "--database-url", database, *options], folder))
        return Provider(started[-1])

    yield start
    for server in started:
        if server.process.poll() is None:
            assert server.stop() == 0
        assert "Traceback" not in server.stderr


def test_a_webhook_comes_after_the_answer_and_does_not_delay_it(
    serve: Callable[..., Provider], receiver_that_waits: Receiver
) -> None:
    provider = serve()
    provider.listen(receiver_that_waits.url)
    began = time.monotonic()

    provider.pay()

    assert time.monotonic() - began < 1
    assert receiver_that_waits.wait_for(1)[0].status == "DONE"


def test_before_the_answer_it_holds_that_answer_and_no_other(
    serve: Callable[..., Provider], receiver_that_waits: Receiver
) -> None:
    provider = serve()
    provider.listen(receiver_that_waits.url)
    provider.call("POST", f"{WEBHOOKS}/rules", {"order": "before"})
    paying = threading.Thread(target=provider.pay)
    began = time.monotonic()
    paying.start()
    receiver_that_waits.wait_for(1)

    provider.call("GET", "/health")
    looked = time.monotonic() - began
    paying.join()
    paid = time.monotonic() - began

    assert (looked < 1, paid >= 1) == (True, True)


def test_an_advance_past_a_deadline_returns_when_the_merchant_has_been_told(
    serve: Callable[..., Provider], receiver_that_waits: Receiver
) -> None:
    provider = serve("--workers", "2")
    provider.listen(receiver_that_waits.url)
    begun = provider.begin()

    provider.advance("PT10M")

    assert [one.status for one in receiver_that_waits.received] == ["EXPIRED"]
    assert [one["state"] for one in provider.deliveries()] == ["DELIVERED"]
    assert provider.call("GET", f"/v1/payments/{begun['paymentKey']}")["status"] == "EXPIRED"


def test_of_many_workers_one_tells_that_a_payments_time_ran_out_and_no_call_is_needed(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(), serve("--workers", "2")
    provider.listen(receiver.url)
    begun = [provider.begin(f"order_{number:03}")["paymentKey"] for number in range(6)]
    provider.advance("PT9M59S")
    for _ in range(8):
        # Each call is on a connection of its own, so that all workers know that a deadline is near.
        provider.advance("PT0.01S")

    told = [one.body["data"] for one in receiver.wait_for(6)]

    assert {(one["paymentKey"], one["status"]) for one in told} == {(key, "EXPIRED") for key in begun}
    assert told[0]["checkout"]["url"].startswith(provider.server.url)
    assert len(provider.deliveries()) == 6


def test_a_delayed_webhook_is_sent_though_no_other_was_before_it(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(), serve()
    provider.listen(receiver.url)
    provider.call("POST", f"{WEBHOOKS}/rules", {"delaySeconds": 0.2})

    provider.pay()

    assert receiver.wait_for(1)[0].status == "DONE"


def test_a_webhook_leaves_whatever_befalls_the_answer(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    provider, receiver = serve(), receive()
    provider.listen(receiver.url)
    fault = {"moment": "after", "match": {"operation": "confirm"}, "effect": {"kind": "reset"}}
    provider.call("POST", "/control/sandboxes/toss/faults", fault)

    with pytest.raises(requests.ConnectionError):
        provider.pay()

    assert receiver.wait_for(1)[0].status == "DONE"


def test_what_was_not_delivered_goes_out_after_a_restart(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(500, 500, 200), serve()
    provider.listen(receiver.url)
    provider.pay()
    provider.attempted()
    provider.server.kill()

    again = serve()
    assert len(receiver.received) == 1
    again.advance("PT1M")
    again.server.stop()
    serve().advance("PT10M")

    assert [one.retried for one in receiver.received] == [0, 1, 2]
    assert len({(one.raw, one.id) for one in receiver.received}) == 1


def test_a_killed_servers_attempt_is_made_again_by_the_next_without_any_call(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(), serve()
    answers = threading.Event()
    receiver.before_answer = lambda: answers.wait(PATIENCE_SECONDS) and None
    provider.listen(receiver.url)
    provider.pay()
    receiver.wait_for(1)
    provider.server.kill()
    answers.set()

    again = serve()
    receiver.wait_for(2)

    assert [one["state"] for one in again.attempted()] == ["DELIVERED"]


def test_what_was_acknowledged_is_not_sent_again_after_a_restart(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(), serve()
    provider.listen(receiver.url)
    for number in range(10):
        provider.pay(f"order_{number:03}")
    provider.attempted(10)
    provider.server.kill()

    serve().advance("P10D")

    assert len(receiver.received) == 10


def test_of_many_workers_one_makes_each_attempt(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, provider = receive(500), serve("--workers", "2")
    provider.listen(receiver.url)
    for number in range(20):
        provider.pay(f"order_{number:03}")
    provider.attempted(20)

    provider.advance("PT1M")
    provider.advance("PT4M")

    made = [(one.id, one.retried) for one in receiver.received]
    assert (len(made), len(set(made))) == (60, 60)


@pytest.fixture
def receiver_that_waits(receive: Callable[..., Receiver]) -> Receiver:
    """Start a server that takes a second to answer."""
    receiver = receive()
    receiver.before_answer = lambda: time.sleep(1)
    return receiver


def test_of_two_servers_one_makes_each_attempt(
    serve: Callable[..., Provider], receive: Callable[..., Receiver]
) -> None:
    receiver, replicas = receive(500), (serve(), serve())
    replicas[0].listen(receiver.url)
    for number in range(10):
        replicas[number % 2].pay(f"order_{number:03}")
    replicas[0].attempted(10)

    at_once([lambda replica=replica: replica.advance("PT1M") for replica in replicas])
    at_once([lambda replica=replica: replica.advance("PT4M") for replica in replicas])

    made = [(one.id, one.retried) for one in receiver.received]
    assert (len(made), len(set(made))) == (30, 30)


def test_a_server_makes_the_attempt_of_one_that_was_killed(
    serve: Callable[..., Provider], receive: Callable[..., Receiver], database_kind: str
) -> None:
    if database_kind == SQLITE:
        pytest.skip("one server alone has a file")
    receiver, doomed, other = receive(), serve(), serve()
    answers = threading.Event()
    receiver.before_answer = lambda: answers.wait(PATIENCE_SECONDS) and None
    doomed.listen(receiver.url)
    doomed.pay()
    receiver.wait_for(1)
    doomed.server.kill()
    answers.set()

    receiver.wait_for(2)

    assert [one["state"] for one in other.attempted()] == ["DELIVERED"]
