"""Cash receipts and their cancels, in the order in which they were issued."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.receipts import CashReceipt
from payments_mock.storage.engine.lending import attempting
from payments_mock.storage.tables import cash_receipts as receipts

_FIELDS = tuple(field.name for field in fields(CashReceipt))
_LEFT = ("balance_amount", "tax_free_balance", "cancel_count", "held_order_id")

_select_any = select(*(receipts.c[field] for field in _FIELDS))
_select_any_by_key = _select_any.where(receipts.c.receipt_key == bindparam("receipt_key")).limit(1)
_select = _select_any.where(receipts.c.merchant_id == bindparam("merchant_id"))
_select_by_key = _select.where(receipts.c.receipt_key == bindparam("receipt_key"))
_select_between = (
    _select.where(
        receipts.c.requested_at >= bindparam("start"),
        receipts.c.requested_at < bindparam("end"),
        receipts.c.id > bindparam("after"),
    )
    .order_by(receipts.c.id)
    .limit(bindparam("most"))
)
_insert = insert(receipts)
_update = (
    update(receipts)
    .where(receipts.c.id == bindparam("expected_id"), receipts.c.cancel_count == bindparam("expected_count"))
    .values({name: bindparam(name) for name in _LEFT})
)


class OrderHasReceiptError(Exception):
    """Another receipt of the same order was not canceled."""


def find_by_key(connection: Connection, merchant_id: int, receipt_key: str) -> CashReceipt | None:
    """Read the merchant's receipt, or cancel of one, under `receipt_key`."""
    row = connection.execute(_select_by_key, {"merchant_id": merchant_id, "receipt_key": receipt_key}).first()
    return None if row is None else CashReceipt(*tuple(row))


def find_any(connection: Connection, receipt_key: str) -> CashReceipt | None:
    """Read the receipt under `receipt_key`, whoever's it is."""
    row = connection.execute(_select_any_by_key, {"receipt_key": receipt_key}).first()
    return None if row is None else CashReceipt(*tuple(row))


def find_between(
    connection: Connection, merchant_id: int, start: datetime, end: datetime, after: int, most: int
) -> list[CashReceipt]:
    """Read at most `most` receipts issued from `start` to before `end`, with ids above `after`."""
    values = {"merchant_id": merchant_id, "start": start, "end": end, "after": after, "most": most}
    return [CashReceipt(*tuple(row)) for row in connection.execute(_select_between, values)]


def add(connection: Connection, receipt: CashReceipt) -> None:
    """Store a new receipt, or a new cancel of one.

    Raises:
        OrderHasReceiptError: it is a receipt for an order that has one.
    """
    values = {name: getattr(receipt, name) for name in _FIELDS if name != "id"}
    try:
        with attempting(connection):
            connection.execute(_insert, values | _held_order(receipt))
    except IntegrityError as error:
        raise OrderHasReceiptError from error


def change(connection: Connection, receipt: CashReceipt) -> bool:
    """Store what is left of a receipt after another cancel.

    Returns whether it was still the one that the cancel was decided on; if not, nothing is stored.
    """
    values: dict[str, Any] = {name: getattr(receipt, name) for name in _LEFT if name != "held_order_id"}
    values |= {"expected_id": receipt.id, "expected_count": receipt.cancel_count - 1}
    return connection.execute(_update, values | _held_order(receipt)).rowcount == 1


def _held_order(receipt: CashReceipt) -> dict[str, str | None]:
    return {"held_order_id": receipt.order_id if receipt.holds_order else None}
