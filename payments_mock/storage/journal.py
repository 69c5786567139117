"""What was asked and answered in a sandbox, newest entries kept."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, select

from payments_mock.domain.states import State
from payments_mock.storage.prepared import Prepared
from payments_mock.storage.tables import journal, merchants


@dataclass(slots=True)
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

    @property
    def faults(self) -> Sequence[str]:
        """The names of the faults that struck."""
        names: Sequence[str] = self.details["faults"]
        return names

    def headers(self, names: Iterable[str]) -> dict[str, str | None]:
        """Return the request's headers of these lower-case names, None where one is not there."""
        sent = {name.lower(): value for name, value in self.details["requestHeaders"].items()}
        return {name: sent.get(name) for name in names}


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are meant: those that agree in everything that is not None, and come after an id.

    `headers` are the request's, by lower-case name; `fault` is one that struck.
    """

    operation: str | None = None
    method: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    amount: int | None = None
    status: int | None = None
    code: str | None = None
    fault: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after_id: int = 0

    def values(self) -> dict[str, Any]:
        """Return what an entry must agree in, by field."""
        fields = (name for name in self.__dataclass_fields__ if name != "after_id")
        return {name: value for name in fields if (value := getattr(self, name)) not in (None, {})}

    def differences(self, entry: JournalEntry) -> dict[str, Any]:
        """Return what an entry has where it does not agree, by field."""
        has = {name: self._comparable(entry, name) for name in self.values()}
        return {name: value for name, value in has.items() if not self._agrees(name, value)}

    def chooses(self, entry: JournalEntry) -> bool:
        """Tell whether an entry is meant."""
        return entry.id > self.after_id and not self.differences(entry)

    def _comparable(self, entry: JournalEntry, name: str) -> Any:
        if name == "headers":
            return entry.headers(self.headers)
        return getattr(entry, "faults" if name == "fault" else name)

    def _agrees(self, name: str, has: Any) -> bool:
        wanted = getattr(self, name)
        return wanted in has if name == "fault" else bool(wanted == has)


LARGEST_BATCH = 1024
"""How many entries a row holds at most; an entry's id is its row's times this, and its place in the row."""

_insert = Prepared(
    insert(journal).values({name: bindparam(name) for name in ("merchant_id", "size", "entries")})
)
_of_merchant = journal.c.merchant_id == bindparam("of_merchant")
_newer = func.sum(journal.c.size).over(order_by=journal.c.id.desc()) - journal.c.size
_rows_and_newer = select(journal.c.id, _newer.label("newer")).where(_of_merchant).subquery()
_newest_not_needed = select(func.max(_rows_and_newer.c.id)).where(
    _rows_and_newer.c.newer >= bindparam("kept", type_=Integer)
)
_delete_old = Prepared(
    delete(journal).where(_of_merchant, journal.c.id <= _newest_not_needed.scalar_subquery())
)
_select_newest = select(journal.c.id).where(journal.c.id > 0).order_by(journal.c.id.desc()).limit(1)
_select_rows_behind = Prepared(
    select(journal.c.id, journal.c.merchant_id)
    .where(journal.c.id > bindparam("floor"))
    .order_by(journal.c.id)
)
_select_entries_of_row = Prepared(select(journal.c.entries).where(journal.c.id == bindparam("row")))
_select_merchant = Prepared(select(merchants.c.id).where(merchants.c.id == bindparam("of_merchant")))


def add_all(connection: Connection, entries: Iterable[tuple[int, JournalEntry]]) -> None:
    """Store entries, each with the id of its merchant; those of a merchant that is gone are left out."""
    by_merchant: dict[int, list[JournalEntry]] = defaultdict(list)
    for merchant_id, entry in entries:
        by_merchant[merchant_id].append(entry)
    rows = [
        row
        for merchant_id, of_merchant in by_merchant.items()
        if _select_merchant.first(connection, {"of_merchant": merchant_id}) is not None
        for row in _rows(merchant_id, of_merchant)
    ]
    if rows:
        _insert.run_many(connection, rows)


def _rows(merchant_id: int, entries: list[JournalEntry]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(entries), LARGEST_BATCH):
        batch = entries[start : start + LARGEST_BATCH]
        text = orjson.dumps(batch).decode()
        yield {"merchant_id": merchant_id, "size": len(batch), "entries": text}


def prune(connection: Connection, merchant_id: int, kept: int) -> None:
    """Remove the oldest rows of a merchant that its newest `kept` entries do not need."""
    _delete_old.run(connection, {"of_merchant": merchant_id, "kept": kept})


def find(connection: Connection, merchant_id: int, chosen: JournalFilter, limit: int) -> list[JournalEntry]:
    """Read the first `limit` entries that a filter chooses, the oldest first."""
    return list(islice(_chosen(connection, merchant_id, chosen), limit))


def find_newest(
    connection: Connection, merchant_id: int, chosen: JournalFilter, most: int
) -> list[JournalEntry]:
    """Read the newest entries that a filter chooses, at most so many, the oldest first."""
    return list(deque(_chosen(connection, merchant_id, chosen), maxlen=most))


def count(connection: Connection, merchant_id: int, chosen: JournalFilter) -> int:
    """Count the entries that a filter chooses."""
    return sum(1 for _ in _chosen(connection, merchant_id, chosen))


def clear(connection: Connection, merchant_id: int) -> int:
    """Remove all entries of a merchant; returns how many there were."""
    same = journal.c.merchant_id == merchant_id
    removed = connection.scalar(select(func.sum(journal.c.size)).where(same))
    connection.execute(delete(journal).where(same))
    return removed or 0


def newest_row(connection: Connection) -> int:
    """Read the number of the newest row of all merchants, 0 where there is none."""
    return connection.scalar(_select_newest) or 0


def rows_behind(connection: Connection, floor: int) -> Mapping[int, int]:
    """Read the rows behind a number, each with its merchant."""
    return dict(_select_rows_behind.all(connection, {"floor": floor}))


def entries_of_row(connection: Connection, row_id: int) -> list[JournalEntry]:
    """Read the entries of one row, none where it is gone."""
    row = _select_entries_of_row.first(connection, {"row": row_id})
    return [] if row is None else _entries(row_id, row[0])


def _entries(row_id: int, text: str) -> list[JournalEntry]:
    return [_entry(row_id * LARGEST_BATCH + place, fields) for place, fields in enumerate(orjson.loads(text))]


def _chosen(connection: Connection, merchant_id: int, chosen: JournalFilter) -> Iterator[JournalEntry]:
    rows = connection.execute(
        select(journal.c.id, journal.c.entries)
        .where(journal.c.merchant_id == merchant_id, journal.c.id >= chosen.after_id // LARGEST_BATCH)
        .order_by(journal.c.id)
    )
    for row_id, entries in rows:
        yield from (entry for entry in _entries(row_id, entries) if chosen.chooses(entry))


def _entry(entry_id: int, fields: dict[str, Any]) -> JournalEntry:
    states = {name: State(fields[name]) for name in ("state_before", "state_after") if fields[name]}
    times = {name: datetime.fromisoformat(fields[name]) for name in ("at", "received_at")}
    return JournalEntry(**fields | states | times | {"id": entry_id})
