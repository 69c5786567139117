"""How much of a journal is kept, in number and in bytes."""

from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, bindparam, delete, func, or_, select

from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.journal import LARGEST_BATCH
from payments_mock.storage.tables import journal, journal_calls

LARGEST_JOURNAL_BYTES: Final = 64 * 1024 * 1024
"""How much the entries of a merchant may take; the rows behind the newest ones that do are removed."""

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
_select_not_needed = Prepared(
    select(func.max(_rows_and_newer.c.id)).where(
        or_(
            _rows_and_newer.c.newer >= bindparam("kept", type_=Integer),
            _rows_and_newer.c.newer_bytes >= LARGEST_JOURNAL_BYTES,
        )
    )
)
_delete_old = Prepared(
    delete(journal).where(_of_merchant, journal.c.id <= bindparam("newest", type_=Integer))
)
_delete_old_calls = Prepared(
    delete(journal_calls).where(
        journal_calls.c.merchant_id == bindparam("of_merchant"),
        journal_calls.c.id < bindparam("first", type_=BigInteger),
    )
)


def prune(connection: Connection, merchant_id: int, kept: int) -> None:
    """Remove a merchant's oldest rows, beyond the newest `kept` entries or `LARGEST_JOURNAL_BYTES`."""
    found = _select_not_needed.first(connection, {"of_merchant": merchant_id, "kept": kept})
    if found is not None and found[0] is not None:
        _delete_old.run(connection, {"of_merchant": merchant_id, "newest": found[0]})
        first = (found[0] + 1) * LARGEST_BATCH
        _delete_old_calls.run(connection, {"of_merchant": merchant_id, "first": first})
