"""Threads for the jobs of many owners: each has its share, and nobody waits for another's."""

import threading
import time
from collections.abc import Iterator

import pytest

from payments_mock.webhooks import pool as module
from payments_mock.webhooks.pool import FairPool

PATIENCE_SECONDS = 20.0


@pytest.fixture
def open_gate() -> Iterator[threading.Event]:
    """Lend what jobs wait for, and have them end with the test."""
    gate = threading.Event()
    yield gate
    gate.set()


def wait_until_running(counter: "Running", count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while counter.most < count:
        assert time.monotonic() < deadline, counter.most
        time.sleep(0.01)


class Running:
    """Counts how many jobs run at once, each until a gate opens."""

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate
        self._lock = threading.Lock()
        self._now = self.most = 0

    def job(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._gate.wait(PATIENCE_SECONDS)
        with self._lock:
            self._now -= 1


def test_an_owner_has_so_many_threads_and_no_more(open_gate: threading.Event) -> None:
    pool, running = FairPool(), Running(open_gate)
    for _ in range(3 * module.OWNER_THREADS):
        pool.submit("a", running.job)
    wait_until_running(running, module.OWNER_THREADS)

    assert pool.is_full("a")
    open_gate.set()
    assert pool.wait(PATIENCE_SECONDS)
    assert running.most == module.OWNER_THREADS


def test_an_owner_whose_jobs_do_not_end_keeps_no_other_waiting(open_gate: threading.Event) -> None:
    pool, running = FairPool(), Running(open_gate)
    for _ in range(64):
        pool.submit("a", running.job)

    pool.submit("b", lambda: None).result(PATIENCE_SECONDS)

    assert not pool.is_full("b")


def test_a_newcomer_has_a_thread_however_many_owners_have_jobs_that_do_not_end(
    open_gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHARED_THREADS", 8)
    pool, running = FairPool(), Running(open_gate)
    for owner in range(20):
        for _ in range(4):
            pool.submit(owner, running.job)

    pool.submit("newcomer", lambda: None).result(PATIENCE_SECONDS)


def test_owners_take_turns_where_threads_are_few(
    open_gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_THREADS", 1)
    pool, running = FairPool(), Running(open_gate)
    done: list[str] = []
    pool.submit("first", running.job)
    for owner in ("a", "a", "a", "b"):
        pool.submit(owner, lambda owner=owner: done.append(owner))  # type: ignore[misc]

    open_gate.set()
    assert pool.wait(PATIENCE_SECONDS)
    assert done == ["a", "b", "a", "a"]


def test_what_has_not_begun_at_the_end_is_dropped_and_nobody_waits_for_it(open_gate: threading.Event) -> None:
    pool, running = FairPool(), Running(open_gate)
    ends = [pool.submit("a", running.job) for _ in range(2 * module.OWNER_THREADS)]
    wait_until_running(running, module.OWNER_THREADS)

    pool.stop(0.05)

    assert sum(end.done() for end in ends) == module.OWNER_THREADS
