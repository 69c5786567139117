"""A call that is made again waits as the first did, over real connections; and it is cut for nobody."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from testkit.processes import running_server
from testkit.receiver import Receiver
from testkit.sandbox import Sandbox


@pytest.fixture(scope="module", params=["one process", "two workers", "threads"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    options = {"one process": [], "two workers": ["--workers", "2"], "threads": ["--threads", "4"]}
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", *options[request.param]]
    folder: Path = tmp_path_factory.mktemp("server")
    with running_server(command, folder) as server:
        yield server.url


def asked(sandbox: Sandbox) -> int:
    """Have a call in the journal whose answer the payment's state can't change, and return its number."""
    begun = sandbox.begin()
    assert sandbox.call("GET", f"/v1/payments/{begun['paymentKey']}").status_code == 200
    return int(sandbox.control("GET", "journal?operation=get")["entries"][-1]["id"])


def replay(sandbox: Sandbox, entry: int) -> dict[str, Any]:
    made: dict[str, Any] = sandbox.control("POST", f"journal/{entry}/replay")
    return made


@pytest.mark.parametrize("moment", ["before", "after"])
def test_it_is_late_where_a_fault_delays_it(sandbox: Sandbox, moment: str) -> None:
    entry = asked(sandbox)
    sandbox.arm("delay", moment, "get", seconds=0.6)
    began = time.monotonic()

    again = replay(sandbox, entry)

    assert time.monotonic() - began >= 0.6
    assert (again["status"], again["fault"], again["replayOf"]) == (200, "delay", entry)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_it_is_held_and_let_go(sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str) -> None:
    entry = asked(sandbox)
    sandbox.arm("hold", moment, "get")

    waiting: Future[dict[str, Any]] = pool.submit(replay, sandbox, entry)
    [held] = sandbox.control("GET", "held-calls?count=1&wait=20")["heldCalls"]
    assert not waiting.done()
    sandbox.control("POST", "held-calls/end", do="let-go", id=held["id"])

    assert waiting.result()["fault"] == "hold"


def test_it_is_refused_where_it_was_held(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    entry = asked(sandbox)
    sandbox.arm("hold", "before", "get")

    waiting = pool.submit(replay, sandbox, entry)
    sandbox.control("GET", "held-calls?count=1&wait=20")
    sandbox.control("POST", "held-calls/end", do="refuse", status=503)

    assert waiting.result()["status"] == 503


@pytest.mark.parametrize(("kind", "sent"), [("reset", "nothing"), ("hang", "nothing"), ("truncate", "half")])
def test_an_answer_that_would_be_lost_is_told_with_what_was_left_of_it(
    sandbox: Sandbox, kind: str, sent: str
) -> None:
    entry = asked(sandbox)
    sandbox.arm(kind, "after", "get")

    again = replay(sandbox, entry)

    assert (again["status"], again["sent"]) == (200, sent)


def test_those_who_wait_for_calls_hear_of_it(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    entry = asked(sandbox)
    waiting = pool.submit(sandbox.control, "GET", "journal?operation=get&count=2&wait=20")

    again = replay(sandbox, entry)

    assert [one["id"] for one in waiting.result()["entries"]] == [entry, again["id"]]


def test_its_webhooks_follow_its_answer(toss: Sandbox) -> None:
    receiver = Receiver()
    toss.control("POST", "webhooks", url=receiver.url)
    toss.arm("error", "before", status=500)
    assert toss.confirm(toss.begin()).status_code == 500
    refused = toss.control("GET", "journal?operation=confirm")["entries"][0]["id"]

    again = replay(toss, refused)

    assert again["status"] == 200
    assert receiver.wait_for(1)[0].body["data"]["status"] == "DONE"
    receiver.stop()
