"""Reading payments, and the compare-and-set statements that change them."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.states import ORDER_HOLDING_STATES
from payments_mock.storage.tables import merchants, payments, transactions

_FIELDS = tuple(Payment.__dataclass_fields__)
_MUTABLE = tuple(
    column.name
    for column in payments.columns
    if column.name not in {"id", "merchant_id", "payment_key", "order_id", "requested_at", "receipt_token"}
)

_select = select(*(payments.c[field] for field in _FIELDS))
_select_by_key = _select.where(
    payments.c.merchant_id == bindparam("merchant_id"), payments.c.payment_key == bindparam("payment_key")
)
_select_by_order = (
    _select.where(
        payments.c.merchant_id == bindparam("merchant_id"), payments.c.order_id == bindparam("order_id")
    )
    .order_by(payments.c.state.in_(ORDER_HOLDING_STATES).desc(), payments.c.id.desc())
    .limit(1)
)
_select_by_receipt = (
    _select.add_columns(merchants.c.code)
    .join_from(payments, merchants)
    .where(payments.c.receipt_token == bindparam("token"), payments.c.payment_key == bindparam("payment_key"))
)
_insert = insert(payments)
_update = (
    update(payments)
    .where(payments.c.id == bindparam("expected_id"), payments.c.revision == bindparam("expected_revision"))
    .values({name: bindparam(name) for name in _MUTABLE})
)
_insert_transaction = insert(transactions)


class PaymentKeyTakenError(Exception):
    """Another payment of the merchant was stored under the same key a moment before."""


class OrderHeldError(Exception):
    """Another payment of the same order was approved first."""


def find_by_key(connection: Connection, merchant_id: int, payment_key: str) -> Payment | None:
    """Read the merchant's payment under `payment_key`."""
    found = connection.execute(_select_by_key, {"merchant_id": merchant_id, "payment_key": payment_key})
    return _payment(found.first())


def find_by_order(connection: Connection, merchant_id: int, order_id: str) -> Payment | None:
    """Read the payment that stands for an order: the approved one, else the newest."""
    found = connection.execute(_select_by_order, {"merchant_id": merchant_id, "order_id": order_id})
    return _payment(found.first())


def find_by_receipt(connection: Connection, payment_key: str, token: str) -> tuple[Payment, str] | None:
    """Read the payment with this key and receipt token, with its merchant's code."""
    values: Any = {"payment_key": payment_key, "token": token}
    row: Row[Any] | None = connection.execute(_select_by_receipt, values).first()
    if row is None:
        return None
    values: tuple[Any, ...] = tuple(row)
    return Payment(*values[:-1]), values[-1]


def add(connection: Connection, payment: Payment) -> None:
    """Store a new payment.

    Raises:
        PaymentKeyTakenError: the merchant has one under this key; the transaction is lost.
    """
    try:
        connection.execute(_insert, _immutable(payment) | _mutable(payment))
    except IntegrityError as error:
        raise PaymentKeyTakenError from error


def change(connection: Connection, payment: Payment, movement: Transaction) -> bool:
    """Store a payment that was changed once, and the movement of money that came with it.

    Returns whether the payment was still the one that the change was decided on; if not, nothing is stored.

    Raises:
        OrderHeldError: another payment holds the order now; the transaction is lost.
    """
    expected = {"expected_id": payment.id, "expected_revision": payment.revision - 1}
    try:
        if connection.execute(_update, _mutable(payment) | expected).rowcount == 0:
            return False
    except IntegrityError as error:
        raise OrderHeldError from error
    values = {name: getattr(movement, name) for name in Transaction.__dataclass_fields__}
    connection.execute(_insert_transaction, values | {"payment_id": payment.id})
    return True


def _payment(row: Row[Any] | None) -> Payment | None:
    return None if row is None else Payment(*row)


def _immutable(payment: Payment) -> dict[str, object]:
    return {name: getattr(payment, name) for name in _FIELDS if name not in _MUTABLE and name != "id"}


def _mutable(payment: Payment) -> dict[str, object]:
    values = {name: getattr(payment, name) for name in _MUTABLE if name != "held_order_id"}
    values["held_order_id"] = payment.order_id if payment.holds_order else None
    return values
