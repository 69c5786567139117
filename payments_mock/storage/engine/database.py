"""The engine, and transactions."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock, local
from typing import Final, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from payments_mock.storage.engine.engines import CHECKPOINTS, SQLITE
from payments_mock.storage.engine.prepared import driver_errors, has_waited_too_long, translated

db = SQLAlchemy()

LOCK_MILLISECONDS: Final = 100
GIVE_WAY_SECONDS: Final = 10.0
"""How long who gives way waits for one lock, and how long for its turn in all."""

_KEPT = "payments_mock.connections"
_AT_END = "payments_mock.at_end_of_transaction"
_nothing: AbstractContextManager[object] = nullcontext()
_sqlite_writer = Lock()
_ambient: ContextVar[Connection | None] = ContextVar("ambient", default=None)
_lender: ContextVar["_Lender | None"] = ContextVar("lender", default=None)


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
        kept: _KeptConnections | None = app.extensions.get(_KEPT)
        self._is_kept = kept is not None
        self._lender = _Lender() if kept is None else kept.lender_of_thread()

    def __enter__(self) -> None:
        self._token = _lender.set(self._lender)

    def __exit__(self, *_error: object) -> None:
        _lender.reset(self._token)
        self._lender.give_back(keep=self._is_kept)


def keep_connections(app: Flask) -> None:
    """Let each thread that answers requests keep its connection: for a server that owns its threads."""
    app.extensions[_KEPT] = _KeptConnections()


def close_connections(app: Flask) -> None:
    """Close every connection of a server that answers no more; SQLite then leaves one file.

    Whoever closes the last connection to a file folds the log into it, and removes what stands beside it.
    """
    if "sqlalchemy" not in app.extensions:
        return
    kept: _KeptConnections | None = app.extensions.get(_KEPT)
    if kept is not None:
        kept.give_back()
    with app.app_context():
        if db.engine.dialect.name == SQLITE:
            with db.engine.connect() as connection:
                connection.info[CHECKPOINTS].wait()
        db.engine.dispose()


class _KeptConnections:
    """What lends its connection to each thread."""

    def __init__(self) -> None:
        self._of_thread = local()
        self._lenders: list[_Lender] = []

    def lender_of_thread(self) -> "_Lender":
        lender: _Lender | None = getattr(self._of_thread, "lender", None)
        if lender is None:
            lender = self._of_thread.lender = _Lender()
            self._lenders.append(lender)
        return lender

    def give_back(self) -> None:
        for lender in self._lenders:
            lender.give_back(keep=False)


class _Lender:
    """Borrows a connection once, and lends it again and again."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def lend(self) -> Connection:
        connection = self._connection
        if connection is not None and connection.invalidated:
            # The database has ended it, and what it was used for; what comes after that takes another.
            connection.close()
            connection = None
        if connection is None:
            connection = self._connection = db.engine.connect()
        return connection

    def give_back(self, *, keep: bool) -> None:
        connection = self._connection
        if connection is None:
            return
        # A connection to a server may be cut at any time, which shows when it is taken out of the pool.
        if keep and connection.dialect.name == "sqlite":
            return
        self._connection = None
        connection.close()


class writing:  # noqa: N801
    """Lend a connection whose statements are committed together, or not at all.

    Inside `together` they are committed with the whole; rules are judged before anything is written, as
    nothing undoes a part.
    """

    __slots__ = ("_transaction",)

    def __enter__(self) -> Connection:
        ambient = _ambient.get()
        self._transaction = None if ambient is not None else together()
        return self._transaction.__enter__() if self._transaction is not None else cast(Connection, ambient)

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if self._transaction is not None:
            self._transaction.__exit__(kind)


class together:  # noqa: N801
    """Make everything that is read and written inside one transaction, committed at the end.

    SQLite lets one writer in at a time and makes the others back off blindly; the threads of one process
    queue here instead, which is fairer and faster.
    """

    __slots__ = ("_connection", "_driver", "_is_lent", "_is_sqlite", "_token")

    def __enter__(self) -> Connection:
        lender = _lender.get()
        self._is_lent = lender is not None
        self._connection = db.engine.connect() if lender is None else lender.lend()
        self._is_sqlite = self._connection.dialect.name == "sqlite"
        if self._is_sqlite:
            _sqlite_writer.acquire()
        has_begun = False
        try:
            # The driver is told itself: SQLAlchemy does not see the statements of `Prepared`.
            self._driver = self._connection.connection
            # A transaction of SQLite that reads first could not become a writer beside another process's.
            begin = "BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN"
            try:
                self._driver.cursor().execute(begin)
            except driver_errors(self._connection) as error:
                raise translated(self._connection, begin, error) from error
            has_begun = True
        finally:
            if not has_begun:
                self._let_go()
        self._token = _ambient.set(self._connection)
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        _ambient.reset(self._token)
        is_committed = False
        try:
            if kind is None:
                try:
                    self._driver.commit()
                except driver_errors(self._connection) as error:
                    raise translated(self._connection, "COMMIT", error) from error
                is_committed = True
        finally:
            try:
                # A connection that is gone has nothing to undo.
                if not (is_committed or self._connection.invalidated):
                    self._undo()
                noted = self._driver.info
                for callback in noted.pop(_AT_END, ()):
                    callback()
                if is_committed and self._is_sqlite:
                    noted[CHECKPOINTS].count(self._driver)
            finally:
                self._let_go()

    def _undo(self) -> None:
        try:
            self._driver.rollback()
        except driver_errors(self._connection) as error:
            # The database undoes what a connection has begun when that ends.
            self._connection.invalidate(error)

    def _let_go(self) -> None:
        if self._is_sqlite:
            _sqlite_writer.release()
        if not self._is_lent:
            self._connection.close()


def write_giving_way(write: Callable[[Connection], None]) -> None:
    """Have `write` change many rows in one transaction, which stands back behind everybody else's.

    It meets calls that lock the same rows in another order. Where each waits for the other, PostgreSQL would
    end either of them after a second; this one gives up before that, lets them go on, and begins anew.

    Raises:
        sqlalchemy.exc.OperationalError: others did not let it through for GIVE_WAY_SECONDS.
    """
    deadline = time.monotonic() + GIVE_WAY_SECONDS
    while True:
        try:
            with together() as connection:
                if connection.dialect.name != SQLITE:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                write(connection)
                return
        except OperationalError as error:
            if not has_waited_too_long(error) or time.monotonic() > deadline:
                raise
            time.sleep(LOCK_MILLISECONDS / 1000)


def attempting(connection: Connection) -> AbstractContextManager[object]:
    """Surround a statement that may break a constraint, so that the transaction can go on if it does.

    SQLite undoes the statement alone; other databases give up the transaction unless there is a savepoint.
    """
    return _nothing if connection.dialect.name == SQLITE else connection.begin_nested()


def at_end_of_transaction(connection: Connection, callback: Callable[[], None]) -> None:
    """Have `callback` called at the end of the transaction, also of one that is undone."""
    connection.info.setdefault(_AT_END, []).append(callback)


def has_replicas(connection: Connection) -> bool:
    """Tell whether servers elsewhere may have the same database, and leave work behind when they are gone."""
    return connection.dialect.name != SQLITE
