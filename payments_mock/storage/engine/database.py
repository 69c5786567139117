"""The database of an application: connections for looks, and transactions.

Whoever opens a transaction hands its connection on. Whether a function commits never depends on who calls it.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock, get_ident
from typing import Final

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from payments_mock.domain.sandboxes import KeyOwner
from payments_mock.storage.engine.engines import SQLITE, Checkpoints
from payments_mock.storage.engine.prepared import driver_errors, has_waited_too_long, translated

db = SQLAlchemy()

LOCK_MILLISECONDS: Final = 100
GIVE_WAY_SECONDS: Final = 10.0
"""How long a transaction that gives way waits for one lock, and for its turn in all."""

MOST_KEPT: Final = 5
"""How many idle connections are kept at the most; a pool of SQLAlchemy keeps as many."""

PROBE_SECONDS: Final = 1.0
"""For how long one write shows that others are possible, and how long it may wait for its turn."""

EXTENSION: Final = "payments_mock.database"
"""Where an application has its database."""

_nothing: AbstractContextManager[object] = nullcontext()


class Database:
    """An engine, the queue of those who write to SQLite, and the connections that are kept for the next call.

    SQLite lets one writer in at a time and makes the others back off blindly; the threads of one process
    queue here instead, which is fairer and faster.
    """

    def __init__(self, engine: Engine, checkpoints: Checkpoints | None) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == SQLITE
        self.known_owners: dict[str, KeyOwner] | None = None
        """Owners by the digests of their keys, where no other process changes them."""
        self._checkpoints = checkpoints
        self._writer = Lock()
        self._writer_thread: int | None = None
        self._idle: list[Connection] = []
        self._keeps = False
        self._probed_at: float | None = None

    @property
    def has_replicas(self) -> bool:
        """Whether servers elsewhere may have the same database, and leave work behind when they are gone."""
        return not self.is_sqlite

    def connection(self) -> "OpenConnection":
        """Lend a connection for statements that change nothing, each of which is a transaction of its own."""
        return OpenConnection(self)

    def transaction(self) -> "OpenTransaction":
        """Lend a connection whose statements are committed together at the end, or not at all."""
        return OpenTransaction(self, None)

    def transaction_on_merchants(self) -> "OpenTransaction":
        """Open a transaction that changes merchants or keys, after which no owner of a key is remembered."""
        return OpenTransaction(self, self.forget_owners)

    def remember_owners(self) -> None:
        """Remember the owners of keys in this process, which alone may change the database."""
        self.known_owners = {}

    def forget_owners(self) -> None:
        """Forget the owners of keys."""
        if self.known_owners is not None:
            # A look-up from before the change stores its owner in the old dict, which nobody reads.
            self.known_owners = {}

    def write_giving_way(self, write: Callable[[Connection], None]) -> None:
        """Have `write` change a sandbox in one transaction, which stands back behind everybody else's.

        It meets calls that lock the same rows in another order. Where each waits for the other, PostgreSQL
        would end either of them after a second; this one gives up before that, lets them go on, and begins
        anew.

        Raises:
            sqlalchemy.exc.OperationalError: others did not let it through for GIVE_WAY_SECONDS.
        """
        deadline = time.monotonic() + GIVE_WAY_SECONDS
        while True:
            try:
                with self.transaction_on_merchants() as connection:
                    if not self.is_sqlite:
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                    write(connection)
                    return
            except OperationalError as error:
                if not has_waited_too_long(error) or time.monotonic() > deadline:
                    raise
                time.sleep(LOCK_MILLISECONDS / 1000)

    def keep_connections(self) -> None:
        """Keep connections for the next call: for a server that closes them at its end.

        One to a server may be cut at any time, which shows when it is taken out of SQLAlchemy's pool.
        """
        self._keeps = self.is_sqlite

    def close(self) -> None:
        """Close every connection of a server that answers no more; SQLite then leaves one file.

        Whoever closes the last connection to a file folds the log into it, and removes what stands beside it.
        """
        self._keeps = False
        while self._idle:
            self._idle.pop().close()
        if self._checkpoints is not None:
            self._checkpoints.wait()
        self.engine.dispose()

    def take(self) -> Connection:
        """Take a connection; give it back with `give_back`."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self.engine.connect()
        if connection.invalidated:
            connection.close()
            return self.engine.connect()
        return connection

    def give_back(self, connection: Connection) -> None:
        """Give a connection back for the next caller."""
        if self._keeps and len(self._idle) < MOST_KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def is_probe_due(self) -> bool:
        """Tell whether the last probing write is too old to show that writes are possible."""
        return self._probed_at is None or time.monotonic() - self._probed_at >= PROBE_SECONDS

    def note_probe(self) -> None:
        """Note that a write succeeded now."""
        self._probed_at = time.monotonic()

    def doubt(self) -> None:
        """Make the next check write again."""
        self._probed_at = None

    def await_turn(self) -> None:
        """Wait until this thread may write to SQLite."""
        thread = get_ident()
        # It would wait for itself for ever.
        assert self._writer_thread != thread, "this thread has a transaction: hand its connection on"  # noqa: S101
        self._writer.acquire()
        self._writer_thread = thread

    def end_turn(self) -> None:
        """Let the next one write to SQLite."""
        self._writer_thread = None
        self._writer.release()

    def count_commit(self, driver: object) -> None:
        """Count a commit to SQLite, while nobody else may write."""
        if self._checkpoints is not None:
            self._checkpoints.count(driver)


def database_of(app: Flask) -> Database:
    """Return the database of an application."""
    database: Database = app.extensions[EXTENSION]
    return database


def give_database(app: Flask, database: Database) -> None:
    """Have `database_of` find a database by its application."""
    app.extensions[EXTENSION] = database


class OpenConnection:
    """A connection for statements that change nothing, lent as long as the context lasts."""

    __slots__ = ("_connection", "_database")

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Connection:
        self._connection = self._database.take()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._database.give_back(self._connection)


class OpenTransaction:
    """A transaction as long as the context lasts; `then` is called at its end, also where it is undone."""

    __slots__ = ("_connection", "_database", "_driver", "_then")

    def __init__(self, database: Database, then: Callable[[], None] | None) -> None:
        self._database = database
        self._then = then

    def __enter__(self) -> Connection:
        database = self._database
        is_sqlite = database.is_sqlite
        if is_sqlite:
            database.await_turn()
        connection = None
        has_begun = False
        try:
            connection = self._connection = database.take()
            # Tell the driver itself: SQLAlchemy does not see the statements of `Prepared`.
            self._driver = connection.connection
            # A SQLite transaction that begins by reading can't become a writer while another process writes.
            begin = "BEGIN IMMEDIATE" if is_sqlite else "BEGIN"
            try:
                self._driver.cursor().execute(begin)
            except driver_errors(connection) as error:
                raise translated(connection, begin, error) from error
            has_begun = True
        finally:
            if not has_begun:
                self._let_go(connection)
        return connection

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
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
                if self._then is not None:
                    self._then()
                if is_committed:
                    self._database.count_commit(self._driver)
            finally:
                self._let_go(self._connection)

    def _undo(self) -> None:
        try:
            self._driver.rollback()
        except driver_errors(self._connection) as error:
            # The database rolls back when the connection ends.
            self._connection.invalidate(error)

    def _let_go(self, connection: Connection | None) -> None:
        if self._database.is_sqlite:
            self._database.end_turn()
        if connection is not None:
            self._database.give_back(connection)


def attempting(connection: Connection) -> AbstractContextManager[object]:
    """Surround a statement that may break a constraint, so that the transaction can go on if it does.

    SQLite undoes the statement alone; other databases give up the transaction unless there is a savepoint.
    """
    return _nothing if connection.dialect.name == SQLITE else connection.begin_nested()
