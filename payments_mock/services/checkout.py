"""The payment window: begin a payment, let the shopper decide, and register a card for billing."""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from payments_mock.domain.errors import OrderAlreadyPaidError
from payments_mock.domain.payments.confirmation import Choice, abort, authenticate, check_open, expire
from payments_mock.domain.payments.limits import check_positive
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import KeyKind, KeyOwner
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder, change_now, new_payment, store_new
from payments_mock.storage import checkout as windows_store
from payments_mock.storage import payments as payments_store
from payments_mock.storage.checkout import Window
from payments_mock.storage.engine.database import Database


def open_checkout(context: Context, order: PaymentOrder) -> Payment:
    """Store a payment that waits for its shopper, under a new payment key.

    Raises:
        AmountNotPositiveError: nothing is to be paid.
        TaxFreeAmountError: more is untaxed than is to be paid, or less than nothing.
        OrderAlreadyPaidError: the order is paid for already.
    """
    with context.database.transaction() as connection:
        return begin_checkout(context, connection, order)


def begin_checkout(context: Context, connection: Connection, order: PaymentOrder) -> Payment:
    """Store a payment as `open_checkout` does, in the caller's transaction."""
    check_positive(order.amount)
    check_order_free(context, connection, order.order_id)
    payment = new_payment(context, order)
    store_new(context, connection, payment)
    return payment


def authenticate_payment(context: Context, payment_key: str, choice: Choice) -> Payment:
    """Let the shopper agree to pay with the chosen method; the confirm charges it.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """
    return _change_open(context, payment_key, lambda payment: authenticate(payment, choice, context.now()))


def abort_payment(context: Context, payment_key: str, code: str) -> Payment:
    """Let the payment fail in the window, for the reason that `code` names.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """
    return _change_open(context, payment_key, lambda payment: abort(payment, code))


def expire_payment(context: Context, payment_key: str) -> Payment:
    """Let the shopper's time run out now.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """
    return _change_open(context, payment_key, expire)


def _change_open(context: Context, payment_key: str, change: Callable[[Payment], Payment]) -> Payment:
    """Change a payment whose window is still open."""

    def decide(payment: Payment) -> tuple[Payment, None]:
        check_open(payment)
        return change(payment), None

    return change_now(context, payment_key, decide)


def check_order_free(context: Context, connection: Connection, order_id: str) -> None:
    """Refuse an order that another payment holds.

    Raises:
        OrderAlreadyPaidError: one does.
    """
    if payments_store.is_order_held(connection, context.merchant.id, order_id):
        raise OrderAlreadyPaidError(f"the order {order_id} is paid for already")


__all__ = ["Window", "find_checkout_owner", "find_window", "find_window_of_payment", "open_window"]

TOKEN = re.compile(r"[0-9a-f]{32}")
PAYMENT_KEY = re.compile(r"[A-Za-z0-9]{1,200}")


def open_window(context: Context, payment_key: str | None, options: Mapping[str, Any]) -> Window:
    """Store a window for a payment, or for the registration of a card where there is none."""
    with context.database.transaction() as connection:
        return store_window(context, connection, payment_key, options)


def store_window(
    context: Context, connection: Connection, payment_key: str | None, options: Mapping[str, Any]
) -> Window:
    """Store a window as `open_window` does, in the caller's transaction."""
    owner = KeyOwner(context.merchant, KeyKind.CLIENT, context.key_family)
    window = Window(context.ids.window_token(), owner, payment_key, options)
    windows_store.add_window(connection, window)
    return window


def find_window(database: Database, token: str) -> Window | None:
    """Return the window that `token` opens; the time it takes reveals nothing about other tokens."""
    if TOKEN.fullmatch(token) is None:
        return None
    with database.connection() as connection:
        window = windows_store.find_window(connection, token)
    if window is None or not hmac.compare_digest(window.token.encode(), token.encode()):
        return None
    return window


def find_window_of_payment(database: Database, payment_key: str) -> Window | None:
    """Return a window that was opened for a payment."""
    if PAYMENT_KEY.fullmatch(payment_key) is None:
        return None
    with database.connection() as connection:
        return windows_store.find_window_of_payment(connection, payment_key)


def find_checkout_owner(database: Database, payment_key: str) -> KeyOwner | None:
    """Return the owner of the checkout with this payment key."""
    if PAYMENT_KEY.fullmatch(payment_key) is None:
        return None
    with database.connection() as connection:
        return windows_store.find_owner_of_payment(connection, payment_key)
