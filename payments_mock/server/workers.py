"""Several processes that answer requests, supervised by the one that forked them."""

import functools
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Final

from payments_mock.server.process import STOP_SECONDS

LOOK_SECONDS: Final = 0.1
LONGEST_BACK_OFF_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)
_fork = multiprocessing.get_context("fork")


class Worker:
    """The place of one worker process, filled again whenever its process dies.

    A process that dies young is replaced later each time, so that one which can't run does not spin.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self.back_off_seconds = LOOK_SECONDS
        self._not_before = 0.0
        self._started = 0.0
        self.process: ForkProcess | None = None

    def keep_alive(self) -> None:
        """Start the process if it is not running and may be started."""
        now = time.monotonic()
        if self.process is not None and not self.process.is_alive():
            self._bury(self.process, now)
        if self.process is None and now >= self._not_before:
            self._started = now
            self.process = _fork.Process(target=_run_in_worker, args=(self._work,), daemon=True)
            self.process.start()

    def _bury(self, process: ForkProcess, now: float) -> None:
        _log.warning("worker %s ended with %s; starting another", process.pid, process.exitcode)
        is_steady = now - self._started > STEADY_SECONDS
        self.back_off_seconds = (
            LOOK_SECONDS if is_steady else min(self.back_off_seconds * 2, LONGEST_BACK_OFF_SECONDS)
        )
        self._not_before = now + self.back_off_seconds
        self.process = None


class Supervisor:
    """The parent of the workers: it starts them, replaces those that die, and stops them all."""

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        work = functools.partial(_work_with_parent, Lifeline(), work)
        self._workers = [Worker(work) for _ in range(count)]
        self._interrupts = 0
        self._is_stopping = False

    def run(self, announce: Callable[[], None], stop_listening: Callable[[], None]) -> None:
        """Supervise the workers until a signal says stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._handle_signal)
        self._keep_alive()
        announce()
        while not self._is_stopping:
            wait([worker.process.sentinel for worker in self._workers if worker.process], LOOK_SECONDS)
            self._keep_alive()
        stop_listening()
        self._stop()

    def _handle_signal(self, number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        self._interrupts += number == signal.SIGINT

    def _keep_alive(self) -> None:
        for worker in self._workers:
            if not self._is_stopping:
                worker.keep_alive()

    def _stop(self) -> None:
        processes = [worker.process for worker in self._workers if worker.process]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while alive := [process for process in processes if process.is_alive()]:
            if self._interrupts > 1 or time.monotonic() > deadline:
                for process in alive:
                    process.kill()
            # One that has ended would be waited for in no time, again and again.
            wait([process.sentinel for process in alive], LOOK_SECONDS)


class Lifeline:
    """A pipe by which the processes that are forked from this one see that it is gone, however it ended.

    The one that multiprocessing makes for each child is held open by the children that are forked later.
    """

    def __init__(self) -> None:
        self._end_of_children, self._end_of_parent = os.pipe()

    def hold(self) -> None:
        """Make this child process end at once when its parent is gone."""
        os.close(self._end_of_parent)
        threading.Thread(target=self._end_with_parent, name="parent watch", daemon=True).start()

    def _end_with_parent(self) -> None:
        # Nothing is ever written.
        os.read(self._end_of_children, 1)
        # To answer what is under way would keep the port from whoever starts the server again.
        os._exit(1)


def _run_in_worker(work: Callable[[], None]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work()


def _work_with_parent(lifeline: Lifeline, work: Callable[[], None]) -> None:
    lifeline.hold()
    work()
