"""Statements that run on every request, compiled once for each kind of database, and their errors.

SQLAlchemy builds them and knows the dialect and its types. What it does for each execution costs more than
the execution itself, so that is done here: bind, run, read. Everything else uses SQLAlchemy as usual.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Index, Select, UniqueConstraint
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

OUTAGES: Final = (OperationalError, InterfaceError, TimeoutError)
"""What is raised when the database is away, locked, full or can't be written, which is no fault of a call."""

_FOREIGN_KEY_VIOLATION: Final = "23503"
_LOCK_NOT_AVAILABLE: Final = "55P03"
"""PostgreSQL's numbers of these errors."""


class OwnerGoneError(SQLAlchemyError):
    """What a row was to belong to is gone: its sandbox was deleted, or reset, a moment before."""


def breaks(error: IntegrityError, constraint: UniqueConstraint | Index) -> bool:
    """Tell whether a statement failed by this constraint, rather than by another."""
    if isinstance(error.orig, sqlite3.Error):
        # SQLite names the columns.
        return str(error.orig).endswith(f": {', '.join(map(str, constraint.columns))}")
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) == constraint.name


def has_waited_too_long(error: DBAPIError) -> bool:
    """Tell whether a statement gave up waiting for others' locks, as it was told to."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


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


def first_line(error: Exception) -> str:
    """Return the first line of a database's or driver's message, without its hints."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]


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


Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement as one database takes it: its text, its parameters in order, and how to read a row."""

    text: str
    is_positional: bool
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    """What each parameter is where no value is given."""
    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    """Takes the parameters' values, in order, out of a mapping."""
    binders: tuple[tuple[int, Processor], ...]
    """What makes of a value the driver's; no value at all is NULL for every type here."""
    readers: tuple[tuple[int, Processor], ...]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver wants them."""
        try:
            bound = list(self.values_of(values))
        except KeyError:
            bound = list(self.values_of({**self.constants, **values}))
        for index, binder in self.binders:
            if bound[index] is not None:
                bound[index] = binder(bound[index])
        return bound if self.is_positional else dict(zip(self.names, bound, strict=True))

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of the driver as Python values."""
        values = list(row)
        for index, reader in self.readers:
            if values[index] is not None:
                values[index] = reader(values[index])
        return tuple(values)


class Prepared:
    """A statement with named parameters, ready to run on a connection.

    It must not grow with its values, as `IN` does: write out the alternatives of a constant list.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._plans: dict[str, _Plan] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it, and return the first row, None where there is none."""
        plan = self._plan(connection.dialect)
        cursor = self._run(connection, plan, values)
        try:
            row = cursor.fetchone()
        finally:
            cursor.close()
        return None if row is None else plan.read(row)

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it, and return every row."""
        plan = self._plan(connection.dialect)
        cursor = self._run(connection, plan, values)
        try:
            return [plan.read(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it, and return how many rows it changed."""
        cursor = self._run(connection, self._plan(connection.dialect), values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each row of values."""
        plan = self._plan(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(plan.text, [plan.bind(values) for values in rows])
        except driver_errors(connection) as error:
            raise translated(connection, plan.text, error) from error
        finally:
            cursor.close()

    def _run(self, connection: Connection, plan: _Plan, values: Mapping[str, Any]) -> Any:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(plan.text, plan.bind(values))
        except driver_errors(connection) as error:
            cursor.close()
            raise translated(connection, plan.text, error) from error
        return cursor

    def _plan(self, dialect: Dialect) -> _Plan:
        kind = f"{dialect.name}+{dialect.driver}"
        if kind not in self._plans:
            self._plans[kind] = _plan_for(self.statement, dialect)
        return self._plans[kind]


def _plan_for(statement: ClauseElement, dialect: Dialect) -> _Plan:
    compiled: Any = statement.compile(dialect=dialect)
    names = tuple(compiled.positiontup or compiled.binds)
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    readers = ((index, _reader(column.type, dialect)) for index, column in enumerate(columns))
    binders = ((index, _binder(compiled.binds[name].type, dialect)) for index, name in enumerate(names))
    return _Plan(
        text=str(compiled),
        is_positional=bool(compiled.positional),
        names=names,
        constants={name: compiled.params.get(name) for name in names},
        values_of=_values_of(names),
        binders=tuple((index, binder) for index, binder in binders if binder is not None),
        readers=tuple((index, reader) for index, reader in readers if reader is not None),
    )


def _values_of(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
