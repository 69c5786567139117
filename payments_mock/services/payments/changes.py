"""Make, store and announce payments; each change is one compare-and-set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from payments_mock.domain.errors import OrderAlreadyPaidError, PaymentNotFoundError
from payments_mock.domain.payments.confirmation import TIME_TO_AUTHENTICATE, expire_if_due, happened_at
from payments_mock.domain.payments.limits import check_tax_free
from payments_mock.domain.payments.payment import Payment, PaymentKind, State, Transaction
from payments_mock.services.context import Context
from payments_mock.services.transactions import in_transaction
from payments_mock.services.webhooks.outbox import announce_payment
from payments_mock.storage import payments as payments_store
from payments_mock.storage.payment_history import add_turn


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
    if not payments_store.change(connection, after, movement):
        return False
    if movement is None and after.state is not before.state:
        add_turn(connection, after, happened_at(after, context.now()))
    announce_payment(context, connection, before, after)
    context.change.note(before, after)
    return True


Decision = Callable[[Payment], tuple[Payment, Transaction | None] | None]
"""Takes a payment as it stands; returns it changed, with its transaction if any, or None to leave it.

It raises a `PaymentError` to refuse the call.
"""


def change_payment(context: Context, connection: Connection, payment_key: str, decide: Decision) -> Payment:
    """Change the merchant's payment as `decide` says, and return it as it is then.

    Where another caller changed it between the reading and the writing, `decide` is asked again about what
    it has become; each such round means that somebody else's change went through, so the rounds end. A
    payment whose time ran out is first stored as expired, whatever `decide` then makes of that.

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


@dataclass(frozen=True, slots=True)
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
