"""The engine, its settings for SQLite, and transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import Lock, local
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

db = SQLAlchemy()

SQLITE_BUSY_SECONDS = 10.0

_SIZES = ("cache_size=-16000", "wal_autocheckpoint=4000")
"""16 MB of pages kept by a connection, and as much written before the log is folded into the file."""

_KEPT = "payments_mock.connections"
_AT_END = "payments_mock.at_end_of_transaction"
_sqlite_writer = Lock()
_ambient: ContextVar[Connection | None] = ContextVar("ambient", default=None)
_lender: ContextVar["_Lender | None"] = ContextVar("lender", default=None)


def attach_database(app: Flask, url: str, *, is_kept: bool = True) -> None:
    """Give `app` its database at the SQLAlchemy URL `url`, with tables made where they are missing.

    One that is not kept need not survive a failure of the machine, and SQLite then never waits for the disk.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or can't hold the tables.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Parameters would carry receipt tokens into the log of a fault.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
        # The connection that was used last has the pages that are needed next.
        options["pool_use_lifo"] = True
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare = partial(_prepare_sqlite, "NORMAL" if is_kept else "OFF")
            event.listen(db.engine, "connect", prepare)
        db.create_all()


def _prepare_sqlite(synchronous: str, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # WAL lets readers go on while one writes, and NORMAL loses nothing when a process is killed.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101
    # Transactions are begun in `_committed`, not by the driver.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", *_SIZES):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection for statements that change nothing."""
    ambient = _ambient.get()
    if ambient is not None:
        yield ambient
        return
    lender = _lender.get()
    if lender is not None:
        yield lender.lend()
        return
    with db.engine.connect() as connection:
        yield connection


class reading_once:  # noqa: N801
    """Have every `reading` and `writing` inside use one connection, borrowed when the first of them needs it.

    Where `app` was told `keep_connections`, each thread keeps its connection for the next time.
    """

    __slots__ = ("_is_kept", "_lender", "_token")

    def __init__(self, app: Flask) -> None:
        kept: local | None = app.extensions.get(_KEPT)
        self._is_kept = kept is not None
        self._lender = _Lender() if kept is None else _lender_of_thread(kept)

    def __enter__(self) -> None:
        self._token = _lender.set(self._lender)

    def __exit__(self, *_error: object) -> None:
        _lender.reset(self._token)
        self._lender.give_back(keep=self._is_kept)


def keep_connections(app: Flask) -> None:
    """Let each thread that answers requests keep its connection: for a server that owns its threads."""
    app.extensions[_KEPT] = local()


def _lender_of_thread(kept: local) -> "_Lender":
    lender: _Lender | None = getattr(kept, "lender", None)
    if lender is None:
        lender = kept.lender = _Lender()
    return lender


class _Lender:
    """Borrows a connection once, and lends it again and again."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def lend(self) -> Connection:
        if self._connection is None:
            self._connection = db.engine.connect()
        return self._connection

    def give_back(self, *, keep: bool) -> None:
        connection = self._connection
        if connection is None:
            return
        if keep and not connection.invalidated:
            if connection.dialect.name != "sqlite":
                # Elsewhere a look is a transaction too, and one left open would see old data.
                connection.connection.rollback()
            return
        self._connection = None
        connection.close()


@contextmanager
def writing() -> Iterator[Connection]:
    """Lend a connection whose statements are committed together, or not at all.

    Inside `together` they are committed with the whole; rules are judged before anything is written, as
    nothing undoes a part.
    """
    ambient = _ambient.get()
    if ambient is not None:
        yield ambient
        return
    with together() as connection:
        yield connection


@contextmanager
def together() -> Iterator[Connection]:
    """Make everything that is read and written inside one transaction, committed at the end."""
    with _begin() as connection:
        token = _ambient.set(connection)
        try:
            yield connection
        finally:
            _ambient.reset(token)


@contextmanager
def attempting(connection: Connection) -> Iterator[None]:
    """Surround a statement that may break a constraint, so that the transaction can go on if it does.

    SQLite undoes the statement alone; other databases give up the transaction unless there is a savepoint.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    with connection.begin_nested():
        yield


@contextmanager
def _begin() -> Iterator[Connection]:
    """Begin a transaction that is going to write.

    SQLite lets one writer in at a time and makes the others back off blindly; the threads of one process
    queue here instead, which is fairer and faster.
    """
    lender = _lender.get()
    if db.engine.dialect.name == "sqlite":
        with _sqlite_writer, _lent(lender) as connection, _committed(connection):
            yield connection
    else:
        with _lent(lender) as connection, _committed(connection):
            yield connection


@contextmanager
def _lent(lender: "_Lender | None") -> Iterator[Connection]:
    if lender is not None:
        yield lender.lend()
        return
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def _committed(connection: Connection) -> Iterator[None]:
    # The driver is told itself: SQLAlchemy does not see the statements of `Prepared`.
    driver = connection.connection
    if connection.dialect.name == "sqlite":
        # A transaction that reads first could not become a writer beside another process's.
        driver.cursor().execute("BEGIN IMMEDIATE")
    is_committed = False
    try:
        yield
        driver.commit()
        is_committed = True
    finally:
        if not is_committed:
            driver.rollback()
        for callback in driver.info.pop(_AT_END, ()):
            callback()


def at_end_of_transaction(connection: Connection, callback: Callable[[], None]) -> None:
    """Have `callback` called at the end of the transaction, also of one that is undone."""
    connection.info.setdefault(_AT_END, []).append(callback)


def check_database() -> None:
    """Ask the database for an answer out of a table: SQLite answers without one from memory alone.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: none came.
    """
    with reading() as connection:
        connection.execute(text("SELECT id FROM merchants LIMIT 1"))
