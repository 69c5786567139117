"""The poller looks for due webhooks when it is told to and when it planned to, and never after its end."""

import threading
from collections.abc import Iterator
from queue import Queue

import pytest
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.webhooks import pool as module
from payments_mock.webhooks.pool import Poller

PATIENCE_SECONDS = 20.0
FOR_EVER = 3600.0


class Looks:
    """What a poller is to do at each look: return, or raise."""

    def __init__(self, *outcomes: float | Exception) -> None:
        self._outcomes = list(outcomes)
        self.made: Queue[int] = Queue()

    def __call__(self) -> float:
        self.made.put(threading.get_ident())
        outcome = self._outcomes.pop(0) if self._outcomes else FOR_EVER
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def wait_for(self, count: int) -> list[int]:
        return [self.made.get(timeout=PATIENCE_SECONDS) for _ in range(count)]


@pytest.fixture
def pollers() -> Iterator[list[Poller]]:
    begun: list[Poller] = []
    yield begun
    for poller in begun:
        poller.end(PATIENCE_SECONDS)


def poller_with(looks: Looks, pollers: list[Poller]) -> Poller:
    pollers.append(Poller("a test's poller", looks))
    return pollers[-1]


def test_it_looks_again_after_as_long_as_it_said(pollers: list[Poller]) -> None:
    looks = Looks(0.01, 0.01)

    poller_with(looks, pollers).begin()

    assert len(looks.wait_for(3)) == 3


def test_it_looks_at_once_when_it_is_told_to(pollers: list[Poller]) -> None:
    looks = Looks()
    poller = poller_with(looks, pollers)
    poller.begin()
    looks.wait_for(1)

    poller.look_now()

    assert len(looks.wait_for(1)) == 1


def test_however_often_it_is_begun_one_thread_looks(pollers: list[Poller]) -> None:
    looks = Looks(0.0, 0.0)
    poller = poller_with(looks, pollers)

    for _ in range(5):
        poller.begin()

    assert len(set(looks.wait_for(3))) == 1


def test_a_database_that_fails_once_does_not_end_it(
    pollers: list[Poller], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "AFTER_A_FAILURE_SECONDS", 0.0)
    looks = Looks(SQLAlchemyError())

    poller_with(looks, pollers).begin()
    looks.wait_for(2)

    assert "a test's poller" in caplog.text


def test_after_its_end_its_thread_is_gone_and_it_can_begin_anew(pollers: list[Poller]) -> None:
    looks = Looks()
    poller = poller_with(looks, pollers)
    poller.begin()
    [first] = looks.wait_for(1)
    [thread] = [thread for thread in threading.enumerate() if thread.ident == first]

    poller.end(PATIENCE_SECONDS)

    assert (poller.is_on, thread.is_alive()) == (False, False)
    poller.begin()
    assert len(looks.wait_for(1)) == 1
