"""Statements that run on every request, compiled once for each kind of database, and their errors.

SQLAlchemy builds them and knows the dialect and its types. What it does for each execution costs more than
the execution itself, so that is done here: bind, run, read. Everything else uses SQLAlchemy as usual.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.sql import ClauseElement

from payments_mock.domain.values import immutable
from payments_mock.storage.engine.pipeline import Statement, demanding, encoded, many, pipeline_of, rows_of

OUTAGES: Final = (OperationalError, InterfaceError, TimeoutError)
"""The errors of a database that is away, locked, full or read-only, which are no fault of a call."""

_FOREIGN_KEY_VIOLATION: Final = "23503"
"""PostgreSQL's number of this error."""


class OwnerGoneError(SQLAlchemyError):
    """The owner of a new row is gone: its sandbox was deleted, or reset, a moment before."""


def tell_owner_is_gone(context: ExceptionContext) -> None:
    """Raise `OwnerGoneError` for an error of SQLAlchemy that means it; to be called at every error.

    Raises:
        OwnerGoneError: a row was to refer to one that is not there.
    """
    if _refers_to_nothing(context.original_exception):
        raise OwnerGoneError from context.original_exception


def _refers_to_nothing(error: BaseException) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return getattr(error, "sqlstate", None) == _FOREIGN_KEY_VIOLATION


def driver_errors(connection: Connection) -> type[Exception]:
    """Return the base class of the errors of a connection's driver."""
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    return errors


def translated(connection: Connection, statement: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy's, without parameters, and give up a connection that is gone.

    Where a row was to refer to one that is not there, it is an `OwnerGoneError`.
    """
    if _refers_to_nothing(error):
        return OwnerGoneError()
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        statement,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )


@contextmanager
def translating(connection: Connection, statement: str) -> Iterator[None]:
    """Raise the driver's errors within the block as SQLAlchemy's."""
    try:
        yield
    except driver_errors(connection) as error:
        raise translated(connection, statement, error) from error


Processor = Callable[[Any], Any]


@immutable
class _Plan:
    """A statement as one database takes it: its text, its parameters in order, and how to read a row."""

    text: str
    constants: Mapping[str, Any]
    """The default of each parameter."""
    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    """Takes the parameters' values, in order, out of a mapping."""
    binders: tuple[tuple[int, Processor], ...]
    """Converts a value to the driver's; None is NULL for every type here."""
    readers: tuple[tuple[int, Processor], ...]

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the parameters as the driver wants them."""
        try:
            bound = list(self.values_of(values))
        except KeyError:
            bound = list(self.values_of({**self.constants, **values}))
        for index, binder in self.binders:
            if bound[index] is not None:
                bound[index] = binder(bound[index])
        return bound

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of the driver as Python values."""
        values = list(row)
        for index, reader in self.readers:
            if values[index] is not None:
                values[index] = reader(values[index])
        return tuple(values)


class _SqlitePlan(_Plan):
    """SQLite runs in this process, so each statement runs at once."""

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        cursor = self._run(connection, values)
        try:
            row = cursor.fetchone()
        finally:
            cursor.close()
        return None if row is None else self.read(row)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor = self._run(connection, values)
        try:
            return [self.read(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        cursor = self._run(connection, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def run_later(self, connection: Connection, values: Mapping[str, Any]) -> None:
        self.run(connection, values)

    def demand(self, connection: Connection, values: Mapping[str, Any], otherwise: Exception) -> None:
        if self.run(connection, values) == 0:
            raise otherwise

    def changes_one(self, connection: Connection, values: Mapping[str, Any]) -> bool:
        return self.run(connection, values) == 1

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self.text, [self.bind(values) for values in rows])
        except driver_errors(connection) as error:
            raise translated(connection, self.text, error) from error
        finally:
            cursor.close()

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.text, self.bind(values))
        except driver_errors(connection) as error:
            cursor.close()
            raise translated(connection, self.text, error) from error
        return cursor


class _PipelinePlan(_Plan):
    """PostgreSQL is remote, so a statement that nobody waits for is sent with the next."""

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        rows = rows_of(self._ask(connection, values))
        return [self.read(row) for row in rows]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        return self._ask(connection, values).command_tuples or 0

    def run_later(self, connection: Connection, values: Mapping[str, Any]) -> None:
        self._tell(connection, [self._order(connection, values)])

    def demand(self, connection: Connection, values: Mapping[str, Any], otherwise: Exception) -> None:
        statement = self._order(connection, values)
        self._tell(connection, [Statement(demanding(self.text), statement.parameters, otherwise)])

    def changes_one(self, connection: Connection, values: Mapping[str, Any]) -> bool:
        pipeline = pipeline_of(connection)
        if not pipeline.is_optimistic:
            return self.run(connection, values) == 1
        pipeline.expect_row(self._order(connection, values))
        return True

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        self._tell(connection, [many(self.text, [self.bind(values) for values in rows])])

    def _order(self, connection: Connection, values: Mapping[str, Any]) -> Statement:
        try:
            return Statement(self.text, [encoded(value) for value in self.bind(values)])
        except driver_errors(connection) as error:
            raise translated(connection, self.text, error) from error

    def _ask(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        statement = self._order(connection, values)
        with translating(connection, self.text):
            return pipeline_of(connection).ask(statement)

    def _tell(self, connection: Connection, statements: Iterable[Statement]) -> None:
        pipeline = pipeline_of(connection)
        for statement in statements:
            pipeline.tell(statement)
        if not pipeline.is_in_transaction:
            # No later statement would send it.
            with translating(connection, self.text):
                pipeline.flush()


class Prepared:
    """A statement with named parameters, ready to run on a connection; `ending` is appended to its text.

    It must not grow with its values, as `IN` does: write out the alternatives of a constant list.
    """

    def __init__(self, statement: ClauseElement, ending: str = "") -> None:
        self.statement = statement
        self._ending = ending
        self._plans: dict[str, _SqlitePlan | _PipelinePlan] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it, and return the first row, None where there is none."""
        return self._plan(connection.dialect).first(connection, values)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it, and return every row."""
        return self._plan(connection.dialect).all(connection, values)

    def read(self, connection: Connection, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of its, which another statement has brought along, as Python values."""
        return self._plan(connection.dialect).read(row)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it, and return how many rows it changed."""
        return self._plan(connection.dialect).run(connection, values)

    def run_later(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Run it by the end of the transaction, which raises its error."""
        self._plan(connection.dialect).run_later(connection, values)

    def demand(self, connection: Connection, values: Mapping[str, Any], otherwise: Exception) -> None:
        """Run an `UPDATE` by the end of the transaction, which raises `otherwise` if it changes no row."""
        self._plan(connection.dialect).demand(connection, values, otherwise)

    def changes_one(self, connection: Connection, values: Mapping[str, Any]) -> bool:
        """Run it, and tell whether it changed its one row.

        An optimistic transaction assumes that it did, and raises StaleRowError by its end if not.
        """
        return self._plan(connection.dialect).changes_one(connection, values)

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each row of values, by the end of the transaction."""
        self._plan(connection.dialect).run_many(connection, rows)

    def _plan(self, dialect: Dialect) -> _SqlitePlan | _PipelinePlan:
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = _plan_for(self.statement, self._ending, dialect)
        return plan


def _plan_for(statement: ClauseElement, ending: str, dialect: Dialect) -> _SqlitePlan | _PipelinePlan:
    is_sqlite = dialect.name == "sqlite"
    # The pipeline takes parameters as $1, $2 and so on.
    compiler: Any = dialect if is_sqlite else type(dialect)(paramstyle="numeric_dollar")  # type: ignore[call-arg]
    compiled: Any = statement.compile(dialect=compiler)
    names = tuple(compiled.positiontup or ())
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    read = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    bound = [compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    return (_SqlitePlan if is_sqlite else _PipelinePlan)(
        text=str(compiled) + ending,
        constants={name: compiled.params.get(name) for name in names},
        values_of=_values_of(names),
        binders=tuple((index, binder) for index, binder in enumerate(bound) if binder is not None),
        readers=tuple((index, reader) for index, reader in enumerate(read) if reader is not None),
    )


def _values_of(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)
