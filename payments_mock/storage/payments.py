"""Stored payments: add, find, change by compare-and-set, and find those that are due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.payments.payment import CANCELS, ORDER_HOLDING_STATES, Payment, State, Transaction
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.engine.lending import attempting, breaks, is_optimistic
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.tables import (
    ONE_APPROVAL_AN_ORDER,
    RUNS_OUT,
    merchants,
    payments,
    transactions,
)

_FIELDS = tuple(name for name in Payment.__dataclass_fields__ if name != "cancels")
_MUTABLE = (
    "state",
    "method",
    "instruments",
    "balance_amount",
    "tax_free_balance",
    "expires_at",
    "approved_at",
    "last_transaction_key",
    "secret",
    "failure_code",
    "decline_code",
    "settled_at",
    "revision",
)
_mutable_of = attrgetter(*_MUTABLE)
_STATES_WITH_CANCELS = {State.PARTIALLY_CANCELED, State.CANCELED}


def _one_of(column: Column[Any], values: Iterable[object]) -> ColumnElement[bool]:
    return or_(*(column == value for value in sorted(values, key=str)))


_TRANSACTION_FIELDS = tuple(Transaction.__dataclass_fields__)
_fields_of_transaction = attrgetter(*_TRANSACTION_FIELDS)
_select_cancels = Prepared(
    select(*(transactions.c[field] for field in _TRANSACTION_FIELDS))
    .where(transactions.c.payment_id == bindparam("payment_id"), _one_of(transactions.c.kind, CANCELS))
    .order_by(transactions.c.id)
)


def _written(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


_CANCELS_AS_JSON = literal_column(
    f"CASE WHEN payments.state IN ({_written(_STATES_WITH_CANCELS)}) THEN"  # noqa: S608
    f" (SELECT json_agg(json_build_array({', '.join(_TRANSACTION_FIELDS)}) ORDER BY id)::text"
    f" FROM transactions WHERE payment_id = payments.id AND kind IN ({_written(CANCELS)})) END",
    Text,
)
"""The cancels of a payment as PostgreSQL writes them, each in the order of `_select_cancels`."""


class _Look:
    """A statement that reads a payment with its cancels, which takes SQLite another statement.

    PostgreSQL is far, and brings both along in one answer.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._alone = Prepared(statement)
        self._with_cancels = Prepared(statement.add_columns(_CANCELS_AS_JSON))

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the payment, followed by what the statement reads beside it; None where there is none."""
        if connection.dialect.name == SQLITE:
            row = self._alone.first(connection, values)
            if row is None:
                return None
            payment, beside = Payment(*row[: len(_FIELDS)]), row[len(_FIELDS) :]
            if payment.state not in _STATES_WITH_CANCELS:
                return payment, *beside
            cancels = _select_cancels.all(connection, {"payment_id": payment.id})
            return _with_cancels(payment, cancels), *beside
        row = self._with_cancels.first(connection, values)
        if row is None:
            return None
        payment, beside, cancels_as_json = Payment(*row[: len(_FIELDS)]), row[len(_FIELDS) : -1], row[-1]
        if cancels_as_json is None:
            return payment, *beside
        cancels = [_select_cancels.read(connection, each) for each in orjson.loads(cancels_as_json)]
        return _with_cancels(payment, cancels), *beside


def _with_cancels(payment: Payment, rows: Iterable[Sequence[Any]]) -> Payment:
    cancels: list[Transaction] = []
    for row in rows:
        cancels.append(Transaction(*row))
        if cancels[-1].key == payment.last_transaction_key:
            # Leave out a cancel that came after the payment was read.
            break
    return replace(payment, cancels=tuple(cancels))


_select = select(*(payments.c[field] for field in _FIELDS))
_of_key = (
    payments.c.merchant_id == bindparam("merchant_id"),
    payments.c.payment_key == bindparam("payment_key"),
)
_select_by_key = _Look(_select.where(*_of_key))
_select_by_order = _Look(
    _select.where(
        payments.c.merchant_id == bindparam("merchant_id"), payments.c.order_id == bindparam("order_id")
    )
    .order_by(_one_of(payments.c.state, ORDER_HOLDING_STATES).desc(), payments.c.id.desc())
    .limit(1)
)
_select_with_merchant = _Look(
    _select.add_columns(merchants.c.code).join_from(payments, merchants).where(*_of_key)
)
_select_held = Prepared(
    select(payments.c.id).where(
        payments.c.merchant_id == bindparam("merchant_id"), payments.c.held_order_id == bindparam("order_id")
    )
)
_STORED = tuple(column.name for column in payments.columns if column.name != "id")
_insert = Prepared(
    insert(payments).values({name: bindparam(name) for name in _STORED}).inline(),
    ending=" ON CONFLICT (payment_key, merchant_id) DO NOTHING",
)
_select_id = Prepared(select(payments.c.id).where(*_of_key))
_update = update(payments).where(
    payments.c.id == bindparam("expected_id"), payments.c.revision == bindparam("expected_revision")
)
_OWNED = (*_TRANSACTION_FIELDS, "payment_id", "merchant_id")
_insert_transaction = Prepared(
    insert(transactions).values({name: bindparam(name) for name in _OWNED}).inline()
)


class PaymentKeyTakenError(Exception):
    """Another payment of the merchant was stored under the same key a moment before."""


class OrderHeldError(Exception):
    """Another payment of the same order holds it."""


def find_by_key(connection: Connection, merchant_id: int, payment_key: str) -> Payment | None:
    """Read the merchant's payment under `payment_key`."""
    found = _select_by_key.first(connection, {"merchant_id": merchant_id, "payment_key": payment_key})
    return None if found is None else found[0]


def find_by_order(connection: Connection, merchant_id: int, order_id: str) -> Payment | None:
    """Read the payment that stands for an order: the approved one, else the newest."""
    found = _select_by_order.first(connection, {"merchant_id": merchant_id, "order_id": order_id})
    return None if found is None else found[0]


def find_with_merchant(
    connection: Connection, merchant_id: int, payment_key: str
) -> tuple[Payment, str] | None:
    """Read the merchant's payment under `payment_key`, with the merchant's code."""
    found = _select_with_merchant.first(connection, {"merchant_id": merchant_id, "payment_key": payment_key})
    return None if found is None else (found[0], found[1])


def is_order_held(connection: Connection, merchant_id: int, order_id: str) -> bool:
    """Tell whether a payment of the order keeps others from being approved."""
    values = {"merchant_id": merchant_id, "order_id": order_id}
    return _select_held.first(connection, values) is not None


def add(connection: Connection, payment: Payment, movement: Transaction | None = None) -> None:
    """Store a new payment, with its first transaction, if any.

    Raises:
        OrderHeldError: it holds its order, and so does another payment.
        PaymentKeyTakenError: the merchant has one under this key.
    """
    values = {name: getattr(payment, name) for name in _FIELDS if name != "id"} | _held_order(payment)
    if not _store(connection, _insert, payment, values):
        raise PaymentKeyTakenError
    if movement is not None:
        [payment_id] = _select_id.first(connection, values) or ()
        _add_transaction(connection, payment, payment_id, movement)


def change(connection: Connection, before: Payment, after: Payment, movement: Transaction | None) -> bool:
    """Store what has changed of a payment, and the transaction that came with it, if any.

    Returns whether the payment was still as it was `before`; if not, nothing is stored.

    Raises:
        OrderHeldError: another payment holds the order now.
    """
    each = zip(_MUTABLE, _mutable_of(before), _mutable_of(after), strict=True)
    values: dict[str, Any] = {name: new for name, old, new in each if new is not old}
    if after.holds_order is not before.holds_order:
        values |= _held_order(after)
    statement = _update_of(tuple(values))
    values |= {"expected_id": before.id, "expected_revision": before.revision}
    is_stored = _store(connection, statement, after, values)
    if is_stored and movement is not None:
        _add_transaction(connection, after, after.id, movement)
    return is_stored


@cache
def _update_of(columns: tuple[str, ...]) -> Prepared:
    """Return the statement that sets these columns, of which each kind of change has its own."""
    return Prepared(_update.values({name: bindparam(name) for name in columns}))


def _store(connection: Connection, statement: Prepared, payment: Payment, values: Mapping[str, Any]) -> bool:
    """Run a statement that stores a payment, and raise `OrderHeldError` if another holds its order."""
    if not payment.holds_order or is_optimistic(connection):
        return statement.changes_one(connection, values)
    try:
        with attempting(connection):
            return statement.changes_one(connection, values)
    except IntegrityError as error:
        if breaks(error, ONE_APPROVAL_AN_ORDER):
            raise OrderHeldError from error
        raise


def _add_transaction(
    connection: Connection, payment: Payment, payment_id: int, movement: Transaction
) -> None:
    values: dict[str, Any] = dict(zip(_TRANSACTION_FIELDS, _fields_of_transaction(movement), strict=True))
    values |= {"payment_id": payment_id, "merchant_id": payment.merchant_id}
    _insert_transaction.run_later(connection, values)


def _held_order(payment: Payment) -> dict[str, str | None]:
    return {"held_order_id": payment.order_id if payment.holds_order else None}


_next_to_expire: Any = (
    select(payments.c.expires_at)
    .where(payments.c.merchant_id == merchants.c.id, RUNS_OUT)
    .order_by(payments.c.expires_at)
    .limit(1)
    .scalar_subquery()
)
_select_deadlines: Select[Any] = select(merchants.c.code, merchants.c.clock_offset, _next_to_expire).where(
    merchants.c.has_webhooks == true(), merchants.c.clock_frozen_at.is_(None)
)


def find_due(connection: Connection, merchant_id: int, now: datetime) -> list[str]:
    """Read the keys of a merchant's payments that are to expire by `now`, the earliest first."""
    statement = (
        select(payments.c.payment_key)
        .where(payments.c.merchant_id == merchant_id, payments.c.expires_at <= now, RUNS_OUT)
        .order_by(payments.c.expires_at, payments.c.id)
    )
    return list(connection.scalars(statement))


def find_deadlines(connection: Connection) -> list[tuple[str, datetime]]:
    """Read when the next payment of each listening merchant expires, by code and the machine's clock.

    A clock that stands still brings no deadline nearer.
    """
    rows = connection.execute(_select_deadlines)
    return [(code, expires_at - offset) for code, offset, expires_at in rows if expires_at is not None]


def is_anybody_told(connection: Connection) -> bool:
    """Tell whether any merchant listens to webhooks."""
    listening = select(merchants.c.id).where(merchants.c.has_webhooks == true()).limit(1)
    return connection.execute(listening).first() is not None
