"""The journal of a sandbox: its calls and what shoppers' browsers did, of which the newest are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Connection, Table, bindparam, func, select

from payments_mock.domain.payments.payment import State
from payments_mock.domain.values import JournalLane, immutable, trace_id_of
from payments_mock.storage.columns import Readers, metadata, settled
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.tables import journal, journal_calls

# What shoppers' browsers did is found as calls are, and kept apart: no count of a merchant's calls meets it.
journal_acts = journal_calls.to_metadata(metadata, name="journal_acts")


@dataclass(slots=True)
class JournalEntry:
    """One request and its answer; `at` by the sandbox's clock, `received_at` by the machine's, amount in KRW.

    `details` holds the headers and bodies of both, secrets masked, and the names of the faults that struck.
    Of a call that was refused or struck, it also has the kind of `fault`, what was `sent`, and the `reason`.
    Of what a shopper's browser did, it has the `lane`.
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
    def lane(self) -> JournalLane:
        """Whose doing it was."""
        return JournalLane(self.details.get("lane", JournalLane.MERCHANT))

    @property
    def faults(self) -> Sequence[str]:
        """The names of the faults that struck."""
        names: Sequence[str] = self.details["faults"]
        return names

    @property
    def mark(self) -> str | None:
        """What the entry is found by where somebody else tells of the call, None where nobody does."""
        mark: str | None = self.details.get("mark")
        return mark

    @property
    def trace_id(self) -> str | None:
        """The trace that the request says it is a part of."""
        return trace_id_of(self.headers(["traceparent"])["traceparent"])

    def headers(self, names: Iterable[str]) -> dict[str, str | None]:
        """Return the request's headers of these lower-case names, None where one is not there."""
        sent = {name.lower(): value for name, value in self.details["requestHeaders"].items()}
        return {name: sent.get(name) for name in names}


@immutable
class JournalFilter:
    """Which entries are meant: those that agree in everything that is not None, and come after an id.

    `headers` are the request's, by lower-case name; `fault` is one that struck, `trace_id` the trace that the
    header `traceparent` names. Entries from `before_id` on are left out; None leaves that side open. They are
    of one `lane`, or of all with None.
    """

    operation: str | None = None
    method: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    amount: int | None = None
    status: int | None = None
    code: str | None = None
    fault: str | None = None
    trace_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after_id: int = 0
    before_id: int | None = None
    lane: JournalLane | None = JournalLane.MERCHANT

    def values(self) -> dict[str, Any]:
        """Return the values that an entry must have, by field."""
        fields = (name for name in self.__dataclass_fields__ if name not in _PLACES)
        return {name: value for name in fields if (value := getattr(self, name)) not in (None, {})}

    @property
    def needs_details(self) -> bool:
        """Whether an entry must be read to know whether it matches."""
        return bool(self.headers) or self.fault is not None or self.trace_id is not None

    def differences(self, entry: JournalEntry) -> dict[str, Any]:
        """Return the values of an entry that differ, by field."""
        has = {name: self._comparable(entry, name) for name in self.values()}
        return {name: value for name, value in has.items() if not self._agrees(name, value)}

    def chooses(self, entry: JournalEntry) -> bool:
        """Tell whether an entry matches."""
        is_meant = entry.id > self.after_id and self.lane in (None, entry.lane)
        return is_meant and not self.differences(entry)

    def _comparable(self, entry: JournalEntry, name: str) -> Any:
        if name == "headers":
            return entry.headers(self.headers)
        return getattr(entry, "faults" if name == "fault" else name)

    def _agrees(self, name: str, has: Any) -> bool:
        wanted = getattr(self, name)
        return wanted in has if name == "fault" else bool(wanted == has)


_PLACES: Final = ("after_id", "before_id", "lane")

LARGEST_BATCH = 1024
"""How many entries a row holds at most; an entry's id is its row's times this, and its place in the row."""

NO_BOUND = 2**62
"""More than any id, and more than any number of entries."""

_FOUND_BY = ("operation", "method", "payment_key", "order_id", "amount", "status", "code")

_select_newest = select(journal.c.id).where(journal.c.id > 0).order_by(journal.c.id.desc()).limit(1)
_select_rows_behind = Prepared(
    select(journal.c.id, journal.c.merchant_id)
    .where(journal.c.id > bindparam("floor"))
    .order_by(journal.c.id)
)
_select_entries_of_row = Prepared(select(journal.c.entries).where(journal.c.id == bindparam("row")))


def find(
    connection: Connection, merchant_id: int, chosen: JournalFilter, limit: int, *, newest_first: bool = False
) -> list[JournalEntry]:
    """Read the first `limit` entries that a filter chooses, the oldest or the newest first."""
    return list(islice(_chosen(connection, merchant_id, chosen, limit, newest_first), limit))


def find_newest(connection: Connection, merchant_id: int, after_id: int, most: int) -> list[JournalEntry]:
    """Read at most so many of the newest entries after an id, the oldest first."""
    ids = list(_ids(connection, merchant_id, JournalFilter(after_id=after_id), most, newest_first=True))
    return list(read_entries(connection, ids[::-1]))


def calls_behind(
    connection: Connection, merchant_ids: Readers, after_id: int, limit: int
) -> list[tuple[int, JournalEntry]]:
    """Read the first entries of these merchants behind an id, at most so many, each with its merchant's."""
    rows = (
        select(journal.c.id, journal.c.merchant_id, journal.c.entries)
        .where(journal.c.id >= after_id // LARGEST_BATCH)
        .where(journal.c.merchant_id.in_([one for one in merchant_ids if one is not None]))
        .where(settled(connection, journal))
        .order_by(journal.c.id)
        # All entries of the first row may have been told before.
        .limit(limit + 1)
    )
    entries = (
        (merchant_id, entry)
        for row_id, merchant_id, text in connection.execute(rows)
        for entry in _entries(row_id, text)
    )
    return list(islice((pair for pair in entries if pair[1].id > after_id), limit))


def count(connection: Connection, merchant_id: int, chosen: JournalFilter) -> int:
    """Count the entries that a filter chooses."""
    if chosen.needs_details:
        return sum(1 for _ in _chosen(connection, merchant_id, chosen))
    values = {"merchant_id": merchant_id, "after_id": chosen.after_id} | chosen.values()
    names = tuple(name for name in _FOUND_BY if name in values)
    counted = (_counting(table, names).first(connection, values) for table in _TABLES[chosen.lane])
    return sum(row[0] for row in counted if row is not None)


_TABLES: Final[Mapping[JournalLane | None, Sequence[Table]]] = {
    JournalLane.MERCHANT: (journal_calls,),
    JournalLane.SHOPPER: (journal_acts,),
    None: (journal_calls, journal_acts),
}


@lru_cache(maxsize=2 << len(_FOUND_BY))
def _counting(table: Table, names: tuple[str, ...]) -> Prepared:
    """Return the statement that counts entries by these fields, cached, as hundreds may wait for the same."""
    same = [table.c[name] == bindparam(name) for name in names]
    of_merchant = table.c.merchant_id == bindparam("merchant_id")
    return Prepared(select(func.count()).where(of_merchant, table.c.id > bindparam("after_id"), *same))


def newest_row(connection: Connection) -> int:
    """Read the number of the newest row of all merchants, 0 if there is none."""
    return connection.scalar(_select_newest) or 0


def rows_behind(connection: Connection, floor: int) -> Mapping[int, int]:
    """Read the rows after a number, each with its merchant."""
    return dict(_select_rows_behind.all(connection, {"floor": floor}))


def entries_of_row(connection: Connection, row_id: int) -> list[JournalEntry]:
    """Read the entries of one row, none where it is gone."""
    row = _select_entries_of_row.first(connection, {"row": row_id})
    return [] if row is None else _entries(row_id, row[0])


def _entries(row_id: int, text: str) -> list[JournalEntry]:
    return [_entry(row_id * LARGEST_BATCH + place, fields) for place, fields in enumerate(orjson.loads(text))]


def _ids(
    connection: Connection, merchant_id: int, chosen: JournalFilter, limit: int, newest_first: bool
) -> Iterator[int]:
    """Read the ids of the entries that a filter chooses, as far as the tables of them tell."""
    values = chosen.values()
    names = tuple(name for name in _FOUND_BY if name in values)
    bounds = {name: values[name] for name in names} | {
        "merchant_id": merchant_id,
        "after_id": chosen.after_id,
        "before_id": NO_BOUND if chosen.before_id is None else chosen.before_id,
        "most": limit,
    }
    listings = [
        _listing(table, names, chosen.fault is not None, newest_first) for table in _TABLES[chosen.lane]
    ]
    found = [[entry_id for (entry_id,) in listing.all(connection, bounds)] for listing in listings]
    return islice(merge(*found, reverse=newest_first), limit)


@lru_cache(maxsize=8 << len(_FOUND_BY))
def _listing(table: Table, names: tuple[str, ...], struck: bool, newest_first: bool) -> Prepared:
    """Return the statement that lists entries by these fields, cached, as hundreds may wait for the same."""
    calls = table.c
    same = [calls[name] == bindparam(name) for name in names]
    if struck:
        same.append(calls.faults > 0)
    between = (calls.id > bindparam("after_id"), calls.id < bindparam("before_id"))
    listing = select(calls.id).where(calls.merchant_id == bindparam("merchant_id"), *between, *same)
    order = calls.id.desc() if newest_first else calls.id
    return Prepared(listing.order_by(order).limit(bindparam("most", type_=BigInteger)))


def _chosen(
    connection: Connection,
    merchant_id: int,
    chosen: JournalFilter,
    limit: int = NO_BOUND,
    newest_first: bool = False,
) -> Iterator[JournalEntry]:
    most = NO_BOUND if chosen.needs_details else limit
    ids: Iterable[int] = _ids(connection, merchant_id, chosen, most, newest_first)
    if chosen.headers or chosen.trace_id:
        rows = _rows_that_hold(connection, merchant_id, chosen)
        ids = (entry_id for entry_id in ids if entry_id // LARGEST_BATCH in rows)
    entries = read_entries(connection, ids)
    return (entry for entry in entries if chosen.chooses(entry))


def _rows_that_hold(connection: Connection, merchant_id: int, chosen: JournalFilter) -> set[int]:
    """Read which rows hold these header values, or this trace, so that no others need be parsed."""
    values = filter(None, (*chosen.headers.values(), chosen.trace_id))
    texts = [orjson.dumps(value).decode()[1:-1] for value in values]
    holding = [journal.c.entries.contains(text, autoescape=True) for text in texts]
    of_merchant = (journal.c.merchant_id == merchant_id, journal.c.id >= chosen.after_id // LARGEST_BATCH)
    return set(connection.scalars(select(journal.c.id).where(*of_merchant, *holding)))


def read_entries(connection: Connection, ids: Iterable[int]) -> Iterator[JournalEntry]:
    """Read entries in the order of their ids, each row once."""
    for row_id, of_row in groupby(ids, lambda entry_id: entry_id // LARGEST_BATCH):
        found = {entry.id: entry for entry in entries_of_row(connection, row_id)}
        yield from (found[entry_id] for entry_id in of_row if entry_id in found)


def _entry(entry_id: int, fields: dict[str, Any]) -> JournalEntry:
    states = {name: State(fields[name]) for name in ("state_before", "state_after") if fields[name]}
    times = {name: datetime.fromisoformat(fields[name]) for name in ("at", "received_at")}
    return JournalEntry(**fields | states | times | {"id": entry_id})
