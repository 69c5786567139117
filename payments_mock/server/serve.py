"""Serve until the process is stopped, in one process or in several that this one supervises."""

import dataclasses
import functools
import gc
import logging
import multiprocessing
import os
import signal
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final, NoReturn

from flask import Flask

from payments_mock.database import TemporaryDatabase
from payments_mock.intercept.tunnel import server_context
from payments_mock.server import process
from payments_mock.server.process import BACKLOG, STOP_SECONDS, Secure, base_url, bind
from payments_mock.setting_types import needing_extra
from payments_mock.settings import Settings, SettingsError


def serve(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    banner: Callable[[Settings, str, str], str],
    before_fork: Callable[[Flask], None],
) -> None:
    """Run the server until SIGINT (Ctrl-C) or SIGTERM, which it obeys within three seconds.

    `make_app` gets settings that always name a database. `banner` gets the settings as they were given and
    the base URL, and where HTTPS is answered (""
    for nowhere); what it returns is printed once requests are answered. `before_fork` must let go of what
    several processes can't share, such as database connections; it is called when there are several workers.

    Raises:
        SettingsError: the address can't be listened on.
    """
    _end_quietly_on_signals()
    with (
        bind(settings.host, settings.port) as listener,
        _secured(settings) as secure,
        _database_for(settings) as (placed, clean_up),
    ):
        app = make_app(placed)
        announce = functools.partial(_print, banner(settings, base_url(listener), _where(secure)))
        # All objects so far stay alive: freezing spares collections, and forked workers share the memory.
        gc.freeze()
        gc.enable()
        listener.listen(BACKLOG)
        if settings.workers == 1:
            leave = functools.partial(_leave, clean_up)
            process.run(app, listener, settings, announce, leave, secure=secure)
        else:
            before_fork(app)
            work = functools.partial(_work, app, listener, settings, secure)
            Supervisor(settings.workers, work).run(announce, listener.close)


@contextmanager
def _secured(settings: Settings) -> Iterator[Secure | None]:
    """Listen for HTTPS if that is wanted, with the certificate of the folder or with one of this start."""
    if not settings.tls:
        yield None
        return
    with (
        bind(settings.host, settings.tls_port, "--tls-port") as listener,
        TemporaryDirectory(prefix="payments-mock-ca-") as elsewhere,
    ):
        listener.listen(BACKLOG)
        folder = settings.tls_folder or Path(elsewhere)
        yield Secure(listener, *_context_and_authority(folder))


def _context_and_authority(folder: Path) -> tuple[ssl.SSLContext, Path | None]:
    given = [folder / "tls.crt", folder / "tls.key"]
    authority = folder / "ca.crt"
    try:
        if any(file.exists() for file in given):
            return server_context(*given), None
        with needing_extra("intercept", "cryptography"):
            from payments_mock.intercept.certificates import context_of_a_start
        return context_of_a_start(authority), authority
    except OSError as error:
        raise SettingsError(f"tls_folder: {folder} has no usable tls.crt and tls.key: {error}") from error


def _where(secure: Secure | None) -> str:
    if secure is None:
        return ""
    url = base_url(secure.listener).replace("http:", "https:", 1)
    return url if secure.authority is None else f"{url}  (CA: {secure.authority})"


@contextmanager
def _database_for(settings: Settings) -> Iterator[tuple[Settings, Callable[[], None]]]:
    """Return settings that name a database, and a function that removes a temporary one."""
    if settings.sqlalchemy_url:
        yield settings, _nothing
        return
    database = TemporaryDatabase()
    try:
        placed = dataclasses.replace(settings, database_url=database.url, is_temporary=True)
        yield placed, database.remove
    finally:
        database.remove()


def _work(app: Flask, listener: socket, settings: Settings, secure: Secure | None) -> None:
    leave = functools.partial(_leave, _nothing)
    process.run(app, listener, settings, announce=_nothing, leave=leave, obeys_interrupt=False, secure=secure)


def _nothing() -> None:
    """Do nothing."""


def _leave(clean_up: Callable[[], None]) -> None:
    """End this process now, whatever its threads are doing."""
    clean_up()
    os._exit(0)


def _print(text: str) -> None:
    """Print at once, in the output's encoding, as the reader of a pipe may wait for it."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)  # noqa: T201


def _end_quietly_on_signals() -> None:
    """Make a signal during the start unwind the stack, so that what was begun is cleaned up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


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
        for each in processes:
            each.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while alive := [each for each in processes if each.is_alive()]:
            if self._interrupts > 1 or time.monotonic() > deadline:
                for each in alive:
                    each.kill()
            # Waiting for a process that has ended returns at once, again and again.
            wait([each.sentinel for each in alive], LOOK_SECONDS)


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
        # Nothing is ever written to the pipe; it only ends.
        os.read(self._end_of_children, 1)
        # Answering calls under way would keep the port from a server that is started again.
        os._exit(1)


def _run_in_worker(work: Callable[[], None]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work()


def _work_with_parent(lifeline: Lifeline, work: Callable[[], None]) -> None:
    lifeline.hold()
    work()
