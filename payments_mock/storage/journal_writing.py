"""Write the journal of a sandbox, of which the newest is kept, and the calls that belong to no sandbox."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    or_,
    select,
)

from payments_mock.domain.values import JournalLane, immutable
from payments_mock.storage.columns import NewsSource, RowId, UtcTime, make_table
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.journal import LARGEST_BATCH, JournalEntry, journal_acts, read_entries
from payments_mock.storage.tables import journal, journal_calls, merchants

# By what a call is found that somebody else tells of, such as the webhooks that it caused.
journal_marks = make_table(
    "journal_marks",
    Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", String(32), nullable=False, unique=True),
    sqlite_with_rowid=False,
)

LARGEST_JOURNAL_BYTES: Final = 64 * 1024 * 1024
"""How much the entries of a merchant may take; the rows behind the newest ones that do are removed."""

_ROW = ("merchant_id", "size", "entries", "bytes")
_insert = Prepared(insert(journal).values({name: bindparam(name) for name in _ROW}).returning(journal.c.id))
_CALL = tuple(column.name for column in journal_calls.columns)
_insert_call = Prepared(insert(journal_calls).values({name: bindparam(name) for name in _CALL}))
_MARK = tuple(column.name for column in journal_marks.columns)
_insert_mark = Prepared(insert(journal_marks).values({name: bindparam(name) for name in _MARK}))
_insert_act = Prepared(insert(journal_acts).values({name: bindparam(name) for name in _CALL}))
_select_merchant = Prepared(select(merchants.c.id).where(merchants.c.id == bindparam("of_merchant")))

_of_merchant = journal.c.merchant_id == bindparam("of_merchant")


def _of_newer(amount: ColumnElement[int]) -> ColumnElement[int]:
    return func.sum(amount).over(order_by=journal.c.id.desc()) - amount


_rows_and_newer = (
    select(
        journal.c.id,
        _of_newer(journal.c.size).label("newer"),
        _of_newer(journal.c.bytes).label("newer_bytes"),
    )
    .where(_of_merchant)
    .subquery()
)
_oldest = select(func.min(journal.c.id)).where(_of_merchant).scalar_subquery()
_select_not_needed = Prepared(
    select(_oldest, func.max(_rows_and_newer.c.id)).where(
        or_(
            _rows_and_newer.c.newer >= bindparam("kept", type_=Integer),
            _rows_and_newer.c.newer_bytes >= LARGEST_JOURNAL_BYTES,
        )
    )
)


def _between(number: ColumnElement[int]) -> ColumnElement[bool]:
    """Choose what is to go from the first on that is there, as PostgreSQL's index still has those before."""
    return and_(number >= bindparam("first", type_=BigInteger), number < bindparam("end", type_=BigInteger))


_delete_old = Prepared(delete(journal).where(_of_merchant, _between(journal.c.id)))
_delete_old_calls, _delete_old_acts = (
    Prepared(delete(table).where(table.c.merchant_id == bindparam("of_merchant"), _between(table.c.id)))
    for table in (journal_calls, journal_acts)
)


_delete_old_marks = Prepared(
    delete(journal_marks).where(
        journal_marks.c.merchant_id == bindparam("of_merchant"), _between(journal_marks.c.entry_id)
    )
)


def add_all(connection: Connection, entries: Iterable[tuple[int, JournalEntry]]) -> None:
    """Store entries, each with the id of its merchant; those of a merchant that is gone are left out."""
    by_merchant: dict[int, list[JournalEntry]] = defaultdict(list)
    for merchant_id, entry in entries:
        by_merchant[merchant_id].append(entry)
    for merchant_id, of_merchant in by_merchant.items():
        if _select_merchant.first(connection, {"of_merchant": merchant_id}) is not None:
            for start in range(0, len(of_merchant), LARGEST_BATCH):
                _add_row(connection, merchant_id, of_merchant[start : start + LARGEST_BATCH])


def _add_row(connection: Connection, merchant_id: int, batch: list[JournalEntry]) -> None:
    text = orjson.dumps(batch)
    row = {"merchant_id": merchant_id, "size": len(batch), "entries": text.decode(), "bytes": len(text)}
    inserted = _insert.first(connection, row)
    assert inserted is not None  # noqa: S101
    first = inserted[0] * LARGEST_BATCH
    rows: dict[JournalLane, list[dict[str, Any]]] = {lane: [] for lane in JournalLane}
    for place, entry in enumerate(batch):
        rows[entry.lane].append(_call(merchant_id, first + place, entry))
    for lane, statement in ((JournalLane.MERCHANT, _insert_call), (JournalLane.SHOPPER, _insert_act)):
        if rows[lane]:
            statement.run_many(connection, rows[lane])
    marks = [
        {"merchant_id": merchant_id, "entry_id": first + place, "mark": entry.mark}
        for place, entry in enumerate(batch)
        if entry.mark is not None
    ]
    if marks:
        _insert_mark.run_many(connection, marks)


def _call(merchant_id: int, entry_id: int, entry: JournalEntry) -> dict[str, Any]:
    return {
        "merchant_id": merchant_id,
        "id": entry_id,
        "operation": entry.operation,
        "method": entry.method,
        "payment_key": entry.payment_key,
        "order_id": entry.order_id,
        "amount": entry.amount,
        "status": entry.status,
        "code": entry.code,
        "faults": len(entry.faults),
    }


def find_marked(connection: Connection, mark: str) -> JournalEntry | None:
    """Read the entry that has a mark, None where there is none."""
    entry_id = connection.scalar(select(journal_marks.c.entry_id).where(journal_marks.c.mark == mark))
    return None if entry_id is None else next(read_entries(connection, [entry_id]), None)


def clear(connection: Connection, merchant_id: int) -> int:
    """Remove all entries of a merchant; returns how many calls of its own there were."""
    same = journal.c.merchant_id == merchant_id
    removed = connection.scalar(select(func.sum(journal.c.size)).where(same)) or 0
    connection.execute(delete(journal).where(same))
    for table in (journal_calls, journal_marks):
        connection.execute(delete(table).where(table.c.merchant_id == merchant_id))
    acts = connection.execute(delete(journal_acts).where(journal_acts.c.merchant_id == merchant_id))
    return removed - acts.rowcount


def prune(connection: Connection, merchant_id: int, kept: int) -> None:
    """Remove a merchant's oldest rows, beyond the newest `kept` entries or `LARGEST_JOURNAL_BYTES`."""
    found = _select_not_needed.first(connection, {"of_merchant": merchant_id, "kept": kept})
    if found is not None and found[1] is not None:
        first, end = found[0], found[1] + 1
        _delete_old.run_later(connection, {"of_merchant": merchant_id, "first": first, "end": end})
        entries = {"first": first * LARGEST_BATCH, "end": end * LARGEST_BATCH}
        for statement in (_delete_old_calls, _delete_old_acts, _delete_old_marks):
            statement.run_later(connection, {"of_merchant": merchant_id} | entries)


MOST_STRAY_CALLS: Final = 200
"""How many calls of nobody are kept, the newest."""

# Calls without a key, or with an unknown one. The key itself is not stored.
stray_calls = make_table(
    "stray_calls",
    Column("id", RowId, primary_key=True),
    # By the machine's clock, as they are in no sandbox.
    Column("at", UtcTime, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", Text),
    Column("why", Text),
    # The beginning of the key, for people.
    Column("key", String(32)),
    # The digest of a secret test key, so that a sandbox can be given that key.
    Column("digest", String(64)),
    sqlite_autoincrement=True,
)


_of_nobody = (null(), null(), null())
NEW_STRAY_CALLS = NewsSource(
    stray_calls, select(stray_calls.c.id, stray_calls.c.at, *_of_nobody, stray_calls.c.id.label("of_id"))
)


@immutable
class StrayCall:
    """A call of nobody: `key` is how its key begins, `digest` what it is found by if it is a test key."""

    at: datetime
    method: str
    path: str
    status: int
    code: str | None
    why: str | None
    key: str | None
    digest: str | None
    id: int = 0


def add_stray_calls(connection: Connection, calls: Sequence[StrayCall]) -> None:
    """Store calls of nobody, and remove the oldest that are too many."""
    rows = [{name: value for name, value in asdict(call).items() if name != "id"} for call in calls]
    connection.execute(insert(stray_calls), rows)
    newest = connection.scalar(select(func.max(stray_calls.c.id))) or 0
    connection.execute(delete(stray_calls).where(stray_calls.c.id <= newest - MOST_STRAY_CALLS))


def list_stray_calls(connection: Connection, most: int) -> list[StrayCall]:
    """Read the newest calls of nobody, the newest first."""
    columns = [stray_calls.c[name] for name in StrayCall.__dataclass_fields__]
    rows = connection.execute(select(*columns).order_by(stray_calls.c.id.desc()).limit(most))
    return [StrayCall(*row) for row in rows]
