"""Applications that tests share, one for each kind of settings, each as good as new for every test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Table, text

from payments_mock.app import create_app
from payments_mock.clock import Clock
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.settings import Settings
from payments_mock.storage import metadata
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.engine.engines import POSTGRESQL
from payments_mock.storage.tables import api_keys, merchants
from testkit.inside.clock import MovableClock
from testkit.inside.database import close_connections, look, transaction, were_tables_dropped

Rows = Mapping[Table, list[dict[str, Any]]]
_count_on = text("SELECT setval('merchants_id_seq', greatest(nextval('merchants_id_seq'), 1000))")
EMPTYING = tuple(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
"""In plain SQL, as SQLAlchemy takes longer to make these statements than the database to run them."""


class AppPool:
    """Makes an application once and lends it again and again: making one takes longer than most tests."""

    def __init__(self) -> None:
        self._apps: dict[Settings, tuple[Flask, Rows]] = {}
        self._clock: Clock = MovableClock()

    @contextmanager
    def lend(self, settings: Settings, clock: Clock) -> Iterator[Flask]:
        """Lend the application of these settings, as it was when it was made, with the `clock` of a test."""
        self._clock = clock
        if settings not in self._apps:
            app = create_app(settings, clock=lambda: self._clock())
            self._apps[settings] = app, _registered(app, settings)
        app, registered = self._apps[settings]
        _replace_everything(app, registered)
        yield app
        gateway: Dispatcher = app.extensions["payments_mock"]
        if were_tables_dropped(app):
            # The journal's thread would wait for tables that are being dropped, and hold others of them.
            gateway.journal.write_or_lose()
            _mend(app)
        gateway.journal.write()

    def close(self) -> None:
        """Close the connections of all applications."""
        for app, _ in self._apps.values():
            close_connections(app)


def _registered(app: Flask, settings: Settings) -> Rows:
    """Read the merchants of the settings with their keys."""
    own = merchants.c.code.in_([merchant.id for merchant in settings.merchants])
    with app.app_context(), look() as connection:
        known = [dict(row) for row in connection.execute(merchants.select().where(own)).mappings()]
        keys = api_keys.select().where(api_keys.c.merchant_id.in_([row["id"] for row in known]))
        return {merchants: known, api_keys: [dict(row) for row in connection.execute(keys).mappings()]}


def _replace_everything(app: Flask, registered: Rows) -> None:
    with app.app_context(), transaction() as connection:
        for statement in EMPTYING:
            connection.exec_driver_sql(statement)
        for table, rows in registered.items():
            connection.execute(table.insert(), rows)
        if connection.dialect.name == POSTGRESQL:
            # Tables that were made anew count from one again, and the merchants have the numbers of before.
            connection.execute(_count_on)


def _mend(app: Flask) -> None:
    """Make the tables anew."""
    engine = database_of(app).engine
    metadata.drop_all(engine)
    metadata.create_all(engine)
