"""Engines of both databases, and the checkpoints that fold SQLite's log into its file."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from contextlib import closing, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from payments_mock.storage.engine.pipeline import Pipeline, pipeline_of
from payments_mock.storage.engine.prepared import tell_owner_is_gone, translating

if TYPE_CHECKING:
    from payments_mock.storage.engine.waiting import Silence

EVERY: Final = 64
"""How many commits a process makes before it folds what they wrote: few, so that no fold takes long."""


class Checkpoints:
    """Counts the commits to one SQLite file, and has the log folded now and then.

    A file that `waits_for_disk` is folded by a thread of its own, any other by the commit itself: that takes
    a third of a millisecond, while a thread would take a processor from the client for as long.

    SQLite would do it within the commit that makes the log too long: 15 to 40 ms on a disk, mostly spent
    waiting for it. It still does where this can't keep up (`wal_autocheckpoint`).

    A log that is folded to its end begins anew instead of growing. Nobody may commit meanwhile, so that a
    commit does it to what a thread has left, and only where the log has `longest` pages or more.
    """

    def __init__(self, engine: Engine, longest: int, *, waits_for_disk: bool = True) -> None:
        self._engine = engine
        self._longest = longest
        self._waits_for_disk = waits_for_disk
        self._commits = 0
        self._ends_with_next = False
        self.thread: Thread | None = None

    def count(self, connection: Any) -> None:
        """Count a commit on a driver's connection, in the thread that may write."""
        self._commits += 1
        is_due = self._commits % EVERY == 0
        if self._ends_with_next or (is_due and not self._waits_for_disk):
            self._ends_with_next = False
            with suppress(sqlite3.Error):
                _fold(connection)
        elif is_due and (self.thread is None or not self.thread.is_alive()):
            self.thread = Thread(target=self.fold, name="checkpoint", daemon=True)
            self.thread.start()

    def wait(self) -> None:
        """Wait for the thread that folds the log, if there is one."""
        if self.thread is not None:
            self.thread.join()

    def fold(self) -> None:
        """Fold the log into the file, and have the next commit end it if it has become long.

        If that fails, as on a full disk, the next writer gets the error.
        """
        with suppress(sqlite3.Error), closing(self._engine.raw_connection()) as connection:
            is_long = _fold(connection) >= self._longest
            if is_long:
                # The second time there is far less, so that the commit which ends the log finds little left.
                _fold(connection)
            self._ends_with_next = is_long


def _fold(connection: Any) -> int:
    """Fold what is there without waiting for anybody; returns how many pages the log had then."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    _is_busy, pages, _folded = cursor.fetchone()
    cursor.close()
    return int(pages)


SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

SQLITE_BUSY_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.01
ENCODING: Final = "UTF8"
"""How PostgreSQL must keep text: others lack Korean letters, or count bytes for letters."""
CONNECT_SECONDS: Final = 5
"""How long PostgreSQL may take to let us in, where the URL says nothing else."""

_SIZES = ("cache_size=-16000", "wal_autocheckpoint=40000")
"""16 MB of pages kept by a connection; 160 MB of log are folded if `Checkpoints` could not do so before."""

_LONGEST_LOG = 16_000
"""Pages of log before it is to begin anew, which waits for the disk."""


class DatabaseUnsupportedError(Exception):
    """This kind of database or driver is not supported, or not installed."""


class Presence:
    """Names this process to the database, where servers that share it see each other."""

    def __init__(self) -> None:
        self._process = 0
        self._token = ""

    def introduce(self, _dialect: object, _entry: object, _arguments: object, named: dict[str, Any]) -> None:
        """Add the name to the parameters of a new connection, behind the one that its URL gives, if any."""
        # A worker is forked off with what its parent had.
        if self._process != os.getpid():
            self._process, self._token = os.getpid(), secrets.token_hex(8)
        named["application_name"] = f"{named.get('application_name', 'payments-mock')[:40]} {self._token}"


def engine_options(url: URL) -> dict[str, Any]:
    """Return the options of an engine for `url`.

    Raises:
        DatabaseUnsupportedError: there is no way to use such a database here.
    """
    # Parameters would put receipt tokens into the log of an error.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() == SQLITE:
        options["connect_args"] = {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
        # The connection that was used last has the pages that are needed next.
        options["pool_use_lifo"] = True
        return options
    _check_driver(url)
    usual = {"connect_timeout": CONNECT_SECONDS, **_limits(patience_seconds(url))}
    options["connect_args"] = {name: value for name, value in usual.items() if name not in url.query}
    # The threads that use connections are limited, and should not wait for each other's.
    return options | {"pool_use_lifo": True, "max_overflow": -1}


def prepare_sqlite(engine: Engine, *, is_kept: bool) -> Checkpoints:
    """Prepare every connection, and return what counts commits.

    A database that is not kept need not survive a crash of the machine.
    """
    event.listen(engine, "handle_error", tell_owner_is_gone)
    event.listen(engine, "connect", partial(_prepare_sqlite, is_kept))
    return Checkpoints(engine, _LONGEST_LOG, waits_for_disk=is_kept)


def prepare_postgresql(engine: Engine) -> Silence:
    """Prepare every connection, and return what tells whether the database is silent."""
    # Imported late, as only PostgreSQL needs greenlets.
    from payments_mock.storage.engine.waiting import Silence

    silence = Silence(engine, patience_seconds(engine.url))
    event.listen(engine, "handle_error", tell_owner_is_gone)
    event.listen(engine, "do_connect", Presence().introduce)
    # Before SQLAlchemy's own look at the server, which fails for some encodings without saying why.
    event.listen(engine, "connect", _refuse_other_encodings, insert=True)
    event.listen(engine, "connect", partial(_prepare_postgresql, silence))
    event.listen(engine, "checkout", _refuse_one_that_was_cut)
    event.listen(engine, "before_cursor_execute", _send_what_waits)
    return silence


def patience_seconds(url: URL) -> float:
    """Return how long PostgreSQL may take to let us in, and to answer."""
    said = str(url.query.get("connect_timeout", ""))
    return float(said) if said.isdigit() and int(said) > 0 else float(CONNECT_SECONDS)


def _limits(seconds: float) -> dict[str, int]:
    """Return what has the system give a connection up whose packets are lost for so long."""
    return {"tcp_user_timeout": round(seconds * 1000), "keepalives_idle": max(1, round(seconds))}


def _check_driver(url: URL) -> None:
    if url.drivername != f"{POSTGRESQL}+psycopg":
        kinds = f"{SQLITE}:/// and {POSTGRESQL}+psycopg://"
        raise DatabaseUnsupportedError(f"{kinds} are supported, not {url.drivername}://")
    try:
        import greenlet  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        install = "pip install 'psycopg[binary]' greenlet"
        raise DatabaseUnsupportedError(f"the driver of PostgreSQL is missing: {install} ({error})") from error


def _prepare_sqlite(is_kept: bool, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # WAL lets readers go on while one writes, and NORMAL loses nothing when a process is killed.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101
    # Transactions are begun by `Database`, not by the driver.
    connection.isolation_level = None
    if not is_kept:
        # Set before the log is created, this spares the start a wait for the disk.
        connection.execute("PRAGMA synchronous=OFF")
    _use_write_ahead_log(connection)
    if is_kept:
        connection.execute("PRAGMA synchronous=NORMAL")
    for pragma in ("foreign_keys=ON", *_SIZES):
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # If several processes open a new file at once, one changes it, and SQLite makes the others fail.
    deadline = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(LOOK_SECONDS)
        else:
            return


def _refuse_other_encodings(connection: Any, _entry: ConnectionPoolEntry) -> None:
    encoding = connection.pgconn.parameter_status(b"server_encoding").decode()
    if encoding != ENCODING:
        create = f"CREATE DATABASE name ENCODING '{ENCODING}' TEMPLATE template0"
        raise DatabaseUnsupportedError(
            f"the encoding of the database is {encoding}, not {ENCODING}: {create}"
        )


def _prepare_postgresql(silence: Silence, connection: Any, _entry: ConnectionPoolEntry) -> None:
    # Imported late, as only PostgreSQL needs greenlets.
    from payments_mock.storage.engine.waiting import let_errands_wait, wait

    # As with SQLite: a look-up is not a transaction, which would cost messages to begin and end.
    connection.autocommit = True
    # The pipeline prepares statements; psycopg would have them forgotten at each rollback.
    connection.prepare_threshold = None
    connection.statements = Pipeline(connection, wait, silence.patience_seconds, silence.note)
    let_errands_wait(connection)


def _send_what_waits(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    """Send what goes before a statement that SQLAlchemy runs."""
    with translating(connection, statement):
        pipeline_of(connection).flush()


def _refuse_one_that_was_cut(connection: Any, _entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Replace a connection that is gone."""
    if connection.statements.has_ended():
        raise InvalidatePoolError("the database has ended the connection")
