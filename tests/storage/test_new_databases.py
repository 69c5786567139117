"""A database that is new knows nothing of its tables, and must not read all of them for one payment."""

import time

import pytest
from sqlalchemy import Connection, text

from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import payments as store
from testkit.inside.database import look, transaction
from testkit.inside.payments import make_payment

pytestmark = pytest.mark.only_postgresql

ROWS = 3_000
LOOKS = 520
"""More than it takes until PostgreSQL is asked to look at what has grown."""
PATIENCE_SECONDS = 10.0


def look_up(merchant: Merchant, times: int) -> None:
    for _ in range(times):
        with look() as connection:
            assert store.find_by_key(connection, merchant.id, "pay_123") is not None


def asked(connection: Connection, statement: str) -> int:
    connection.execute(text("SELECT pg_stat_force_next_flush()"))
    number: int = connection.scalar(text(statement))
    return number


def fill(merchant: Merchant) -> None:
    own = "'key-' || n, 'order-' || n, 'token-' || n"
    names = "merchant_id, revision, kind, state, total_amount, balance_amount, tax_free_amount,"
    names += " tax_free_balance, culture_expense, use_escrow, frees_order, requested_at"
    copies = f"SELECT {own}, {names} FROM payments, generate_series(1, {ROWS}) n"
    with transaction() as connection:
        connection.execute(
            text(f"INSERT INTO payments (payment_key, order_id, receipt_token, {names}) {copies}")
        )


def test_a_look_up_reads_one_payment_soon_after_there_are_many(merchant: Merchant) -> None:
    with transaction() as connection:
        store.add(connection, make_payment(merchant_id=merchant.id))
    look_up(merchant, 10)
    fill(merchant)

    look_up(merchant, LOOKS)

    deadline = time.monotonic() + PATIENCE_SECONDS
    with look() as connection:
        while asked(connection, "SELECT reltuples FROM pg_class WHERE relname = 'payments'") < 0:
            assert time.monotonic() < deadline
        read = "SELECT idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'payments'"
        look_up(merchant, 1)
        before = asked(connection, read)
        for _ in range(10):
            store.find_by_key(connection, merchant.id, "pay_123")
        assert asked(connection, read) - before <= 10
