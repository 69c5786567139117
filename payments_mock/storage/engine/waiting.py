"""How PostgreSQL's answers are waited for: by a thread that stands still, or by an errand of an event loop.

A thread for each call that waits would take 0.3 ms of processor time for a look-up, to hand the interpreter
from one to the other. An errand takes 0.02 ms.
"""

from __future__ import annotations

import asyncio
import select
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import Any, Final, TypeVar, cast

from greenlet import getcurrent, greenlet
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from payments_mock.storage.engine.pipeline import READABLE, WRITABLE

_POLLED: Final = {
    READABLE: select.POLLIN,
    WRITABLE: select.POLLOUT,
    READABLE | WRITABLE: select.POLLIN | select.POLLOUT,
}

Result = TypeVar("Result")


class Errand(greenlet):
    """Work in the thread of an event loop, which goes on with other work while this waits.

    It must not wait in another way, nor hold a lock of threads while it waits. `then` is called by the loop
    with its result. `threads` do for it what waits in a way of its own.

    The loop switches to it from `call_soon` alone: a callback of uvloop's for a socket or a timer runs within
    libuv, which has notes on the stack meanwhile that the errand's own stack may lie over.
    """

    def __init__(self, work: Callable[[], Any], then: Callable[[Any], None], threads: Executor) -> None:
        super().__init__(work)
        self._then = then
        self._threads = threads
        self._loop = asyncio.get_running_loop()
        self._is_told = True
        self._loop.call_soon(self._go_on)

    def wait(self, socket: int, wanted: int, seconds: float) -> int:
        """Let the loop go on until a socket is ready; returns for what, 0 if it was not in that time."""
        loop, self._is_told = self._loop, False
        if wanted & READABLE:
            loop.add_reader(socket, self._tell, READABLE)
        if wanted & WRITABLE:
            loop.add_writer(socket, self._tell, WRITABLE)
        timer = loop.call_later(seconds, self._tell, 0)
        try:
            return cast(int, self._let_others())
        finally:
            timer.cancel()
            if wanted & READABLE:
                loop.remove_reader(socket)
            if wanted & WRITABLE:
                loop.remove_writer(socket)

    def have_done(self, work: Callable[[], Result]) -> Result:
        """Let the loop go on until a thread has done this work."""
        done = self._loop.run_in_executor(self._threads, work)
        done.add_done_callback(self._go_on)
        self._let_others()
        return done.result()

    def _tell(self, ready: int) -> None:
        # A socket and the timer may have news in the same turn of the loop.
        if not self._is_told:
            self._is_told = True
            self._loop.call_soon(self._go_on, ready)

    def _go_on(self, *news: Any) -> None:
        """Begin it, or tell it what it waits for; it then runs until it waits again or ends."""
        result = self.switch(*news)
        if self.dead:
            self._then(result)

    def _let_others(self) -> Any:
        loop_itself = self.parent
        assert loop_itself is not None  # noqa: S101
        return loop_itself.switch()


class Errands:
    """The errands of an event loop, of which at most so many run at once; the others queue."""

    def __init__(self, most: int) -> None:
        self._free = most
        # One for each, as it takes seconds to connect to a database that is far away, or that is silent.
        self._threads = ThreadPoolExecutor(most, "errand")
        self._queue: deque[tuple[Callable[[], Any], Callable[[Any], None]]] = deque()

    def begin(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Have work done, and call `then` with its result."""
        if self._free:
            self._free -= 1
            Errand(work, partial(self._end, then), self._threads)
        else:
            self._queue.append((work, then))

    async def done(self, work: Callable[[], Result]) -> Result:
        """Have work done, and return its result."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.begin(work, lambda value: None if result.done() else result.set_result(value))
        return await result

    def _end(self, then: Callable[[Result], None], result: Result) -> None:
        self._free += 1
        if self._queue:
            self.begin(*self._queue.popleft())
        then(result)


def wait(socket: int, wanted: int, seconds: float) -> int:
    """Wait until a socket is ready; returns for what, 0 if it was not in that time."""
    current = getcurrent()
    if isinstance(current, Errand):
        return current.wait(socket, wanted, seconds)
    poll = select.poll()
    poll.register(socket, _POLLED[wanted])
    # Whoever reads or writes then is told of an error.
    return wanted if poll.poll(seconds * 1000) else 0


def have_done(work: Callable[[], Result]) -> Result:
    """Do work that waits in a way of its own, such as to connect; a thread does it for an errand."""
    current = getcurrent()
    return current.have_done(work) if isinstance(current, Errand) else work()


def let_errands_wait(connection: Any) -> None:
    """Have a connection of psycopg's wait as above for what psycopg itself runs."""
    wait_still = connection.wait

    def wait_for(steps: Generator[int, int, Any], interval: float = 0.1, **more: Any) -> Any:
        if not isinstance(getcurrent(), Errand):
            return wait_still(steps, interval, **more)
        try:
            wanted = next(steps)
            while True:
                wanted = steps.send(wait(connection.pgconn.socket, wanted, interval))
        except StopIteration as end:
            return end.value

    connection.wait = wait_for


class Silence:
    """Tells whether the database is silent: packets to it are lost, which only a time-out shows.

    The first caller waits for `patience_seconds`. Then all are refused at once, until a thread that keeps
    trying gets a connection or a refusal.
    """

    def __init__(self, engine: Engine, patience_seconds: float) -> None:
        self._engine = engine
        self.patience_seconds = patience_seconds
        self.forget_idle: Callable[[], None] = engine.dispose
        """Closes connections from before, which may be dead without knowing."""
        self._lock = Lock()
        self._is_silent = False

    def refuse(self) -> None:
        """Refuse a caller while the database is silent.

        Raises:
            sqlalchemy.exc.OperationalError: it is.
        """
        if self._is_silent:
            raise OperationalError("connect", None, TimeoutError("the database does not answer"))

    def connect(self) -> Connection:
        """Open a connection.

        Raises:
            sqlalchemy.exc.OperationalError: there is none to be had.
        """
        began = time.monotonic()
        try:
            return have_done(self._engine.connect)
        except OperationalError:
            if time.monotonic() - began >= self.patience_seconds * 0.9:
                self.note()
            raise

    def note(self) -> None:
        """Note that a caller has waited in vain."""
        with self._lock:
            if not self._is_silent:
                self._is_silent = True
                Thread(target=self._end, name="silent database", daemon=True).start()

    def _end(self) -> None:
        self.forget_idle()
        while True:
            began = time.monotonic()
            with suppress(OperationalError), self._engine.connect():
                pass
            if time.monotonic() - began < self.patience_seconds * 0.9:
                self._is_silent = False
                return
