"""Serve until the process is stopped, with little garbage collection."""

import dataclasses
import functools
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import socket
from types import FrameType
from typing import NoReturn

from flask import Flask

from payments_mock.database import TemporaryDatabase
from payments_mock.server import process
from payments_mock.server.process import BACKLOG, base_url, bind
from payments_mock.server.workers import Supervisor
from payments_mock.settings import Settings


def serve(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    banner: Callable[[Settings, str], str],
    before_fork: Callable[[Flask], None],
) -> None:
    """Run the server until SIGINT (Ctrl-C) or SIGTERM, which it obeys within three seconds.

    `make_app` gets settings that always name a database. `banner` gets the settings as they were given and
    the base URL, and what it returns is printed once requests are answered. `before_fork` must let go of what
    several processes can't share, such as database connections; it is called when there are several workers.

    Raises:
        SettingsError: the address can't be listened on.
    """
    _end_quietly_on_signals()
    with bind(settings.host, settings.port) as listener, _database_for(settings) as (placed, clean_up):
        app = make_app(placed)
        announce = functools.partial(_print, banner(settings, base_url(listener)))
        # What exists by now stays: it need not be looked at again, and forked workers keep sharing it.
        gc.freeze()
        gc.enable()
        listener.listen(BACKLOG)
        if settings.workers == 1:
            process.run(app, listener, settings, announce, functools.partial(_leave, clean_up))
        else:
            before_fork(app)
            work = functools.partial(_work, app, listener, settings)
            Supervisor(settings.workers, work).run(announce, listener.close)


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


def _work(app: Flask, listener: socket, settings: Settings) -> None:
    leave = functools.partial(_leave, _nothing)
    process.run(app, listener, settings, announce=_nothing, leave=leave, obeys_interrupt=False)


def _nothing() -> None:
    """Do nothing."""


def _leave(clean_up: Callable[[], None]) -> None:
    """End this process now, whatever its threads are doing."""
    clean_up()
    os._exit(0)


def _print(text: str) -> None:
    """Print at once, since a pipe's reader may wait for it, in whatever encoding the output has."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)  # noqa: T201


def _end_quietly_on_signals() -> None:
    """Make a signal during the start unwind the stack, so that what was begun is cleaned up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
