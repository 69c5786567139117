"""Paths that no database takes, and methods that nobody expects."""

import pytest
from flask import Flask

from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/payments/%00"),
        ("GET", "/v1/payments/pay%00_123"),
        ("GET", "/v1/payments/orders/order%00_123"),
        ("POST", "/v1/payments/pay_123%00/cancel"),
        ("GET", "/receipts/pay%00?token=x"),
        ("GET", "/receipts/cash/%00"),
    ],
)
def test_a_path_with_a_nul_does_not_exist(shop: Shop, method: str, path: str) -> None:
    assert_refused(shop.call(method, path), 404, "NOT_FOUND")


def test_a_receipt_s_token_with_a_nul_opens_nothing(shop: Shop) -> None:
    shop.pay()

    assert_refused(shop.call("GET", "/receipts/pay_123?token=a%00b"), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_a_question_for_options_is_answered_in_json(app: Flask, path: str) -> None:
    response = app.test_client().options(path)

    assert_refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["Allow"]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_every_method_that_a_path_could_take_is_named(shop: Shop, method: str) -> None:
    response = shop.call(method, "/v1/payments/confirm")

    assert_refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response.headers["Allow"] == "GET, POST"
