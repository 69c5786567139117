"""Column types that both databases share, those of instruments among them."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache, partial
from types import NoneType
from typing import Any, get_args, get_type_hints

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Integer,
    MetaData,
    Text,
    TextClause,
    event,
)
from sqlalchemy.types import TypeDecorator

from payments_mock.domain.payments.instruments import Instruments
from payments_mock.storage.engine.database import db
from payments_mock.storage.engine.engines import POSTGRESQL

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

RowId = BigInteger().with_variant(Integer, "sqlite")
"""A generated key; SQLite numbers rows by itself only for the type INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 in UTC: exact, sortable and cheap to read."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn a moment into the number that is stored."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Turn a stored number into a moment."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Duration(TypeDecorator[timedelta]):
    """A length of time, kept as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Turn a length into the number that is stored."""
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> timedelta | None:
        """Turn a stored number into a length."""
        return None if value is None else timedelta(microseconds=value)


class JsonText(TypeDecorator[Mapping[str, Any]]):
    """A small JSON object or array, kept as text; dataclasses, enums and moments are written as JSON too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Turn an object into the text that is stored."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Turn stored text into an object."""
        return None if value is None else orjson.loads(value)


def partial_index(
    name: str, *columns: Any, where: ColumnElement[bool] | TextClause, unique: bool = False
) -> Index:
    """Make an index of the rows that `where` is true of."""
    return Index(name, *columns, unique=unique, sqlite_where=where)


# Said to PostgreSQL at once, the condition would import all of its dialect, which everybody would wait for.
@event.listens_for(db.metadata, "before_create")
def _say_conditions_to_postgresql(metadata: MetaData, connection: Connection, **_more: Any) -> None:
    if connection.dialect.name != POSTGRESQL:
        return
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_kwargs[f"{POSTGRESQL}_where"] = condition


class InstrumentsColumn(JsonText):
    """A column of `Instruments`."""

    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Turn stored text into instruments."""
        return None if value is None else _instruments_of(value)


@lru_cache(maxsize=1024)
def _instruments_of(text: str) -> Instruments:
    """Read what is looked up again and again, and never changes once it is read."""
    return read_instruments(orjson.loads(text))


def read_instruments(stored: Mapping[str, Any]) -> Instruments:
    """Make instruments of the JSON object that they were stored as."""
    made: Instruments = _read(Instruments, stored)
    return made


def _read(kind: Callable[..., Any], stored: Mapping[str, Any]) -> Any:
    """Make an instance of a dataclass from JSON, where enums and moments are text."""
    made = dict(stored)
    for name, read in _readers(kind):
        if made.get(name) is not None:
            made[name] = read(made[name])
    return kind(**made)


@cache
def _readers(kind: Callable[..., Any]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return what makes the values of those fields of a dataclass that JSON can't hold as they are."""
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return tuple((name, reader) for name, reader in readers.items() if reader is not None)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    kind: type = next(each for each in get_args(hint) or (hint,) if each is not NoneType)
    if kind is datetime:
        return datetime.fromisoformat
    if issubclass(kind, StrEnum):
        return kind
    return partial(_read, kind) if is_dataclass(kind) else None
