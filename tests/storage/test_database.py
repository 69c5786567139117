"""The database as a whole: it is made where it is missing, kept where it is there, and known to be gone."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.database import attach_database
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import check_database
from payments_mock.storage import payments as store
from payments_mock.storage.engine.database import database_of
from testkit.inside.database import drop_tables, look, transaction
from testkit.inside.payments import make_payment

pytestmark = pytest.mark.every_database


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """Name a database of the test's own, as one of these tests destroys it."""
    return new_database()


def test_a_second_start_finds_the_payments_of_the_first(database_url: str, merchant: Merchant) -> None:
    with transaction() as connection:
        store.add(connection, make_payment(merchant_id=merchant.id))

    later = Flask(__name__)
    attach_database(later, database_url)

    with later.app_context(), look() as connection:
        assert store.find_by_key(connection, merchant.id, "pay_123") is not None
    database_of(later).engine.dispose()


def test_a_database_that_answers_is_well(database: Flask) -> None:
    assert check_database(database_of(database)) is None  # type: ignore[func-returns-value]


def test_a_database_without_its_tables_is_not_well(database: Flask) -> None:
    drop_tables(database)

    with pytest.raises(SQLAlchemyError):
        check_database(database_of(database))


def test_a_database_that_can_not_be_opened_is_refused_at_the_start() -> None:
    with pytest.raises(SQLAlchemyError):
        attach_database(Flask(__name__), "sqlite:////no/such/folder/payments.db")


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1)])
def test_every_connection_to_sqlite_is_prepared(database: Flask, pragma: str, value: object) -> None:
    engine = database_of(database).engine
    if engine.dialect.name != "sqlite":
        pytest.skip("this database has no pragmas")

    with engine.connect() as one, engine.connect() as another:
        answers = [connection.scalar(text(f"PRAGMA {pragma}")) for connection in (one, another)]

    assert answers == [value, value]
