"""Look payments and orders up, with their history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from payments_mock.domain.errors import CheckoutOverError, PaymentNotFoundError, RapidRepeatError
from payments_mock.domain.payments.confirmation import expire
from payments_mock.domain.payments.payment import EXPIRING_STATES, Payment, State, Transaction
from payments_mock.domain.values import immutable
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import change_now, expire_due
from payments_mock.storage import journal as journal_store
from payments_mock.storage import payment_history as history_store
from payments_mock.storage import payments as store
from payments_mock.storage.journal import JournalEntry, JournalFilter
from payments_mock.storage.payment_history import PaymentFilter
from payments_mock.storage.webhooks import deliveries as delivery_store
from payments_mock.storage.webhooks.deliveries import Attempt, Delivery


def find_payment(context: Context, payment_key: str) -> Payment:
    """Return the payment under `payment_key`.

    Raises:
        PaymentNotFoundError: the merchant has none.
    """
    with context.database.connection() as connection:
        payment = store.find_by_key(connection, context.merchant.id, payment_key)
    return _as_of_now(context, payment, f"no payment has the paymentKey {payment_key}")


def find_payment_of_order(context: Context, order_id: str) -> Payment:
    """Return the payment that stands for an order: the approved one, else the newest.

    Raises:
        PaymentNotFoundError: the merchant has none.
    """
    with context.database.connection() as connection:
        payment = store.find_by_order(connection, context.merchant.id, order_id)
    return _as_of_now(context, payment, f"no payment has the orderId {order_id}")


def check_look_up(context: Context, payment: Payment) -> None:
    """Refuse to show a payment that was shown a moment ago, where the sandbox is switched so.

    Raises:
        RapidRepeatError: as named.
    """
    pause = context.merchant.least_pause
    if not pause:
        return
    now = context.now()
    with context.database.transaction() as connection:
        is_taken = history_store.note_look_up(connection, payment.id, now, now - pause)
    if not is_taken:
        raise RapidRepeatError("the payment was looked up a moment ago")


def _as_of_now(context: Context, payment: Payment | None, otherwise: str) -> Payment:
    if payment is None:
        raise PaymentNotFoundError(otherwise)
    if payment.is_due(context.now()):
        return change_now(context, payment.payment_key, lambda _: None)
    context.change.note(payment, payment)
    return payment


def expire_now(context: Context, payment_key: str) -> Payment:
    """Store a payment that is not approved yet as expired, whatever the clock says.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: it is approved, or over, or expired already.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        if payment.state not in EXPIRING_STATES:
            raise CheckoutOverError(f"the time can't run out any more: the payment is {payment.state}")
        return expire(payment), None

    return change_now(context, payment_key, decide)


def decline_confirm(context: Context, payment_key: str, code: str) -> Payment:
    """Make the next confirm of a payment fail with a decline code; nothing else changes before that.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: it can't be confirmed any more.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        if payment.state not in EXPIRING_STATES:
            raise CheckoutOverError(f"nothing is left to decline: the payment is {payment.state}")
        return replace(payment, decline_code=code, revision=payment.revision + 1), None

    return change_now(context, payment_key, decide)


def list_payments(
    context: Context, chosen: PaymentFilter, limit: int, *, newest_first: bool = False
) -> list[Payment]:
    """Return the first payments that a filter chooses as they stand now, the oldest or the newest first."""
    expire_due(context)
    with context.database.connection() as connection:
        return history_store.list_payments(
            connection, context.merchant.id, chosen, limit, newest_first=newest_first
        )


@immutable
class History:
    """A payment, its transactions, the oldest first, and when it came into states that none of them tells."""

    payment: Payment
    movements: Sequence[Transaction]
    turns: Mapping[State, datetime]


def find_history(context: Context, payment_key: str) -> History:
    """Return a payment as it stands now, with the steps that it took.

    Raises:
        PaymentNotFoundError: the sandbox has no such payment.
    """
    payment = find_payment(context, payment_key)
    with context.database.connection() as connection:
        movements = history_store.list_transactions(connection, payment.id)
        return History(payment, movements, history_store.find_turns(connection, payment.id))


NEVER: Final = datetime.min.replace(tzinfo=UTC)

MOST_CALLS_OF_ORDERS: Final = 2000
"""How many calls, and how many deliveries, are read of the orders that are looked at together."""


@immutable
class OrderEvidence:
    """All that is known of an order, each list the oldest first, but for what the journal dropped.

    `acts` are what shoppers' browsers did; in lists, they are read where nothing else is known.
    """

    order_id: str
    payments: Sequence[Payment]
    calls: Sequence[JournalEntry]
    acts: Sequence[JournalEntry]
    deliveries: Sequence[tuple[Delivery, list[Attempt]]]


def list_newest_orders(context: Context, most: int) -> list[OrderEvidence]:
    """Return the newest orders, by their last payment or call, the latest first."""
    expire_due(context)
    with context.database.connection() as connection:
        asked = history_store.orders_asked_about(connection, context.merchant.id, most)
        begun = history_store.newest_orders(connection, context.merchant.id, most)
        refused = history_store.orders_refused_in_browsers(connection, context.merchant.id, most)
        found = _evidence(connection, context.merchant.id, dict.fromkeys(asked + begun + refused))
    return sorted(found, key=_latest, reverse=True)[:most]


def find_order(context: Context, order_id: str) -> OrderEvidence:
    """Return all that is known of an order, which may be nothing."""
    expire_due(context)
    with context.database.connection() as connection:
        return _evidence(connection, context.merchant.id, [order_id], has_all_acts=True)[0]


def find_calls_of_key(context: Context, call: JournalEntry) -> list[JournalEntry]:
    """Return the calls before one that came with its idempotency key, of all orders, the oldest first."""
    key = call.headers(["idempotency-key"])["idempotency-key"] or ""
    chosen = JournalFilter(operation=call.operation, headers={"idempotency-key": key}, before_id=call.id)
    with context.database.connection() as connection:
        return journal_store.find(connection, context.merchant.id, chosen, MOST_CALLS_OF_ORDERS)


def list_calls_of_no_order(context: Context, most: int) -> list[JournalEntry]:
    """Return the newest calls that named no order, the oldest first."""
    with context.database.connection() as connection:
        return history_store.find_calls_of_no_order(connection, context.merchant.id, most)


def list_acts_of_no_order(context: Context, most: int) -> list[JournalEntry]:
    """Return what browsers did last that named no order, the oldest first."""
    with context.database.connection() as connection:
        return history_store.find_acts_of_no_order(connection, context.merchant.id, most)


def _evidence(
    connection: Connection, merchant_id: int, order_ids: Collection[str], *, has_all_acts: bool = False
) -> list[OrderEvidence]:
    paid = history_store.find_of_orders(connection, merchant_id, order_ids)
    order_of = {payment.payment_key: payment.order_id for payment in paid}
    calls = history_store.find_calls_of_orders(
        connection, merchant_id, order_ids, order_of, MOST_CALLS_OF_ORDERS
    )
    known = {*order_of.values(), *(call.order_id for call in calls)}
    told_of = [order_id for order_id in order_ids if has_all_acts or order_id not in known]
    acts = history_store.find_acts_of_orders(
        connection, merchant_id, told_of, order_of if has_all_acts else (), MOST_CALLS_OF_ORDERS
    )
    told = delivery_store.find_of_orders(connection, merchant_id, order_ids, MOST_CALLS_OF_ORDERS)
    return [
        OrderEvidence(
            order_id,
            [payment for payment in paid if payment.order_id == order_id],
            _about(order_id, calls, order_of),
            _about(order_id, acts, order_of),
            [found for found in told if found[0].order_id == order_id],
        )
        for order_id in order_ids
    ]


def _about(order_id: str, entries: Sequence[JournalEntry], order_of: Mapping[str, str]) -> list[JournalEntry]:
    return [one for one in entries if order_id == (one.order_id or order_of.get(one.payment_key or ""))]


def _latest(order: OrderEvidence) -> datetime:
    """Return when anything happened to an order last, by the sandbox's clock."""
    moments = [paid.approved_at or paid.requested_at for paid in order.payments]
    moments += [entry.at for entries in (order.calls, order.acts) for entry in entries[-1:]]
    return max(moments, default=NEVER)
