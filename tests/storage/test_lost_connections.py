"""A cut connection costs at most the call that uses it, and none that comes later."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import check_database
from payments_mock.storage import payments
from payments_mock.storage.engine.database import database_of
from testkit.inside.database import look, transaction
from testkit.inside.payments import make_payment

pytestmark = pytest.mark.only_postgresql

CUT_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
CutAll = Callable[[], None]


@pytest.fixture
def cut_all(database: Flask, database_url: str) -> CutAll:
    """End every connection of the application, as a restart of PostgreSQL does."""

    def cut() -> None:
        engine = create_engine(database_url)
        with engine.connect() as connection:
            connection.execute(CUT_THE_OTHERS).all()
        engine.dispose()

    return cut


def add(connection: Connection, merchant: Merchant) -> None:
    payments.add(connection, make_payment(merchant_id=merchant.id))


def is_stored(merchant: Merchant) -> bool:
    with look() as connection:
        return payments.find_by_key(connection, merchant.id, "pay_123") is not None


def test_connections_that_were_cut_while_idle_are_replaced_unseen(cut_all: CutAll, database: Flask) -> None:
    connections = [database_of(database).engine.connect() for _ in range(3)]
    for connection in connections:
        connection.close()

    cut_all()

    assert [check_database(database_of(database)) for _ in range(3)] == [None] * 3  # type: ignore[func-returns-value]


def test_a_call_whose_connection_is_cut_before_its_commit_is_undone(
    cut_all: CutAll, merchant: Merchant
) -> None:
    def call() -> None:
        with transaction() as connection:
            add(connection, merchant)
            cut_all()

    with pytest.raises(DBAPIError):
        call()
    assert not is_stored(merchant)


def test_a_call_whose_connection_is_cut_between_its_statements_is_undone(
    cut_all: CutAll, merchant: Merchant
) -> None:
    def call() -> None:
        with transaction() as connection:
            connection.execute(text("SELECT 1"))
            cut_all()
            add(connection, merchant)

    with pytest.raises(DBAPIError):
        call()
    assert not is_stored(merchant)


def test_the_thread_whose_connection_was_cut_answers_its_next_call(
    database: Flask, cut_all: CutAll, merchant: Merchant
) -> None:
    def call() -> None:
        with transaction() as connection:
            add(connection, merchant)
            cut_all()

    with pytest.raises(DBAPIError):
        call()

    with transaction() as connection:
        add(connection, merchant)
    assert is_stored(merchant)


def test_what_can_not_be_undone_by_its_connection_is_undone_without_it(
    database: Flask, merchant: Merchant
) -> None:
    def call() -> None:
        with transaction() as connection:
            add(connection, merchant)
            # As a connection is left behind that was cut while many rows were on their way.
            connection.connection.driver_connection.pgconn.enter_pipeline_mode()
            raise LookupError

    with pytest.raises(LookupError):
        call()
    assert not is_stored(merchant)
