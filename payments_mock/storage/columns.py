"""Column types that both databases share, and how new rows of a table are read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache, partial
from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    TextClause,
    bindparam,
    event,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

from payments_mock.domain.payments.instruments import Instruments
from payments_mock.storage.engine.engines import POSTGRESQL

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

metadata: Final = MetaData()
"""The tables of this release, as SQLAlchemy knows them."""


def merchant_id_column(*, index: bool = False) -> Column[int]:
    """Make the column that tells whose a row is; the row goes with its merchant."""
    return Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False, index=index)


def enum_as_text(kind: type) -> Enum:
    """Make the type of a column that stores the members of an enum by their names."""
    return Enum(kind, native_enum=False, length=32)


def make_table(name: str, *parts: SchemaItem, **options: Any) -> Table:
    """Make a table of this release from its columns, constraints and indexes."""
    return Table(name, metadata, *parts, **options)


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


# Given at once, the condition would import all of PostgreSQL's dialect, which slows every start.
@event.listens_for(metadata, "before_create")
def _say_conditions_to_postgresql(metadata: MetaData, connection: Connection, **_more: Any) -> None:
    if connection.dialect.name != POSTGRESQL:
        return
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_kwargs[f"{POSTGRESQL}_where"] = condition


def storable(text: str | None, longest: int) -> str | None:
    """Return a client's text as a column of this many characters can store it, without NUL."""
    return None if text is None else text[:longest].replace("\0", "")


class InstrumentsColumn(JsonText):
    """A column of `Instruments`."""

    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Turn stored text into instruments."""
        return None if value is None else _instruments_of(value)


@lru_cache(maxsize=1024)
def _instruments_of(text: str) -> Instruments:
    """Parse JSON once for each text, as the result never changes."""
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
    """Return the converters of a dataclass's fields that JSON can't hold as they are."""
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return tuple((name, reader) for name, reader in readers.items() if reader is not None)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    kind: type = next(each for each in get_args(hint) or (hint,) if each is not NoneType)
    if kind is datetime:
        return datetime.fromisoformat
    if issubclass(kind, StrEnum):
        return kind
    return partial(_read, kind) if is_dataclass(kind) else None


class NewsRow(NamedTuple):
    """A row that tells of something new: its number and time, its merchant and its subject."""

    number: int
    at: datetime
    merchant_id: int | None
    order_id: str | None
    payment_key: str | None
    of_id: int


Readers = Collection[int | None]
"""The merchants whose news is read, by id; None stands for what is in no sandbox."""


class NewsSource:
    """A table that gets a row whenever something happens.

    `told` selects the columns of a `NewsRow`, of which the first two are the table's own. SQLite may give
    the number of the newest row once more when that is deleted, so a place is a number with its time.
    """

    def __init__(self, table: Table, told: Select[Any]) -> None:
        self._table = table
        self._told = told
        self._place = select(*list(told.selected_columns)[:2])

    def behind(self, connection: Connection, merchant_ids: Readers, number: int, limit: int) -> list[NewsRow]:
        """Read the first rows of these merchants behind a number, at most so many."""
        id_ = self._table.c.id
        new = self._told.where(id_ > number, self._is_of(merchant_ids))
        rows = connection.execute(new.where(settled(connection, self._table)).order_by(id_).limit(limit))
        return [NewsRow(*row) for row in rows]

    def newest(self, connection: Connection, merchant_ids: Readers) -> tuple[int, datetime]:
        """Read the place of the newest row of these merchants; 0 where there is none."""
        of_merchants = self._place.where(self._is_of(merchant_ids))
        of_merchants = of_merchants.where(settled(connection, self._table))
        row = connection.execute(of_merchants.order_by(self._table.c.id.desc()).limit(1)).first()
        return (0, EPOCH) if row is None else (row[0], row[1])

    def is_there(self, connection: Connection, number: int, at: datetime) -> bool:
        """Tell whether the row of a place is still there, and no other has its number."""
        row = connection.execute(self._place.where(self._table.c.id == number)).first()
        return number == 0 or (row is not None and row[1] == at)

    def _is_of(self, merchant_ids: Readers) -> ColumnElement[bool]:
        """Choose the rows of these merchants; those of a table that has none are nobody's."""
        if "merchant_id" not in self._table.c:
            return true() if None in merchant_ids else false()
        return self._table.c.merchant_id.in_([one for one in merchant_ids if one is not None])


def one_of(connection: Connection, column: Column[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Choose the rows whose text in a column is one of these.

    PostgreSQL takes them as one array: hundreds of parameters take it and its driver milliseconds.
    """
    if connection.dialect.name != POSTGRESQL:
        return column.in_(values)
    return column == func.any(bindparam("values", list(values), ARRAY(Text), unique=True))


def settled(connection: Connection, table: Table) -> ColumnElement[bool]:
    """Choose the rows before which no more can come, by their numbers, so that a reader misses none.

    PostgreSQL gives a number out before the row is committed. So a row waits until everything is committed
    that was begun before it. SQLite lets one writer in at a time.
    """
    if connection.dialect.name != POSTGRESQL:
        return true()
    oldest = "pg_snapshot_xmin(pg_current_snapshot())"
    return literal_column(f"{table.name}.xmin::text::bigint < {oldest}::text::bigint", Boolean())
