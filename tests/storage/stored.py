"""Payments in the database, as the tests of changes store and read them."""

from sqlalchemy import select

from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import payments as store
from payments_mock.storage.tables import transactions
from testkit.inside.database import look, transaction
from testkit.inside.payments import make_payment


def stored(merchant: Merchant, payment_key: str = "pay_123") -> Payment:
    """Store a payment that is ready to be confirmed, and return it as it is read."""
    with transaction() as connection:
        store.add(connection, make_payment(merchant_id=merchant.id, payment_key=payment_key))
    return read(merchant, payment_key)


def read(merchant: Merchant, payment_key: str = "pay_123") -> Payment:
    """Read a payment that is there."""
    with look() as connection:
        payment = store.find_by_key(connection, merchant.id, payment_key)
    assert payment is not None
    return payment


def movements() -> list[str]:
    """Return the keys of all movements of money."""
    with look() as connection:
        return list(connection.scalars(select(transactions.c.key)))
