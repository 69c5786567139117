"""The engine, its settings for SQLite, and transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
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
        db.create_all()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # WAL lets readers go on while one writes, and NORMAL loses nothing when a process is killed.
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101
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

    Inside `together` they are committed with the whole, and an error undoes only this part.
    """
    ambient = _ambient.get()
    if ambient is not None:
        with ambient.begin_nested():
            yield ambient
        return
    with _begin() as connection:
        yield connection


@contextmanager
def together() -> Iterator[Connection]:
    """Make everything that is read and written inside one transaction, committed at the end.

    A statement that changes something must come first: it is what makes SQLite begin the transaction.
    """
    with _begin() as connection:
        token = _ambient.set(connection)
        try:
            yield connection
        finally:
            _ambient.reset(token)


@contextmanager
def _begin() -> Iterator[Connection]:
    """Begin a transaction.

    SQLite lets one writer in at a time and makes the others back off blindly; the threads of one process
    queue here instead, which is fairer and faster.
    """
    engine = db.engine
    if engine.dialect.name == "sqlite":
        with _sqlite_writer, engine.begin() as connection:
            yield connection
    else:
        with engine.begin() as connection:
            yield connection


def check_database() -> None:
    """Ask the database for an answer out of a table: SQLite answers without one from memory alone.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: none came.
    """
    with reading() as connection:
        connection.execute(text("SELECT id FROM merchants LIMIT 1"))
