"""The history of payments: their states, the calls about them, and what a shopper has spent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from payments_mock.domain.payments.instruments import Instruments, MobilePhone
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, State, Transaction, TransactionKind
from payments_mock.storage.columns import NewsSource, one_of
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.journal import NO_BOUND, JournalEntry, journal_acts, read_entries
from payments_mock.storage.tables import RUNS_OUT, journal_calls, payment_turns, payments, transactions

_PAYMENT = tuple(payments.c[name] for name in Payment.__dataclass_fields__ if name != "cancels")
_TRANSACTION = tuple(transactions.c[name] for name in Transaction.__dataclass_fields__)

_ENTRIES_OF_AN_ORDER: Final = 10
"""Behind how many entries an order the newest orders are looked for at first: more than most orders have."""

_TURN = ("payment_id", "state", "merchant_id", "at")
_insert_turn = Prepared(insert(payment_turns).values({name: bindparam(name) for name in _TURN}))


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments are meant: those that agree in everything that is not None, behind and before ids."""

    order_id: str | None = None
    state: State | None = None
    after_id: int = 0
    before_id: int | None = None


def list_payments(
    connection: Connection, merchant_id: int, chosen: PaymentFilter, limit: int, *, newest_first: bool = False
) -> list[Payment]:
    """Read the first `limit` payments that a filter chooses, the oldest or newest first, without cancels."""
    wanted: dict[str, Any] = {"order_id": chosen.order_id, "state": chosen.state}
    same = [payments.c[name] == value for name, value in wanted.items() if value is not None]
    if chosen.before_id is not None:
        same.append(payments.c.id < chosen.before_id)
    statement = (
        select(*_PAYMENT)
        .where(payments.c.merchant_id == merchant_id, payments.c.id > chosen.after_id, *same)
        .order_by(payments.c.id.desc() if newest_first else payments.c.id)
        .limit(limit)
    )
    return [Payment(*row) for row in connection.execute(statement)]


def find_running_out(connection: Connection, merchant_id: int, limit: int) -> list[Payment]:
    """Read the payments of a merchant that expire by themselves, the first that does first."""
    statement = select(*_PAYMENT).where(payments.c.merchant_id == merchant_id, RUNS_OUT)
    first = statement.order_by(payments.c.expires_at, payments.c.id).limit(limit)
    return [Payment(*row) for row in connection.execute(first)]


def find_awaiting_deposit(connection: Connection, merchant_id: int) -> list[Payment]:
    """Read a merchant's payments whose virtual account waits for its deposit, the oldest first."""
    statement = (
        select(*_PAYMENT)
        .where(payments.c.merchant_id == merchant_id, payments.c.state == State.AWAITING_DEPOSIT)
        .order_by(payments.c.id)
    )
    return [Payment(*row) for row in connection.execute(statement)]


def newest_orders(connection: Connection, merchant_id: int, most: int) -> list[str]:
    """Read the orders of the newest payments, at most so many payments, the latest first."""
    newest = select(payments.c.order_id).where(payments.c.merchant_id == merchant_id)
    return list(connection.scalars(newest.order_by(payments.c.id.desc()).limit(most)))


def find_of_orders(connection: Connection, merchant_id: int, order_ids: Collection[str]) -> list[Payment]:
    """Read all payments of these orders, the oldest first, without their cancels."""
    of_orders = (payments.c.merchant_id == merchant_id, one_of(connection, payments.c.order_id, order_ids))
    return [
        Payment(*row)
        for row in connection.execute(select(*_PAYMENT).where(*of_orders).order_by(payments.c.id))
    ]


def orders_asked_about(connection: Connection, merchant_id: int, most: int) -> list[str]:
    """Read which orders had calls last, at most so many, the latest first."""
    return _orders_told_of(connection, _select_asked_about, merchant_id, most)


def find_calls_of_orders(
    connection: Connection,
    merchant_id: int,
    order_ids: Collection[str],
    payment_keys: Collection[str],
    most: int,
) -> list[JournalEntry]:
    """Read the newest calls about these orders or payments, at most so many, the oldest first."""
    return _find_about(connection, merchant_id, journal_calls, order_ids, payment_keys, most)


def find_acts_of_orders(
    connection: Connection,
    merchant_id: int,
    order_ids: Collection[str],
    payment_keys: Collection[str],
    most: int,
) -> list[JournalEntry]:
    """Read what browsers did last about these orders or payments, at most so much, the oldest first."""
    return _find_about(connection, merchant_id, journal_acts, order_ids, payment_keys, most)


def orders_refused_in_browsers(connection: Connection, merchant_id: int, most: int) -> list[str]:
    """Read for which orders a browser was refused something last, at most so many, the latest first."""
    return _orders_told_of(connection, _select_refused_in_browsers, merchant_id, most)


def _select_orders(table: Table, *chosen: ColumnElement[bool]) -> Prepared:
    """Make the statement that reads which orders the newest entries of a table tell of."""
    of_merchant = (table.c.merchant_id == bindparam("merchant_id"), table.c.order_id.is_not(None))
    newest = select(table.c.order_id, table.c.id).where(*of_merchant, *chosen).order_by(table.c.id.desc())
    entries = newest.limit(bindparam("entries", type_=BigInteger)).subquery()
    orders = select(entries.c.order_id).group_by(entries.c.order_id).order_by(func.max(entries.c.id).desc())
    return Prepared(orders.limit(bindparam("most", type_=BigInteger)))


_select_asked_about = _select_orders(journal_calls)
_select_refused_in_browsers = _select_orders(journal_acts, journal_acts.c.status >= 400)


def _orders_told_of(connection: Connection, statement: Prepared, merchant_id: int, most: int) -> list[str]:
    """Read orders from the newest entries, and from all of them only where these tell of too few."""
    for entries in (_ENTRIES_OF_AN_ORDER * most, NO_BOUND):
        values = {"merchant_id": merchant_id, "entries": entries, "most": most}
        found = [order_id for (order_id,) in statement.all(connection, values)]
        if len(found) == most:
            break
    return found


def find_acts_of_no_order(connection: Connection, merchant_id: int, most: int) -> list[JournalEntry]:
    """Read what browsers did last about no order, at most so much, the oldest first."""
    return _find_last(connection, merchant_id, journal_acts, journal_acts.c.order_id.is_(None), most)


def find_calls_of_no_order(connection: Connection, merchant_id: int, most: int) -> list[JournalEntry]:
    """Read the newest calls that name no order, nor a payment of one, the oldest first."""
    of_key = payments.c.payment_key == journal_calls.c.payment_key
    is_paid = exists().where(of_key, payments.c.merchant_id == merchant_id)
    chosen = and_(journal_calls.c.order_id.is_(None), ~is_paid)
    return _find_last(connection, merchant_id, journal_calls, chosen, most)


def _find_about(
    connection: Connection,
    merchant_id: int,
    table: Table,
    order_ids: Collection[str],
    payment_keys: Collection[str],
    most: int,
) -> list[JournalEntry]:
    chosen = or_(
        one_of(connection, table.c.order_id, order_ids), one_of(connection, table.c.payment_key, payment_keys)
    )
    return _find_last(connection, merchant_id, table, chosen, most)


def _find_last(
    connection: Connection, merchant_id: int, table: Table, chosen: ColumnElement[bool], most: int
) -> list[JournalEntry]:
    entries = select(table.c.id).where(table.c.merchant_id == merchant_id, chosen)
    ids = connection.scalars(entries.order_by(table.c.id.desc()).limit(most)).all()
    return list(read_entries(connection, ids[::-1]))


def list_transactions(connection: Connection, payment_id: int) -> list[Transaction]:
    """Read all transactions of a payment, the oldest first."""
    of_payment = transactions.c.payment_id == payment_id
    rows = connection.execute(select(*_TRANSACTION).where(of_payment).order_by(transactions.c.id))
    return [Transaction(*row) for row in rows]


def add_turn(connection: Connection, payment: Payment, at: datetime) -> None:
    """Store when a payment entered its state, where no transaction tells."""
    values = {"payment_id": payment.id, "state": payment.state, "merchant_id": payment.merchant_id, "at": at}
    _insert_turn.run_later(connection, values)


def find_turns(connection: Connection, payment_id: int) -> Mapping[State, datetime]:
    """Read when a payment entered the states that no transaction tells of."""
    of_payment = payment_turns.c.payment_id == payment_id
    rows = connection.execute(select(payment_turns.c.state, payment_turns.c.at).where(of_payment))
    return {row.state: row.at for row in rows}


_approving = transactions.c.kind.in_((TransactionKind.APPROVAL, TransactionKind.ISSUE))


def hold_answer(connection: Connection, merchant_id: int, payment_key: str, until: datetime) -> None:
    """Store until when, by the machine's clock, the answer to a payment's confirm is held back."""
    same = (payments.c.merchant_id == merchant_id, payments.c.payment_key == payment_key)
    of_payment = transactions.c.payment_id == select(payments.c.id).where(*same).scalar_subquery()
    connection.execute(update(transactions).where(of_payment, _approving).values(held_until=until))


def is_answer_held(connection: Connection, payment_id: int, machine_time: datetime) -> bool:
    """Tell whether the answer to a payment's confirm is held back."""
    of_payment = transactions.c.payment_id == payment_id
    held = select(transactions.c.id).where(of_payment, _approving, transactions.c.held_until > machine_time)
    return connection.execute(held.limit(1)).first() is not None


def note_look_up(connection: Connection, payment_id: int, now: datetime, before: datetime) -> bool:
    """Store that a payment is looked up; returns whether nobody did since `before`."""
    looked_up_at = payments.c.looked_up_at
    is_long_ago = or_(looked_up_at.is_(None), looked_up_at <= before, looked_up_at > now)
    statement = update(payments).where(payments.c.id == payment_id, is_long_ago).values(looked_up_at=now)
    return connection.execute(statement).rowcount == 1


def _spent_by(method: Method, shopper: ColumnElement[bool]) -> Select[Any]:
    # Literal, as PostgreSQL and SQLite use the partial indexes only then.
    written = literal(method, payments.c.method.type, literal_execute=True)
    return select(func.coalesce(func.sum(payments.c.balance_amount), 0)).where(
        payments.c.method == written,
        payments.c.merchant_id == bindparam("merchant_id"),
        shopper,
        payments.c.approved_at >= bindparam("since"),
    )


# A payment by phone has no other instrument, so the whole of them tells the number.
_spent_by_phone = _spent_by(Method.MOBILE_PHONE, payments.c.instruments == bindparam("instruments"))
_spent_by_transfer = _spent_by(Method.TRANSFER, payments.c.customer_key == bindparam("customer_key"))


def spent_by_phone(connection: Connection, merchant_id: int, phone: MobilePhone, since: datetime) -> int:
    """Return the sum in KRW charged to the phone's bill since then, less what was canceled."""
    values = {"merchant_id": merchant_id, "since": since, "instruments": Instruments(mobile_phone=phone)}
    spent: int = connection.execute(_spent_by_phone, values).scalar_one()
    return spent


def spent_by_transfer(connection: Connection, merchant_id: int, customer_key: str, since: datetime) -> int:
    """Return the sum in KRW that the customer transferred since then, less what was canceled."""
    values = {"merchant_id": merchant_id, "since": since, "customer_key": customer_key}
    spent: int = connection.execute(_spent_by_transfer, values).scalar_one()
    return spent


_NEWS = (payments.c.merchant_id, payments.c.order_id, payments.c.payment_key, payments.c.id)

NEW_PAYMENTS = NewsSource(payments, select(payments.c.id, payments.c.requested_at, *_NEWS))
NEW_MOVEMENTS = NewsSource(
    transactions, select(transactions.c.id, transactions.c.at, *_NEWS).join_from(transactions, payments)
)
