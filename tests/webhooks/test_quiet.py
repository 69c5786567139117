"""Waiting until webhooks are quiet, at a real server."""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from testkit.processes import running_server
from testkit.receiver import Receiver
from testkit.sandbox import Sandbox


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture
def sandbox(url: str) -> Sandbox:
    return Sandbox.on(url, "toss")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


def quiet(sandbox: Sandbox, **query: object) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer: dict[str, Any] = sandbox.control("GET", f"webhooks/quiet?{asked}")
    return answer


def test_where_nothing_happened_it_is_quiet(sandbox: Sandbox) -> None:
    assert quiet(sandbox) == {"quiet": True, "underWay": 0, "later": 0, "nextAttemptAt": None}


def test_the_wait_ends_when_what_is_under_way_was_answered(sandbox: Sandbox, receiver: Receiver) -> None:
    may_answer = threading.Event()
    receiver.before_answer = lambda: may_answer.wait(20) and None
    sandbox.control("POST", "webhooks", url=receiver.url)
    begun = sandbox.begin()
    sandbox.confirm(begun)
    receiver.wait_for(1)

    seen = quiet(sandbox)
    threading.Timer(0.3, may_answer.set).start()
    ended = quiet(sandbox, wait=20)

    assert (seen["quiet"], seen["underWay"]) == (False, 1)
    assert ended["quiet"]


def test_the_wait_ends_when_its_time_is_over(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("POST", "webhooks", url=receiver.url)
    sandbox.control("POST", "webhooks/rules", delaySeconds=30)
    sandbox.confirm(sandbox.begin())
    began = time.monotonic()

    answer = quiet(sandbox, wait=0.5)

    assert (answer["quiet"], answer["underWay"]) == (False, 1)
    assert 0.5 <= time.monotonic() - began < 10


def test_another_order_s_webhooks_are_another_matter(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("POST", "webhooks", url=receiver.url)
    sandbox.control("POST", "webhooks/rules", delaySeconds=30)
    begun = sandbox.begin()
    sandbox.confirm(begun)

    assert not quiet(sandbox, orderId=begun["orderId"])["quiet"]
    assert quiet(sandbox, orderId="order_other")["quiet"]


def test_retries_that_wait_for_the_clock_are_no_unrest(sandbox: Sandbox) -> None:
    refusing = Receiver(500)
    sandbox.control("POST", "clock", set="2030-05-05T00:00:00+09:00", freeze=True)
    sandbox.control("POST", "webhooks", url=refusing.url)
    sandbox.confirm(sandbox.begin())

    answer = quiet(sandbox, wait=20)
    refusing.stop()

    assert (answer["quiet"], answer["later"]) == (True, 1)
    assert answer["nextAttemptAt"].startswith("2030-05-04T15:01:00")


def test_a_wait_that_can_not_be_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.ask("GET", "webhooks/quiet?wait=61")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["wait"])
