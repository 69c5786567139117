"""The engine, its settings for SQLite, and transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

db = SQLAlchemy()

SQLITE_BUSY_SECONDS = 10.0

_WRITES = "payments_mock_writes"
_sqlite_writer = Lock()
_ambient: ContextVar[Connection | None] = ContextVar("ambient", default=None)


def attach_database(app: Flask, url: str) -> None:
    """Give `app` its database at the SQLAlchemy URL `url`, with tables made where they are missing.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or can't hold the tables.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Parameters would carry receipt tokens into the log of a fault.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        db.create_all()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # WAL lets readers go on while one writes, and NORMAL loses nothing when a process is killed.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101
    # Transactions are begun in `_begin_sqlite`, not by the driver.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def reading() -> Iterator[Connection]:
    """Lend a connection for statements that change nothing."""
    ambient = _ambient.get()
    if ambient is not None:
        yield ambient
        return
    with db.engine.connect() as connection:
        yield connection


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
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with (
        _sqlite_writer if is_sqlite else nullcontext(),
        engine.connect().execution_options(**{_WRITES: True}) as connection,
        connection.begin(),
    ):
        yield connection


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first could not become a writer beside another process's: it begins as one.
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def check_database() -> None:
    """Ask the database for an answer out of a table: SQLite answers without one from memory alone.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: none came.
    """
    with reading() as connection:
        connection.execute(text("SELECT id FROM merchants LIMIT 1"))
