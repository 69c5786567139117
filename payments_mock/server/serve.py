"""Serve until the process is stopped, with little garbage collection."""

import dataclasses
import functools
import gc
import os
import signal
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn

from flask import Flask

from payments_mock.database import TemporaryDatabase
from payments_mock.intercept.tunnel import server_context
from payments_mock.server import process
from payments_mock.server.process import BACKLOG, Secure, base_url, bind
from payments_mock.server.workers import Supervisor
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
        # What exists by now stays: it need not be looked at again, and forked workers keep sharing it.
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
        bind(settings.host, settings.tls_port) as listener,
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
    """Print at once, since a pipe's reader may wait for it, in whatever encoding the output has."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)  # noqa: T201


def _end_quietly_on_signals() -> None:
    """Make a signal during the start unwind the stack, so that what was begun is cleaned up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
