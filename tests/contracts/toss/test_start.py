"""The server-side start of a payment, whose checkout address opens the window."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.toss_sales import pay
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.answers import answered, assert_refused
from tests.contracts.toss.keyed import with_key

START = "/v1/payments"
FIELDS = {
    "method": "CARD",
    "amount": 15_000,
    "orderName": "토스 티셔츠",
    "successUrl": "https://shop.example/success",
    "failUrl": "https://shop.example/fail",
}


def start(stage: Stage, **changes: object) -> TestResponse:
    """Begin a payment of a new order, with changes, or without the fields that are None."""
    asked = FIELDS | {"orderId": unused("started")} | changes
    return stage.post(START, {name: value for name, value in asked.items() if value is not None})


def window_of(stage: Stage, payment: dict[str, Any]) -> str:
    """Open the checkout address as the shopper's browser does, and return the page that it leads to."""
    path = urlsplit(payment["checkout"]["url"]).path
    return stage.app.test_client().get(path, follow_redirects=True).text


def test_a_payment_is_begun_and_waits_for_its_shopper(stage: Stage) -> None:
    begun = answered(start(stage), PaymentSchema())

    assert (begun["status"], begun["totalAmount"], begun["approvedAt"]) == ("READY", 15_000, None)
    assert stage.toss.get(begun["paymentKey"]).get_json() == begun


@pytest.mark.parametrize(
    ("method", "offered", "not_offered"),
    [
        ("CARD", "method-CARD", "method-VIRTUAL_ACCOUNT"),
        ("가상계좌", "method-VIRTUAL_ACCOUNT", "method-CARD"),
        ("VIRTUAL_ACCOUNT", "method-VIRTUAL_ACCOUNT", "method-CARD"),
    ],
)
def test_its_checkout_address_opens_the_window_of_the_method(
    stage: Stage, method: str, offered: str, not_offered: str
) -> None:
    page = window_of(stage, start(stage, method=method).get_json())

    assert f'data-testid="{offered}"' in page
    assert f'data-testid="{not_offered}"' not in page


def test_an_idempotency_key_begins_one_payment(stage: Stage, key: str) -> None:
    fields = FIELDS | {"amount": "15000", "orderId": unused("started")}

    first, second = (stage.post(START, fields, **with_key(key)).get_json() for _ in range(2))

    assert (first["status"], second) == ("READY", first)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": None}, "INVALID_REQUEST"),
        ({"method": "CASH"}, "NOT_SUPPORTED_METHOD"),
        ({"amount": None}, "INVALID_REQUEST"),
        ({"amount": 0}, "BELOW_ZERO_AMOUNT"),
        ({"orderId": "x"}, "INVALID_ORDER_ID"),
        ({"orderName": "x" * 101}, "INVALID_ORDER_NAME"),
        ({"successUrl": "/success"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"successUrl": None}, "INVALID_REQUEST"),
        ({"failUrl": "javascript:alert(1)"}, "INCORRECT_FAIL_URL_FORMAT"),
    ],
)
def test_what_will_not_do_is_refused_with_its_code(stage: Stage, changes: dict[str, Any], code: str) -> None:
    assert_refused(start(stage, **changes), code)


def test_an_order_that_is_paid_for_is_not_begun_again(stage: Stage) -> None:
    paid = pay(stage.toss)

    assert_refused(start(stage, orderId=paid["orderId"]), "DUPLICATED_ORDER_ID")


def test_the_body_of_the_kiosk_contract_is_refused_by_the_fields_that_it_lacks(stage: Stage) -> None:
    answer = stage.post(START, {"paymentKey": "pay_1", "orderId": "order_1", "amount": 15_000})

    refusal = assert_refused(answer, "INVALID_REQUEST")
    assert all(name in refusal for name in ("method", "orderName", "successUrl", "failUrl"))
