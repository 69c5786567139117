"""The database beneath an application, for what no call of the API can bring about."""

from flask import Flask

from payments_mock.domain.cancellation import CancelOrder, cancel
from payments_mock.domain.states import State
from payments_mock.storage import db
from payments_mock.storage import payments as store
from payments_mock.storage.database import writing
from payments_mock.storage.tables import merchants, payments
from tests.support.payments import NOON


def put_in_state(app: Flask, payment_key: str, state: State, **columns: object) -> None:
    """Make a stored payment stand in `state`, whatever led there."""
    statement = payments.update().where(payments.c.payment_key == payment_key)
    with app.app_context(), writing() as connection:
        connection.execute(statement.values(state=state, **columns))


def cancel_in_part(app: Flask, payment_key: str, amount: int, reason: str) -> None:
    """Cancel a part of a payment of the merchant `kiosk`, which its own contract has no way to do."""
    with app.app_context(), writing() as connection:
        merchant_id = connection.scalar(merchants.select().where(merchants.c.code == "kiosk"))
        payment = store.find_by_key(connection, merchant_id, payment_key)
        assert payment is not None
        step = cancel(payment, CancelOrder(reason, amount), payment.approved_at or NOON, f"cancel-{amount}")
        assert store.change(connection, *step)


def drop_tables(app: Flask, *names: str) -> None:
    """Drop the tables of these names, or all of them."""
    with app.app_context(), writing() as connection:
        db.metadata.drop_all(connection, [db.metadata.tables[name] for name in names] or None)
