"""The database beneath an application, for what no call of the API can bring about."""

from flask import Flask

from payments_mock.domain.states import State
from payments_mock.storage import db
from payments_mock.storage.database import writing
from payments_mock.storage.tables import payments


def put_in_state(app: Flask, payment_key: str, state: State, **columns: object) -> None:
    """Make a stored payment stand in `state`, whatever led there."""
    statement = payments.update().where(payments.c.payment_key == payment_key)
    with app.app_context(), writing() as connection:
        connection.execute(statement.values(state=state, **columns))


def drop_tables(app: Flask, *names: str) -> None:
    """Drop the tables of these names, or all of them."""
    with app.app_context(), writing() as connection:
        db.metadata.drop_all(connection, [db.metadata.tables[name] for name in names] or None)
