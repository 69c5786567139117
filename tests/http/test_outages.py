"""What callers and operators hear while the database is away, or taken by somebody else."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import Connection

from payments_mock.app import create_app
from payments_mock.http import pipeline
from payments_mock.http.health import OutageLog
from payments_mock.http.idempotency import HEADER
from payments_mock.services import context as transactions
from payments_mock.services.context import in_transaction
from payments_mock.settings import MerchantSettings, Settings
from payments_mock.storage.engine import database, engines
from payments_mock.storage.engine.database import Database
from testkit.inside.database import close_connections
from testkit.inside.shop import PAYMENT, Shop

PATIENCE_SECONDS = 0.02
CONFIRM = "/v1/payments/confirm"
SHOPS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",)),
    MerchantSettings("toss", contract="toss", secret_keys=("test_sk_toss_dummy",)),
)


@pytest.fixture
def app(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Lend an application on a file of its own, for which it does not wait long."""
    monkeypatch.setattr(engines, "SQLITE_BUSY_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(database, "PROBE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(transactions, "PROBE_SECONDS", PATIENCE_SECONDS)
    url = f"sqlite:///{tmp_path / 'payments.db'}"
    app = create_app(replace(settings, database_url=url, merchants=SHOPS))
    yield app
    close_connections(app)


@pytest.fixture
def writer(app: Flask, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Lend a connection of another program, which lets nobody else write."""
    connection = sqlite3.connect(tmp_path / "payments.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_server_that_can_not_write_is_down_until_it_can(app: Flask, writer: sqlite3.Connection) -> None:
    assert app.test_client().get("/health").status_code == 503

    writer.execute("ROLLBACK")

    assert app.test_client().get("/health").status_code == 200


@pytest.mark.parametrize(
    ("key", "code"),
    [("test_sk_dummy", "INTERNAL_ERROR"), ("test_sk_toss_dummy", "FAILED_INTERNAL_SYSTEM_PROCESSING")],
)
def test_a_merchant_hears_of_it_in_its_contract_s_words(
    app: Flask, writer: sqlite3.Connection, key: str, code: str
) -> None:
    response = Shop(app, key).call("POST", CONFIRM, json=PAYMENT, headers={HEADER: "one"})

    assert response.status_code == 500
    assert response.json is not None
    assert response.json["code"] == code


def test_the_control_api_says_that_it_is_the_database(app: Flask, writer: sqlite3.Connection) -> None:
    response = app.test_client().post("/control/sandboxes", json={"id": "bakery"})

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["code"] == "DATABASE_UNAVAILABLE"


def test_what_failed_is_done_when_it_is_asked_for_again(app: Flask, writer: sqlite3.Connection) -> None:
    shop = Shop(app, "test_sk_dummy")
    assert shop.create().status_code == 500

    writer.execute("ROLLBACK")

    assert shop.create().status_code == 200


def test_a_key_that_could_not_be_released_is_by_the_next_call_with_any_key(
    app: Flask, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.execute("ROLLBACK")
    shop = Shop(app, "test_sk_dummy")
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "in_optimistic_transaction", partial(lock_first, writer))
        assert call_with_key(shop, "one") == 500
    writer.execute("ROLLBACK")
    assert claims(writer) == 1

    assert call_with_key(shop, "another") == 404

    assert claims(writer) == 0


def lock_first(
    writer: sqlite3.Connection,
    database: Database,
    use_case: Callable[[Connection], Response],
    *_of_optimism: object,
) -> Response:
    """Let nobody else write from now on, and begin a transaction."""
    writer.execute("BEGIN IMMEDIATE")
    return in_transaction(database, use_case)


def call_with_key(shop: Shop, key: str) -> int:
    return shop.call("POST", CONFIRM, json=PAYMENT, headers={HEADER: key}).status_code


def claims(connection: sqlite3.Connection) -> int:
    """Count the keys that somebody is at work for."""
    [count] = connection.execute("SELECT count(*) FROM idempotent_answers WHERE status IS NULL").fetchone()
    return int(count)


def test_the_log_says_why_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    log, reason = OutageLog(), "OperationalError: database is locked"
    for _ in range(3):
        log.add("POST /v1/payments", reason)
    log.add("POST /v1/payments", "OperationalError: disk I/O error")

    assert [record.getMessage() for record in caplog.records] == [
        f"the database failed POST /v1/payments, and 0 calls before it: {reason}",
        "the database failed POST /v1/payments, and 2 calls before it: OperationalError: disk I/O error",
    ]


def test_the_log_has_no_traceback(
    app: Flask, writer: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    Shop(app, "test_sk_dummy").create()
    app.test_client().get("/receipts/pay_123?token=1-0")

    assert not any(record.exc_info for record in caplog.records)
