"""Errands share one thread: while one waits for the database, the event loop does others."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, get_ident

import pytest

from payments_mock.storage.engine.pipeline import READABLE, WRITABLE
from payments_mock.storage.engine.waiting import Errands, have_done, wait

PATIENCE_SECONDS = 10.0

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def run(*works: Callable[[], object], at_once: int = 8) -> list[object]:
    """Run errands side by side, and return their results."""

    async def all_done() -> list[object]:
        errands = Errands(at_once)
        return await asyncio.gather(*(errands.done(work) for work in works))

    return asyncio.run(all_done())


def test_others_run_while_an_errand_waits_for_an_answer(ends: Ends) -> None:
    ours, theirs = ends
    happened = []

    def asks() -> None:
        happened.append("asked")
        wait(ours.fileno(), READABLE, PATIENCE_SECONDS)
        happened.append(ours.recv(10).decode())

    def answers() -> None:
        happened.append("another")
        theirs.send(b"answered")

    run(asks, answers)

    assert happened == ["asked", "another", "answered"]


def test_all_run_in_the_thread_of_the_loop() -> None:
    assert run(get_ident, get_ident) == [get_ident()] * 2


def test_an_errand_hears_for_what_the_socket_is_ready(ends: Ends) -> None:
    ours, theirs = ends
    [can_write] = run(lambda: wait(ours.fileno(), READABLE | WRITABLE, PATIENCE_SECONDS))
    theirs.send(b"answer")
    [can_read] = run(lambda: wait(ours.fileno(), READABLE, PATIENCE_SECONDS))

    assert (can_write, can_read) == (WRITABLE, READABLE)


def test_an_errand_hears_that_no_answer_came(ends: Ends) -> None:
    assert run(lambda: wait(ends[0].fileno(), READABLE, 0.01)) == [0]


def test_an_errand_that_gave_up_can_wait_again(ends: Ends) -> None:
    ours, theirs = ends

    def asks_twice() -> tuple[int, int]:
        first = wait(ours.fileno(), READABLE, 0.01)
        theirs.send(b"late")
        return first, wait(ours.fileno(), READABLE, PATIENCE_SECONDS)

    assert run(asks_twice) == [(0, READABLE)]


def test_at_most_so_many_run_at_once(ends: Ends) -> None:
    running, seen = set[int](), []

    def work(number: int) -> None:
        running.add(number)
        wait(ends[0].fileno(), READABLE, 0.001 * number)
        seen.append(len(running))
        running.discard(number)

    run(lambda: work(1), lambda: have_done(lambda: work(2)), lambda: work(3), at_once=1)

    assert seen == [1, 1, 1]


def test_what_waits_in_a_way_of_its_own_is_done_by_a_thread() -> None:
    happened: list[str] = []

    def connects() -> int:
        there = have_done(get_ident)
        happened.append("connected")
        return there

    [there, _] = run(connects, lambda: happened.append("another"))

    assert there != get_ident()
    assert happened == ["another", "connected"]


def test_as_many_connect_at_once_as_there_are_errands() -> None:
    many = 40
    all_connect = Barrier(many)

    def connects() -> bool:
        with suppress(BrokenBarrierError):
            have_done(lambda: all_connect.wait(1))
        return not all_connect.broken

    assert all(run(*[connects] * many, at_once=many))


def test_what_fails_in_a_thread_fails_in_its_errand() -> None:
    def connects() -> str:
        with pytest.raises(ConnectionError, match="refused"):
            have_done(refuse)
        return "told"

    def refuse() -> None:
        raise ConnectionError("refused")

    assert run(connects) == ["told"]


def test_a_thread_beside_the_loop_stands_still_while_it_waits(ends: Ends) -> None:
    ours, theirs = ends
    nothing = wait(ours.fileno(), READABLE, 0.001)
    theirs.send(b"answer")

    assert (nothing, wait(ours.fileno(), READABLE, PATIENCE_SECONDS)) == (0, READABLE)
    assert have_done(get_ident) == get_ident()
