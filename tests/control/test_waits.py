"""Calls that wait for journal entries are answered in time, and slow nobody else down."""

import select
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from testkit.processes import running_server
from testkit.sandbox import Sandbox

pytestmark = pytest.mark.a_few(9)

SERVERS = {"one thread": (), "threads": ("--threads", "4"), "workers": ("--workers", "2")}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=SERVERS.keys())
def url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", *request.param]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture
def sandbox(url: str) -> Sandbox:
    return Sandbox.on(url, "kiosk")


def begin_to_wait(pool: ThreadPoolExecutor, sandbox: Sandbox, query: str) -> Future[requests.Response]:
    waiting = pool.submit(sandbox.ask, "GET", f"journal?{query}")
    time.sleep(0.5)
    return waiting


def begin_to_verify(
    pool: ThreadPoolExecutor, sandbox: Sandbox, **expected: object
) -> Future[requests.Response]:
    waiting = pool.submit(sandbox.ask, "POST", "journal/verify", expected)
    time.sleep(0.5)
    return waiting


def test_a_wait_ends_with_the_entry_that_was_waited_for(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    waiting = begin_to_wait(pool, sandbox, "operation=confirm&wait=25")

    sandbox.confirm(sandbox.begin())

    assert [entry["status"] for entry in waiting.result(timeout=15).json()["entries"]] == [200]


def test_a_wait_goes_on_until_there_are_enough(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    waiting = begin_to_wait(pool, sandbox, "operation=confirm&count=2&wait=25")

    sandbox.confirm(sandbox.begin())
    time.sleep(0.5)
    was_done = waiting.done()
    sandbox.confirm(sandbox.begin())

    assert not was_done
    assert len(waiting.result(timeout=15).json()["entries"]) == 2


def test_a_wait_in_vain_lasts_as_long_as_it_was_said_to(sandbox: Sandbox) -> None:
    began = time.monotonic()

    answer = sandbox.control("GET", "journal?wait=1")

    assert answer == {"entries": []}
    assert 1.0 <= time.monotonic() - began < 6


@pytest.mark.parametrize("way", ["list", "verify"])
def test_a_wait_whose_sandbox_is_deleted_is_answered(
    pool: ThreadPoolExecutor, sandbox: Sandbox, way: str
) -> None:
    if way == "list":
        waiting = begin_to_wait(pool, sandbox, "wait=25")
    else:
        waiting = begin_to_verify(pool, sandbox, count=1, wait=25)

    sandbox.remove()

    answer = waiting.result(timeout=15)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_SANDBOX")


def test_a_wait_counts_only_what_is_still_there(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    waiting = begin_to_verify(pool, sandbox, match={"operation": "confirm"}, count=2, wait=3)

    sandbox.confirm(sandbox.begin())
    sandbox.control("DELETE", "journal")
    sandbox.confirm(sandbox.begin())

    assert waiting.result(timeout=15).json()["found"] == 1


def test_hundreds_who_wait_are_answered_in_time_and_keep_nobody_waiting(url: str) -> None:
    empty, busy = Sandbox.on(url, "kiosk"), Sandbox.on(url, "kiosk")
    with ExitStack() as stack:
        began = time.monotonic()
        waiting = [stack.enter_context(unanswered_wait(empty, "wait=3")) for _ in range(300)]
        answers = [busy.confirm(busy.begin()).status_code for _ in range(5)]
        took = time.monotonic() - began
        while waiting:
            answered, _, _ = select.select(waiting, [], [], 20)
            assert answered, "somebody is not answered"
            waiting = [connection for connection in waiting if connection not in answered]
        ended = time.monotonic() - began

    assert answers == [200] * 5
    assert took < 3
    assert ended < 8


def unanswered_wait(sandbox: Sandbox, query: str) -> socket.socket:
    return sandbox.call_unread(f"{sandbox.path}/journal?{query}")


def test_whoever_leaves_is_waited_for_no_longer(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    for _ in range(50):
        unanswered_wait(sandbox, "operation=confirm&wait=25").close()
    waiting = begin_to_wait(pool, sandbox, "operation=confirm&wait=25")

    sandbox.confirm(sandbox.begin())

    assert len(waiting.result(timeout=15).json()["entries"]) == 1


def test_a_delayed_call_whose_fault_is_gone_is_carried_out_once(
    pool: ThreadPoolExecutor, sandbox: Sandbox
) -> None:
    begun = sandbox.begin()
    sandbox.arm("delay", "before", seconds=1)
    waiting = pool.submit(sandbox.confirm, begun)
    time.sleep(0.4)

    sandbox.control("DELETE", "faults")

    assert waiting.result(timeout=15).status_code == 200


def test_a_server_that_stops_ends_the_waits(pool: ThreadPoolExecutor, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path) as server:
        waiting = begin_to_wait(pool, Sandbox.on(server.url, "kiosk"), "wait=25")

    assert waiting.result(timeout=5).status_code == 503


@pytest.mark.parametrize("path", ["events?after=%s&wait=60", "sandboxes/toss/journal?wait=60"])
def test_a_server_that_stops_waits_for_no_watcher(
    pool: ThreadPoolExecutor, tmp_path: Path, path: str
) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path) as server:
        newest = requests.get(f"{server.url}/control/events", timeout=5).json()["seq"]
        waiting = pool.submit(requests.get, f"{server.url}/control/{path}".replace("%s", newest), timeout=10)
        time.sleep(0.5)
        begun = time.monotonic()

    assert waiting.result(timeout=5).status_code == 503
    assert time.monotonic() - begun < 1.5
    assert "exceeded" not in server.stderr
