"""A database for one run: a SQLite file in a folder of its own, gone when its process is."""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from payments_mock.setting_types import sqlite_url

_PREFIX: Final = "payments-mock-"
_LOCK: Final = "in-use"


class TemporaryDatabase:
    """A folder for SQLite's file and the ones SQLite puts beside it.

    A lock on a file in the folder tells other servers that it is in use. The kernel lets go of the lock
    when the last process that holds it is gone, however it went: a folder nobody holds was left by a server
    that was killed, and making a new one sweeps such folders away. A process id would not do: it is taken
    again after a while, and means nothing to a server in another container that shares the folder.
    """

    def __init__(self) -> None:
        sweep_leftovers()
        self._owner = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _hold(self._folder)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL."""
        return sqlite_url(self._folder / "payments.db")

    def remove(self) -> None:
        """Remove the folder; only the process that made it does, not those forked from it."""
        if os.getpid() == self._owner:
            shutil.rmtree(self._folder, ignore_errors=True)


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
