"""Counts of what a sandbox holds, its settlements and its transactions."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, delete, insert, select, tuple_

from payments_mock.domain.payments.payment import Payment, Transaction
from payments_mock.domain.reports import LISTED, MONEY_MOVING, Entry, Period
from payments_mock.storage.tables import payments, report_lags, transactions

_select_lag = select(report_lags.c.lag).where(report_lags.c.merchant_id == bindparam("merchant_id"))


def find_lag(connection: Connection, merchant_id: int) -> timedelta:
    """Read how late the merchant's lists are; not at all unless that was set."""
    return connection.scalar(_select_lag, {"merchant_id": merchant_id}) or timedelta()


def set_lag(connection: Connection, merchant_id: int, lag: timedelta) -> None:
    """Store how late the merchant's lists are."""
    connection.execute(delete(report_lags).where(report_lags.c.merchant_id == merchant_id))
    if lag:
        connection.execute(insert(report_lags).values(merchant_id=merchant_id, lag=lag))


PAYMENT_FIELDS = tuple(name for name in Payment.__dataclass_fields__ if name != "cancels")
MOVEMENT_FIELDS = tuple(Transaction.__dataclass_fields__)

_of_merchant = transactions.c.merchant_id == bindparam("merchant_id")
select_entries = (
    select(
        *(payments.c[field].label(f"payment_{field}") for field in PAYMENT_FIELDS),
        *(transactions.c[field] for field in MOVEMENT_FIELDS),
    )
    .join_from(transactions, payments)
    .where(_of_merchant, transactions.c.kind.in_(LISTED), transactions.c.at <= bindparam("end"))
    .order_by(transactions.c.at, transactions.c.id)
    .limit(bindparam("most", type_=Integer))
)
# A page begins after a position, not after a number of rows, so the rows before need not be read.
select_page = select_entries.where(
    tuple_(transactions.c.at, transactions.c.id)
    > tuple_(
        bindparam("after_time", type_=transactions.c.at.type),
        bindparam("after_id", type_=transactions.c.id.type),
    )
)
_select_position = select(transactions.c.at, transactions.c.id).where(
    _of_merchant, transactions.c.key == bindparam("key"), transactions.c.kind.in_(LISTED)
)

Position = tuple[Any, int]
"""A place in the order: a time, and the number of a transaction at that time."""


def find_position(connection: Connection, merchant_id: int, key: str) -> Position | None:
    """Read where the merchant's transaction under `key` stands."""
    row = connection.execute(_select_position, {"merchant_id": merchant_id, "key": key}).first()
    return None if row is None else (row.at, row.id)


def list_entries(
    connection: Connection, merchant_id: int, period: Period, after: Position | None, most: int
) -> list[Entry]:
    """Read at most so many listed steps of the period, the oldest first, those behind `after` only."""
    beginning = (period.start, 0)
    after_time, after_id = beginning if after is None else max(beginning, after)
    values = {"merchant_id": merchant_id, "end": period.end, "most": most}
    rows = connection.execute(select_page, values | {"after_time": after_time, "after_id": after_id})
    return [entry(row) for row in rows]


def entry(row: Row[Any]) -> Entry:
    """Make an entry of a row of `select_entries`."""
    fields: tuple[Any, ...] = tuple(row)
    count = len(PAYMENT_FIELDS)
    return Entry(Payment(*fields[:count]), Transaction(*fields[count:]))


_select_numbered_page = select_entries.where(
    transactions.c.at >= bindparam("start"), transactions.c.kind.in_(MONEY_MOVING)
).offset(bindparam("before"))


def list_numbered_page(
    connection: Connection, merchant_id: int, period: Period, page: int, size: int
) -> list[Entry]:
    """Read one page of the movements of the period, the oldest first; pages are counted from 1."""
    values = {
        "merchant_id": merchant_id,
        "start": period.start,
        "end": period.end,
        "most": size,
        "before": (page - 1) * size,
    }
    return [entry(row) for row in connection.execute(_select_numbered_page, values)]
