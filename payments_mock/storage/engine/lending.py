"""Connections as they are lent: for looks, and for transactions that end with the block.

On PostgreSQL what begins and ends a transaction, and what sets a savepoint, goes in the messages of the
statements between them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.engine.pipeline import Statement, pipeline_of
from payments_mock.storage.engine.prepared import driver_errors, translated, translating

if TYPE_CHECKING:
    from payments_mock.storage.engine.database import Database

_nothing: AbstractContextManager[object] = nullcontext()


class OpenConnection:
    """A connection for statements that change nothing, lent as long as the context lasts."""

    __slots__ = ("_connection", "_lender")

    def __init__(self, lender: Database) -> None:
        self._lender = lender

    def __enter__(self) -> Connection:
        self._connection = self._lender.take()
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._lender.give_back(self._connection)


class OpenPipeline:
    """A connection to PostgreSQL for statements each of which is a transaction of its own."""

    __slots__ = ("_connection", "_lender", "_pipeline")

    def __init__(self, lender: Database) -> None:
        self._lender = lender

    def __enter__(self) -> Connection:
        self._connection = self._lender.take()
        self._pipeline = pipeline_of(self._connection)
        _tell_check(self._lender, self._connection)
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._pipeline.forget()
        self._lender.give_back(self._connection)


class _Transaction:
    """How a transaction ends on either database; `then` is called in any case."""

    __slots__ = ("_connection", "_lender", "_then")

    _connection: Connection

    def __init__(self, lender: Database, then: Callable[[], None] | None) -> None:
        self._lender = lender
        self._then = then

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        is_committed = False
        try:
            if kind is None:
                self._commit()
                is_committed = True
        finally:
            try:
                # A lost connection has nothing to roll back.
                if not (is_committed or self._connection.invalidated):
                    self._undo()
                if self._then is not None:
                    self._then()
                if is_committed:
                    self._note_commit()
            finally:
                self._let_go(self._connection)

    def _undo(self) -> None:
        try:
            self._roll_back()
        except driver_errors(self._connection) as error:
            # The database rolls back when the connection ends.
            self._connection.invalidate(error)

    def _commit(self) -> None:
        raise NotImplementedError

    def _roll_back(self) -> None:
        raise NotImplementedError

    def _note_commit(self) -> None:
        """Count the commit, if anybody counts."""

    def _let_go(self, connection: Connection | None) -> None:
        if connection is not None:
            self._lender.give_back(connection)


class OpenTransaction(_Transaction):
    """A transaction on SQLite as long as the context lasts."""

    __slots__ = ("_driver",)

    def __enter__(self) -> Connection:
        lender = self._lender
        lender.await_turn()
        connection = None
        has_begun = False
        try:
            connection = self._connection = lender.take()
            # Use the driver directly, as SQLAlchemy does not see the statements of `Prepared`.
            self._driver = connection.connection
            # A SQLite transaction that begins by reading can't become a writer while another process writes.
            try:
                self._driver.cursor().execute("BEGIN IMMEDIATE")
            except driver_errors(connection) as error:
                raise translated(connection, "BEGIN IMMEDIATE", error) from error
            has_begun = True
        finally:
            if not has_begun:
                self._let_go(connection)
        return connection

    def _commit(self) -> None:
        try:
            self._driver.commit()
        except driver_errors(self._connection) as error:
            raise translated(self._connection, "COMMIT", error) from error

    def _roll_back(self) -> None:
        self._driver.rollback()

    def _note_commit(self) -> None:
        self._lender.count_commit(self._driver)

    def _let_go(self, connection: Connection | None) -> None:
        self._lender.end_turn()
        super()._let_go(connection)


class OpenPipelinedTransaction(_Transaction):
    """A transaction on PostgreSQL as long as the context lasts."""

    __slots__ = ("_behind", "_optimistic", "_pipeline")

    def __init__(
        self, lender: Database, then: Callable[[], None] | None, behind: Statement | None, optimistic: bool
    ) -> None:
        super().__init__(lender, then)
        self._behind = behind
        self._optimistic = optimistic

    def __enter__(self) -> Connection:
        self._connection = self._lender.take()
        self._pipeline = pipeline_of(self._connection)
        first = [each for each in (self._lender.check, self._behind) if each is not None and not each.is_done]
        if self._behind is None or self._behind.is_done:
            self._pipeline.begin(optimistic=self._optimistic)
            for each in first:
                self._pipeline.tell(each)
        else:
            self._pipeline.begin(first, optimistic=self._optimistic)
        return self._connection

    def _commit(self) -> None:
        with translating(self._connection, "COMMIT"):
            self._pipeline.commit()

    def _roll_back(self) -> None:
        self._pipeline.undo()


def _tell_check(lender: Database, connection: Connection) -> None:
    check = lender.check
    if check is not None and not check.is_done:
        pipeline_of(connection).tell(check)


def flush(connection: Connection) -> None:
    """Send what waits for the next statement on a connection to PostgreSQL."""
    with translating(connection, "what waits"):
        pipeline_of(connection).flush()


def breaks(error: IntegrityError, constraint: UniqueConstraint | Index) -> bool:
    """Tell whether a statement failed by this constraint, rather than by another."""
    if isinstance(error.orig, sqlite3.Error):
        # SQLite names the columns.
        return str(error.orig).endswith(f": {', '.join(map(str, constraint.columns))}")
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) == constraint.name


def is_optimistic(connection: Connection) -> bool:
    """Tell whether what runs on a connection is taken to change its row."""
    return connection.dialect.name != SQLITE and pipeline_of(connection).is_optimistic


def attempting(connection: Connection) -> AbstractContextManager[object]:
    """Surround a statement that may break a constraint, so that the transaction can go on if it does.

    SQLite undoes the statement alone; PostgreSQL gives up the transaction unless there is a savepoint, which
    costs no message here.
    """
    return _nothing if connection.dialect.name == SQLITE else _behind_savepoint(connection)


@contextmanager
def _behind_savepoint(connection: Connection) -> Iterator[None]:
    pipeline = pipeline_of(connection)
    pipeline.tell(Statement("SAVEPOINT attempt"))
    try:
        yield
    except IntegrityError:
        with translating(connection, "ROLLBACK"):
            pipeline.ask(Statement("ROLLBACK TO SAVEPOINT attempt"))
        raise
    finally:
        pipeline.tell(Statement("RELEASE SAVEPOINT attempt"))
