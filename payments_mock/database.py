"""The application's database: temporary or kept, found from where the server was started."""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy import URL, create_engine, make_url

from payments_mock.setting_types import sqlite_url
from payments_mock.storage.columns import metadata
from payments_mock.storage.engine.database import Database, give_database
from payments_mock.storage.engine.engines import (
    SQLITE,
    engine_options,
    prepare_postgresql,
    prepare_sqlite,
)
from payments_mock.storage.engine.schema import bring_up_to_date, make_at_once

_PREFIX: Final = "payments-mock-"
_LOCK: Final = "in-use"


class TemporaryFolder:
    """A folder that goes with the process that made it.

    A lock on a file in the folder tells other servers that it is in use. The kernel lets go of the lock
    when the last process that holds it is gone, however it went: a folder nobody holds was left by a server
    that was killed, and making a new one sweeps such folders away. A process id would not do: it is taken
    again after a while, and means nothing to a server in another container that shares the folder.
    """

    def __init__(self) -> None:
        sweep_leftovers()
        self._owner = os.getpid()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _hold(self.path)

    def remove(self) -> None:
        """Remove the folder; only the process that made it does, not those forked from it."""
        if os.getpid() == self._owner:
            shutil.rmtree(self.path, ignore_errors=True)


class TemporaryDatabase(TemporaryFolder):
    """A folder for SQLite's file and the ones SQLite puts beside it."""

    @property
    def url(self) -> str:
        """The SQLAlchemy URL."""
        return sqlite_url(self.path / "payments.db")


def temporary_folder() -> Path:
    """Return a new folder that goes when this process exits."""
    folder = TemporaryFolder()
    atexit.register(folder.remove)
    return folder.path


def temporary_database_url() -> str:
    """Return the URL of a new database that goes when this process exits."""
    database = TemporaryDatabase()
    atexit.register(database.remove)
    return database.url


def sweep_leftovers() -> None:
    """Remove the folders of servers that ended without a chance to do so."""
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        if _is_leftover(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _hold(folder: Path) -> int:
    """Lock the folder, and return the descriptor that keeps it locked.

    The lock file gets its name once it is locked, so that no sweep ever finds one which is not locked yet.
    """
    unnamed = folder / (_LOCK + ".new")
    descriptor = os.open(unnamed, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unnamed.rename(folder / _LOCK)
    return descriptor


def _is_leftover(folder: Path) -> bool:
    """Tell whether a folder is one of ours, made by this user, that no living process holds."""
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def attach_database(app: Flask, url: str, *, is_kept: bool = True) -> None:
    """Give `app` its database at the SQLAlchemy URL `url`, with the tables of this release.

    One that is not kept is a new one of SQLite. It need not survive a failure of the machine, and SQLite then
    never waits for the disk.

    Raises:
        DatabaseUnsupportedError: it is of a kind that is not supported, its driver is not installed, or its
            tables are those of a newer release.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or can't hold the tables.
        sqlite3.Error: a database that is not kept can't hold the tables.
    """
    place = _from_here(make_url(url))
    engine = create_engine(place, **engine_options(place))
    is_sqlite = place.get_backend_name() == SQLITE
    checkpoints = prepare_sqlite(engine, is_kept=is_kept) if is_sqlite else None
    silence = None if is_sqlite else prepare_postgresql(engine)
    give_database(app, Database(engine, checkpoints, silence))
    if is_kept:
        bring_up_to_date(engine, metadata)
    else:
        make_at_once(engine)


def _from_here(url: URL) -> URL:
    """Return a URL whose SQLite file, if it has one, is found from where the server was started."""
    file = url.database or ":memory:"
    if url.get_backend_name() != SQLITE or file.startswith((":memory:", "file:")):
        return url
    return url.set(database=str(Path.cwd() / file))
