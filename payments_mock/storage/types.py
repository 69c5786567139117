"""Column types that every database stores alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator

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
