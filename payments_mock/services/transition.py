"""Change a payment as one compare-and-set, however many callers race."""

from collections.abc import Callable

from payments_mock.domain.errors import OrderAlreadyPaidError, PaymentNotFoundError
from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.refusal import expire_if_due
from payments_mock.services.context import Context
from payments_mock.services.recording import store_changed
from payments_mock.storage import payments as store
from payments_mock.storage.database import writing

Decision = Callable[[Payment], tuple[Payment, Transaction | None] | None]
"""Takes a payment as it stands; returns it changed, with its transaction if any, or None to leave it.

It raises a `PaymentError` to refuse the call.
"""


def change_payment(context: Context, payment_key: str, decide: Decision) -> Payment:
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
        try:
            with writing() as connection:
                payment = store.find_by_key(connection, context.merchant.id, payment_key)
                if payment is None:
                    raise PaymentNotFoundError(f"no payment has the paymentKey {payment_key}")
                expired = expire_if_due(payment, context.now())
                decision = decide(payment) if expired is None else (expired, None)
                if decision is None:
                    context.change.note(payment, payment)
                    return payment
                if store_changed(context, connection, payment, *decision) and expired is None:
                    return decision[0]
        except store.OrderHeldError:
            raise OrderAlreadyPaidError("another payment of the same order is approved") from None


def expire_payment(context: Context, payment_key: str) -> bool:
    """Store a payment as expired if its time is over; returns whether it is this call that did so."""
    while True:
        with writing() as connection:
            payment = store.find_by_key(connection, context.merchant.id, payment_key)
            expired = None if payment is None else expire_if_due(payment, context.now())
            if payment is None or expired is None:
                return False
            if store_changed(context, connection, payment, expired, None):
                return True
