"""The database of an application: connections for looks, and transactions.

Whoever opens a transaction hands its connection on. Whether a function commits never depends on who calls it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from copy import copy
from itertools import count
from threading import Lock, Thread, get_ident
from typing import TYPE_CHECKING, Final

from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from payments_mock.domain.sandboxes import KeyOwner
from payments_mock.storage.engine.engines import SQLITE, Checkpoints
from payments_mock.storage.engine.lending import (
    OpenConnection,
    OpenPipeline,
    OpenPipelinedTransaction,
    OpenTransaction,
)
from payments_mock.storage.engine.pipeline import Statement, pipeline_of

if TYPE_CHECKING:
    from payments_mock.storage.engine.waiting import Silence

LOCK_MILLISECONDS: Final = 100
GIVE_WAY_SECONDS: Final = 10.0
"""How long a transaction that gives way waits for one lock, and for its turn in all."""

_LOCK_NOT_AVAILABLE: Final = "55P03"
"""PostgreSQL's number of the error that says so."""

MOST_KEPT: Final = 5
MOST_KEPT_OF_POSTGRESQL: Final = 16
"""How many idle connections are kept at the most: on PostgreSQL one for each thread, and more."""

PROBE_SECONDS: Final = 1.0
"""For how long one write shows that others are possible, and how long it may wait for its turn."""

_GROWN_AFTER: Final = frozenset((500, 2_000, 8_000, 32_000, 128_000))
"""After how many takes of a connection tables may have grown, of a database that was new."""

_NEVER_LOOKED_AT: Final = (
    "SELECT relname FROM pg_class WHERE relname IN ('payments', 'transactions', 'webhook_deliveries')"
    " AND pg_table_is_visible(oid) AND reltuples < 0 AND pg_relation_size(oid) > 100000"
)

EXTENSION: Final = "payments_mock.database"
"""Where an application has its database."""

Lent = AbstractContextManager[Connection]


class KnownOwners:
    """The owners of keys that a process remembers, by the digests of the keys.

    All are forgotten when this process changes one. With an owner comes the check that tells whether another
    process changed it.
    """

    def __init__(self) -> None:
        self.owners: dict[str, tuple[KeyOwner, str | None]] = {}

    def forget(self) -> None:
        """Forget them. A look-up from before a change stores its owner in the old dict, unread."""
        self.owners = {}


class Database:
    """An engine, the queue of those who write to SQLite, and the connections that are kept for the next call.

    SQLite lets one writer in at a time and makes the others back off blindly; the threads of one process
    queue here instead, which is fairer and faster.
    """

    def __init__(self, engine: Engine, checkpoints: Checkpoints | None, silence: Silence | None) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == SQLITE
        self.known_owners: KnownOwners | None = None if self.is_sqlite else KnownOwners()
        """None if others may change the database without our notice."""
        self.check: Statement | None = None
        self._checkpoints = checkpoints
        self._silence = silence
        self._writer = Lock()
        self._writer_thread: int | None = None
        self._idle: list[Connection] = []
        self._most_kept = 0
        self._probed_at: float | None = None
        self._takes = count(1)
        if silence is not None:
            silence.forget_idle = self._forget_idle

    @property
    def has_replicas(self) -> bool:
        """Whether other servers may share the database, and leave work behind when they end."""
        return not self.is_sqlite

    def checking(self, check: Statement | None) -> Database:
        """Return this database for one call, which sends a check with its first statement."""
        if check is None:
            return self
        same = copy(self)
        same.check = check
        return same

    def connection(self) -> Lent:
        """Lend a connection for statements that change nothing, each of which is a transaction of its own."""
        return OpenConnection(self) if self.is_sqlite else OpenPipeline(self)

    def transaction(self, behind: Statement | None = None, *, optimistic: bool = False) -> Lent:
        """Lend a connection whose statements are committed together at the end, or not at all.

        On PostgreSQL they may run `behind` a statement that is committed before them, in the same message.
        Where it is `optimistic`, it does not wait to see that each changes its row, but raises
        StaleRowError, by its end, if one does not.
        """
        if self.is_sqlite:
            return OpenTransaction(self, None)
        return OpenPipelinedTransaction(self, None, behind, optimistic)

    def one_change(self) -> Lent:
        """Lend a connection for one statement that changes something."""
        # On PostgreSQL a statement is a transaction of its own, in one message.
        return OpenTransaction(self, None) if self.is_sqlite else OpenPipeline(self)

    def transaction_on_merchants(self) -> Lent:
        """Open a transaction that changes merchants or keys, after which no owner of a key is remembered."""
        then = self.forget_owners
        return (
            OpenTransaction(self, then)
            if self.is_sqlite
            else OpenPipelinedTransaction(self, then, None, optimistic=False)
        )

    def remember_owners(self) -> None:
        """Remember the owners of keys in this process, which alone may change the database."""
        self.known_owners = self.known_owners or KnownOwners()

    def forget_owners(self) -> None:
        """Forget the owners of keys."""
        if self.known_owners is not None:
            self.known_owners.forget()

    def write_giving_way(self, write: Callable[[Connection], None]) -> None:
        """Have `write` change a sandbox in one transaction that gives way to all others.

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
                if not _has_waited_too_long(error) or time.monotonic() > deadline:
                    raise
                time.sleep(LOCK_MILLISECONDS / 1000)

    def keep_connections(self) -> None:
        """Keep connections for the next call; the server must close them at its end."""
        self._most_kept = MOST_KEPT if self.is_sqlite else MOST_KEPT_OF_POSTGRESQL

    def close(self) -> None:
        """Close every connection of a stopped server; SQLite then leaves one file.

        Whoever closes the last connection to a file folds the log into it, and removes what stands beside it.
        """
        self._most_kept = 0
        if self._checkpoints is not None:
            self._checkpoints.wait()
        self._forget_idle()

    def take(self) -> Connection:
        """Take a connection; give it back with `give_back`.

        Raises:
            sqlalchemy.exc.OperationalError: there is none, at once while the database is silent.
        """
        if self._silence is not None:
            self._silence.refuse()
            if next(self._takes) in _GROWN_AFTER:
                Thread(target=self._look_at_tables, name="statistics", daemon=True).start()
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                break
            if not connection.invalidated and (self.is_sqlite or not pipeline_of(connection).has_ended()):
                return connection
            _close(connection)
        return self.engine.connect() if self._silence is None else self._silence.connect()

    def give_back(self, connection: Connection) -> None:
        """Give a connection back for the next caller."""
        if len(self._idle) < self._most_kept:
            self._idle.append(connection)
        else:
            connection.close()

    def _forget_idle(self) -> None:
        # A call may take the last one meanwhile.
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
        self.engine.dispose()

    def _look_at_tables(self) -> None:
        """Have PostgreSQL look at tables that have grown, as it does itself after a minute.

        Until then any index is as good as another to it, and it may read all payments of a merchant for one.
        """
        with suppress(SQLAlchemyError), self.engine.connect() as connection:
            grown = connection.exec_driver_sql(_NEVER_LOOKED_AT).scalars().all()
            if grown:
                connection.exec_driver_sql(f"ANALYZE {', '.join(grown)}")

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
        # This thread would wait for itself forever.
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


def _close(connection: Connection) -> None:
    """Close a connection that was ended by the server, or given up."""
    if not connection.invalidated:
        connection.invalidate()
    connection.close()


def _has_waited_too_long(error: DBAPIError) -> bool:
    """Tell whether a statement gave up waiting for others' locks, as it was told to."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE
