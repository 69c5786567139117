"""The database beneath an application, for what no call of the API can bring about."""

from flask import Flask, current_app
from sqlalchemy import text

from payments_mock.domain.payments.cancellation import CancelOrder, cancel
from payments_mock.domain.payments.payment import State
from payments_mock.http.dispatcher import dispatcher_of
from payments_mock.storage import metadata
from payments_mock.storage import payments as store
from payments_mock.storage.engine.database import Lent, database_of
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.tables import merchants, payments
from payments_mock.webhooks import outbox_hooks_of
from testkit.inside.payments import NOON

_DROPPED = "tests.dropped"


def look() -> Lent:
    """Open a connection for looks to the database of the application at work."""
    return database_of(current_app).connection()


def transaction() -> Lent:
    """Open a transaction on the database of the application at work, which may change merchants, too."""
    return database_of(current_app).transaction_on_merchants()


def put_in_state(app: Flask, payment_key: str, state: State, **columns: object) -> None:
    """Make a stored payment stand in `state`, whatever led there."""
    statement = payments.update().where(payments.c.payment_key == payment_key)
    with app.app_context(), transaction() as connection:
        connection.execute(statement.values(state=state, **columns))


def cancel_in_part(app: Flask, payment_key: str, amount: int, reason: str) -> None:
    """Cancel a part of a payment of the merchant `kiosk`, which its own contract has no way to do."""
    with app.app_context(), transaction() as connection:
        merchant_id = connection.scalar(merchants.select().where(merchants.c.code == "kiosk"))
        payment = store.find_by_key(connection, merchant_id, payment_key)
        assert payment is not None
        step = cancel(payment, CancelOrder(reason, amount), payment.approved_at or NOON, f"cancel-{amount}")
        assert store.change(connection, payment, *step)


def drop_tables(app: Flask, *names: str) -> None:
    """Drop the tables of these names, or all of them."""
    app.extensions[_DROPPED] = True
    with app.app_context(), transaction() as connection:
        # What refers to a table that is dropped alone keeps PostgreSQL from it.
        cascade = "" if connection.dialect.name == SQLITE else " CASCADE"
        for table in reversed(metadata.sorted_tables):
            if table.name in (names or metadata.tables):
                connection.execute(text(f"DROP TABLE {table.name}{cascade}"))


def rename_column(app: Flask, table: str, column: str, name: str) -> None:
    """Give a column another name, so that whatever uses it fails."""
    with app.app_context(), transaction() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME COLUMN {column} TO {name}"))


def were_tables_dropped(app: Flask) -> bool:
    """Tell whether tables were dropped since this was asked last."""
    return bool(app.extensions.pop(_DROPPED, False))


def close_connections(app: Flask) -> None:
    """Close the connections of an application, once its threads have given back those that they use."""
    hooks = outbox_hooks_of(app)
    if hooks is not None:
        hooks.deadlines.end()
        hooks.dispatcher.stop()
    dispatcher_of(app).journal.write()
    database_of(app).close()
