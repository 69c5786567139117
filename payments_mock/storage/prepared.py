"""Statements that run on every request, compiled once for each kind of database.

SQLAlchemy builds them and knows the database's dialect and types; what it does for each execution costs more
than the execution itself, so that is done here: bind, run, read. Everything else uses SQLAlchemy as usual.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from payments_mock.storage.errors import driver_errors, translated

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
