"""Every operation answers exactly the fields that its schema promises."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from payments_mock.api.operation import Operation
from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import OPERATIONS, assert_answers

CALLS: dict[str, Callable[[Shop], TestResponse]] = {
    "create": Shop.create,
    "confirm": Shop.confirm,
    "cancel": Shop.cancel,
    "get": Shop.get,
    "get-by-order": Shop.get_by_order,
}
LOOK_UPS = ("get", "get-by-order")


def test_every_operation_is_called_here() -> None:
    assert CALLS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_answer_has_every_field_of_its_schema_and_no_other(shop: Shop, operation: Operation) -> None:
    if operation.name != "create":
        shop.create()
    if operation.name == "cancel":
        shop.confirm()

    assert_answers(CALLS[operation.name](shop), operation)


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_answers_the_same_fields_in_every_state(shop: Shop, name: str) -> None:
    for step in (shop.create, shop.confirm, shop.cancel):
        step()
        assert_answers(CALLS[name](shop), OPERATIONS[name])


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_head_request_answers_as_get_does_without_a_body(shop: Shop, name: str) -> None:
    shop.pay()
    path = {"get": "/v1/payments/pay_123", "get-by-order": "/v1/payments/orders/order_123"}[name]

    head, get = shop.call("HEAD", path), shop.call("GET", path)

    assert (head.status_code, head.content_type, head.content_length) == (
        200,
        get.content_type,
        get.content_length,
    )
    assert head.data == b""


def test_a_head_request_for_nothing_is_not_found(shop: Shop) -> None:
    assert shop.call("HEAD", "/v1/payments/pay_123").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/payments/", {"paymentKey": "pay_124", "orderId": "order_124", "amount": 1}),
        ("POST", "/v1/payments/confirm/", {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}),
        ("POST", "/v1/payments/pay_123/cancel/", {"cancelReason": "USER_REQUEST"}),
        ("GET", "/v1/payments/pay_123/", None),
        ("GET", "/v1/payments/orders/order_123/", None),
    ],
)
def test_a_slash_at_the_end_makes_no_difference(shop: Shop, method: str, path: str, body: object) -> None:
    shop.pay()

    assert shop.call(method, path, json=body).status_code == 200


def test_text_is_answered_in_utf_8(shop: Shop) -> None:
    shop.pay()
    shop.cancel(cancelReason="마음이 바뀜 😀")

    assert "마음이 바뀜 😀".encode() in shop.get().data
