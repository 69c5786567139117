"""A fault of ours is told as JSON too, without a word about our insides, and leaves no half-done change."""

import logging
import re

import pytest
from flask import Flask

from payments_mock.storage import metadata
from payments_mock.storage.engine.database import database_of
from testkit.inside.database import drop_tables, rename_column
from testkit.inside.shop import PAYMENT, Shop
from tests.contracts.kiosk.answers import OPERATIONS, assert_refused

INSIDES = re.compile(r"Traceback|sqlite|sqlalchemy|SELECT|INSERT|api_keys|File \"|\.py", re.IGNORECASE)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_tells_of_a_database_without_tables(shop: Shop, operation: object) -> None:
    shop.pay()
    drop_tables(shop.app)

    path = operation.path.replace("<payment_key>", "pay_123").replace("<order_id>", "order_123")  # type: ignore[attr-defined]
    response = shop.call(operation.method, path, json=PAYMENT | {"cancelReason": "x"})  # type: ignore[attr-defined]

    assert_refused(response, 500, "INTERNAL_ERROR")
    assert INSIDES.search(response.text) is None


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_tells_of_payments_that_are_gone(shop: Shop, operation: object) -> None:
    shop.pay()
    drop_tables(shop.app, "transactions", "payments")

    path = operation.path.replace("<payment_key>", "pay_123").replace("<order_id>", "order_123")  # type: ignore[attr-defined]
    response = shop.call(operation.method, path, json=PAYMENT | {"cancelReason": "x"})  # type: ignore[attr-defined]

    assert_refused(response, 500, "INTERNAL_ERROR")
    assert INSIDES.search(response.text) is None


def test_a_path_that_does_not_exist_is_still_not_found_without_a_database(shop: Shop) -> None:
    drop_tables(shop.app)

    assert_refused(shop.call("GET", "/v1/nothing"), 404, "NOT_FOUND")


def test_a_confirm_that_fails_half_way_charges_nobody(shop: Shop) -> None:
    shop.create()
    rename_column(shop.app, "transactions", "merchant_id", "gone")

    assert_refused(shop.confirm(), 500, "INTERNAL_ERROR")

    rename_column(shop.app, "transactions", "gone", "merchant_id")
    assert shop.get().json["status"] == "INITIATED"  # type: ignore[index]


def test_the_server_goes_on_once_the_fault_is_mended(shop: Shop) -> None:
    shop.create()
    drop_tables(shop.app, "transactions")
    shop.confirm()

    metadata.create_all(database_of(shop.app).engine)

    assert shop.confirm().status_code == 200


def test_the_log_tells_us_what_happened_but_no_secret(
    app: Flask, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.pay()
    token = shop.get().json["receipt"]["url"].partition("token=")[2]  # type: ignore[index]
    drop_tables(app, "transactions", "payments")
    with caplog.at_level(logging.ERROR):
        shop.create()
        shop.app.test_client().get(f"/receipts/pay_123?token={token}")

    assert re.search("no such table|payments.* does not exist", caplog.text)
    assert token not in caplog.text
    assert "test_sk_dummy" not in caplog.text
