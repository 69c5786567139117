"""What was asked and answered in a sandbox, newest entries kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from payments_mock.domain.states import State
from payments_mock.storage.prepared import Prepared
from payments_mock.storage.tables import journal, merchants


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One request and its answer; `at` by the sandbox's clock, `received_at` by the machine's, amount in KRW.

    `details` holds the headers and bodies of both, secrets masked, and the names of the faults that struck.
    """

    at: datetime
    received_at: datetime
    milliseconds: int
    operation: str
    method: str
    path: str
    payment_key: str | None
    order_id: str | None
    amount: int | None
    status: int
    code: str | None
    state_before: State | None
    state_after: State | None
    details: Mapping[str, Any]
    id: int = 0


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are meant: those that agree in everything that is not None, and come after an id."""

    operation: str | None = None
    method: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    amount: int | None = None
    status: int | None = None
    code: str | None = None
    after_id: int = 0

    def values(self) -> dict[str, Any]:
        """Return what an entry must agree in, by field."""
        fields = (name for name in self.__dataclass_fields__ if name != "after_id")
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}


_FIELDS = tuple(JournalEntry.__dataclass_fields__)
_STORED = (*(name for name in _FIELDS if name != "id"), "merchant_id")
_insert = Prepared(insert(journal).values({name: bindparam(name) for name in _STORED}))
_oldest_kept = (
    select(journal.c.id)
    .where(journal.c.merchant_id == bindparam("of_merchant"))
    .order_by(journal.c.id.desc())
    .limit(1)
    .offset(bindparam("kept"))
    .scalar_subquery()
)
_prune = delete(journal).where(
    journal.c.merchant_id == bindparam("of_merchant"), journal.c.id <= _oldest_kept
)


def add_all(connection: Connection, entries: Iterable[tuple[int, JournalEntry]]) -> None:
    """Store entries, each with the id of its merchant; those of a merchant that is gone are left out."""
    entries = list(entries)
    owners = {merchant_id for merchant_id, _ in entries}
    known = set(connection.scalars(select(merchants.c.id).where(merchants.c.id.in_(owners))))
    rows = [
        {name: getattr(entry, name) for name in _FIELDS if name != "id"} | {"merchant_id": merchant_id}
        for merchant_id, entry in entries
        if merchant_id in known
    ]
    if rows:
        _insert.run_many(connection, rows)


def prune(connection: Connection, merchant_id: int, kept: int) -> None:
    """Remove all but the newest `kept` entries of a merchant."""
    connection.execute(_prune, {"of_merchant": merchant_id, "kept": kept})


def find(connection: Connection, merchant_id: int, chosen: JournalFilter, limit: int) -> list[JournalEntry]:
    """Read the first `limit` entries that a filter chooses, the oldest first."""
    columns = select(*(journal.c[name] for name in _FIELDS))
    rows = connection.execute(_narrowed(columns, merchant_id, chosen).order_by(journal.c.id).limit(limit))
    return [_read(tuple(row)) for row in rows]


def _read(row: tuple[Any, ...]) -> JournalEntry:
    return JournalEntry(*row)


def count(connection: Connection, merchant_id: int, chosen: JournalFilter) -> int:
    """Count the entries that a filter chooses."""
    return connection.scalar(_narrowed(select(func.count()), merchant_id, chosen)) or 0


def clear(connection: Connection, merchant_id: int) -> int:
    """Remove all entries of a merchant; returns how many there were."""
    return connection.execute(delete(journal).where(journal.c.merchant_id == merchant_id)).rowcount


def _narrowed(statement: Select[Any], merchant_id: int, chosen: JournalFilter) -> Select[Any]:
    same = [journal.c[name] == value for name, value in chosen.values().items()]
    return statement.where(journal.c.merchant_id == merchant_id, journal.c.id > chosen.after_id, *same)
