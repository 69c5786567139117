"""Make, store and announce payments, each change by one compare-and-set; and what time changes by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from payments_mock.domain.accounts import deposit_deadline, is_expired
from payments_mock.domain.errors import OrderAlreadyPaidError, PaymentNotFoundError
from payments_mock.domain.payments.confirmation import TIME_TO_AUTHENTICATE, expire_if_due, happened_at
from payments_mock.domain.payments.limits import check_tax_free
from payments_mock.domain.payments.payment import Payment, PaymentKind, State, Transaction
from payments_mock.domain.sandboxes import ClockChange, Merchant
from payments_mock.domain.values import immutable
from payments_mock.services.context import Context, in_transaction
from payments_mock.services.sandboxes import change_clock
from payments_mock.services.webhooks.outbox import announce_payment
from payments_mock.storage import payments as payments_store
from payments_mock.storage.engine.database import Database
from payments_mock.storage.payment_history import add_turn, find_awaiting_deposit, find_running_out
from payments_mock.storage.payments import find_due, is_anybody_told
from payments_mock.storage.webhooks.deliveries import Delivery, find_next


def store_new(
    context: Context, connection: Connection, payment: Payment, movement: Transaction | None = None
) -> None:
    """Store a new payment with its first transaction.

    Raises:
        OrderHeldError, PaymentKeyTakenError: as `payments_mock.storage.payments.add`.
    """
    payments_store.add(connection, payment, movement)
    announce_payment(context, connection, None, payment)
    context.change.note(None, payment)


def store_changed(
    context: Context,
    connection: Connection,
    before: Payment,
    after: Payment,
    movement: Transaction | None,
) -> bool:
    """Store a changed payment; returns whether the stored one still was `before`.

    Raises:
        OrderHeldError: as `payments_mock.storage.payments.change`.
    """
    if not payments_store.change(connection, before, after, movement):
        return False
    if movement is None and after.state is not before.state:
        add_turn(connection, after, happened_at(after, context.now()))
    announce_payment(context, connection, before, after)
    context.change.note(before, after)
    return True


Decision = Callable[[Payment], tuple[Payment, Transaction | None] | None]
"""Takes the stored payment; returns it changed, with its transaction if any, or None to leave it.

It raises a `PaymentError` to refuse the call.
"""


def change_payment(context: Context, connection: Connection, payment_key: str, decide: Decision) -> Payment:
    """Change the merchant's payment as `decide` says, and return it as it is then.

    If another caller changed it between the read and the write, `decide` is asked again about the new state;
    each such round means that another change went through, so the loop ends. A payment whose time ran out is
    first stored as expired, whatever `decide` then makes of that.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        OrderAlreadyPaidError: another payment of the order was approved first.
        PaymentError: what `decide` raises.
    """
    while True:
        payment = payments_store.find_by_key(connection, context.merchant.id, payment_key)
        if payment is None:
            raise PaymentNotFoundError(f"no payment has the paymentKey {payment_key}")
        expired = expire_if_due(payment, context.now())
        decision = decide(payment) if expired is None else (expired, None)
        if decision is None:
            context.change.note(payment, payment)
            return payment
        try:
            if store_changed(context, connection, payment, *decision) and expired is None:
                return decision[0]
        except payments_store.OrderHeldError:
            raise OrderAlreadyPaidError("another payment of the same order is approved") from None


def change_now(context: Context, payment_key: str, decide: Decision) -> Payment:
    """Change a payment as `change_payment` does, in a transaction of its own."""
    change = partial(change_payment, context, payment_key=payment_key, decide=decide)
    return in_transaction(context.database, change)


def expire_payment(context: Context, connection: Connection, payment_key: str) -> bool:
    """Store a payment as expired if its time is over; returns whether it is this call that did so."""
    while True:
        payment = payments_store.find_by_key(connection, context.merchant.id, payment_key)
        expired = None if payment is None else expire_if_due(payment, context.now())
        if payment is None or expired is None:
            return False
        if store_changed(context, connection, payment, expired, None):
            return True


@immutable
class PaymentOrder:
    """What is asked to be paid; amounts in KRW."""

    order_id: str
    order_name: str
    amount: int
    success_url: str | None = None
    fail_url: str | None = None
    tax_free_amount: int = 0
    culture_expense: bool = False
    use_escrow: bool = False
    customer_key: str | None = None
    metadata: Mapping[str, str] | None = None
    kind: PaymentKind = PaymentKind.NORMAL


def new_payment(context: Context, order: PaymentOrder) -> Payment:
    """Return a payment that waits for its shopper, under a new payment key.

    Raises:
        TaxFreeAmountError: more is untaxed than is to be paid, or less than nothing.
    """
    check_tax_free(order.tax_free_amount, order.amount)
    now = context.now()
    return Payment(
        merchant_id=context.merchant.id,
        payment_key=context.ids.payment_key(),
        order_id=order.order_id,
        order_name=order.order_name,
        total_amount=order.amount,
        balance_amount=order.amount,
        tax_free_amount=order.tax_free_amount,
        tax_free_balance=order.tax_free_amount,
        culture_expense=order.culture_expense,
        use_escrow=order.use_escrow,
        customer_key=order.customer_key,
        metadata=order.metadata,
        kind=order.kind,
        success_url=order.success_url,
        fail_url=order.fail_url,
        frees_order=False,
        key_family=context.key_family,
        state=State.INITIATED,
        requested_at=now,
        expires_at=now + TIME_TO_AUTHENTICATE,
        receipt_token=context.ids.receipt_token(context.merchant.id),
        secret=context.ids.payment_secret(),
    )


@immutable
class Due:
    """What was due: the keys of payments whose time ran out, and whose account closed; ids of deliveries."""

    expired_payments: Sequence[str]
    closed_accounts: Sequence[str]
    deliveries: Sequence[int]


def move_clock(context: Context, change: ClockChange) -> tuple[Merchant, Due]:
    """Change the clock of the context's sandbox, and do everything that is due by it then.

    Nobody sees the new time before all of it is done, nor moves the clock once more.

    Raises:
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    with context.database.transaction_on_merchants() as connection:
        before, moved = change_clock(context, connection, change)
        there = replace(context, merchant=moved)
        since = before.clock.at(context.clock())
        deliveries = _due_deliveries(there, connection)
        expired = [key for key in _due(there, connection) if expire_payment(there, connection, key)]
        return moved, Due(expired, _closed_accounts(there, connection, since), deliveries)


def foresee_move(context: Context, change: ClockChange) -> tuple[Merchant, Due]:
    """Return what `move_clock` would, as things stand now, and change nothing."""
    clock, machine_time = context.merchant.clock, context.clock()
    moved = replace(context.merchant, clock=clock.changed(change, machine_time))
    there = replace(context, merchant=moved)
    with context.database.connection() as connection:
        closed = _closed_accounts(there, connection, clock.at(machine_time))
        return moved, Due(_due(there, connection), closed, _due_deliveries(there, connection))


@immutable
class ComingThings:
    """What will happen by itself as the sandbox's clock goes on, the earliest first.

    Payments expire, virtual accounts close, and deliveries are tried again.
    """

    expiring: Sequence[Payment]
    closing: Sequence[Payment]
    deliveries: Sequence[Delivery]


def find_coming_things(context: Context, most: int) -> ComingThings:
    """Return what is due next in the context's sandbox, at most so much of each kind."""
    expire_due(context)
    now, merchant_id = context.now(), context.merchant.id
    with context.database.connection() as connection:
        waiting = find_awaiting_deposit(connection, merchant_id)
        closing = [payment for payment in waiting if not is_expired(payment, now)]
        return ComingThings(
            find_running_out(connection, merchant_id, most),
            sorted(closing, key=deposit_deadline)[:most],
            find_next(connection, merchant_id, most),
        )


def expire_due(context: Context) -> list[str]:
    """Store the payments as expired whose time is over by the sandbox's clock; returns their keys.

    A payment that somebody changed meanwhile is left out.
    """
    with context.database.connection() as connection:
        keys = _due(context, connection)
    return [key for key in keys if _expire(context, key)]


def _due(context: Context, connection: Connection) -> list[str]:
    return find_due(connection, context.merchant.id, context.now())


def _expire(context: Context, payment_key: str) -> bool:
    with context.database.transaction() as connection:
        return expire_payment(context, connection, payment_key)


MOST_DELIVERIES: Final = 1000
"""How many deliveries that are due are named."""


def _due_deliveries(context: Context, connection: Connection) -> list[int]:
    found = find_next(connection, context.merchant.id, MOST_DELIVERIES)
    return [delivery.id for delivery in found if delivery.due_at <= context.now()]


def _closed_accounts(context: Context, connection: Connection, since: datetime) -> list[str]:
    """Find the payments whose deposit did not come in time, which leaves their states as they are."""
    now = context.now()
    waiting = find_awaiting_deposit(connection, context.merchant.id)
    return [
        payment.payment_key
        for payment in waiting
        if is_expired(payment, now) and not is_expired(payment, since)
    ]


def find_deadlines(database: Database) -> list[tuple[str, datetime]]:
    """Return when the next payment expires of each merchant who would be told, by code and machine time."""
    with database.connection() as connection:
        return payments_store.find_deadlines(connection)


def are_deadlines_watched(database: Database) -> bool:
    """Tell whether any merchant would be told of a deadline, or replicas may know of one."""
    with database.connection() as connection:
        return database.has_replicas or is_anybody_told(connection)
