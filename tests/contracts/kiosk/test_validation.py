"""Values that no feature has a row for: what will not do is refused with the field's name."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from testkit.depth import depth
from testkit.inside.shop import PAYMENT, Shop
from tests.contracts.kiosk.answers import assert_refused

NOT_AMOUNTS = [-1, 2**64, 10**30, 1e3, False, [], {}]
NOT_PAYMENT_KEYS = [
    ".",
    "..",
    "a/b",
    "a b",
    "a\n",
    "\n",
    "a?b",
    "a#b",
    "a%b",
    "결제",
    True,
    [],
    {},
]
NOT_ORDER_IDS = [
    "order",
    "order.123",
    "order 123",
    "order_123\n",
    "order_주문",
    True,
    [],
    {},
]
NOT_REASONS = ["a\nb", "\0", [], {}]


def assert_names(shop_answer: Any, field: str) -> None:
    """Check that an answer blames `field`, and nothing else, in words."""
    errors = assert_refused(shop_answer, 400, "INVALID_REQUEST")["errors"]
    assert errors.keys() == {field}
    assert all(isinstance(why, str) and why for why in errors[field])


@pytest.mark.parametrize("operation", [Shop.create, Shop.confirm], ids=["create", "confirm"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("amount", value) for value in NOT_AMOUNTS),
        *(("paymentKey", value) for value in NOT_PAYMENT_KEYS),
        *(("orderId", value) for value in NOT_ORDER_IDS),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_value_that_will_not_do_is_refused_by_its_field_s_name(
    shop: Shop, operation: Any, field: str, value: object
) -> None:
    body = orjson.dumps(PAYMENT | {field: "@"}).replace(b'"@"', as_json(value))
    path = {"create": "/v1/payments", "confirm": "/v1/payments/confirm"}[operation.__name__]

    assert_names(shop.call("POST", path, data=body, content_type="application/json"), field)


def as_json(value: object) -> bytes:
    """Write a value as JSON, with integers of any size."""
    return str(value).encode() if type(value) is int else orjson.dumps(value)


def test_a_body_without_a_content_type_is_read_as_json(shop: Shop) -> None:
    assert shop.call("POST", "/v1/payments", data=orjson.dumps(PAYMENT)).status_code == 200


@pytest.mark.parametrize("reason", NOT_REASONS, ids=lambda value: repr(value)[:24])
def test_a_reason_that_will_not_do_is_refused(shop: Shop, reason: object) -> None:
    shop.pay()

    assert_names(shop.cancel(cancelReason=reason), "cancelReason")
    assert shop.get().json["status"] == "APPROVED"  # type: ignore[index]


@pytest.mark.parametrize("amount", [0, -1, None, []], ids=repr)
def test_a_cancel_amount_that_is_no_amount_is_refused(shop: Shop, amount: object) -> None:
    shop.pay()

    assert_names(shop.cancel(cancelAmount=amount), "cancelAmount")


def test_an_order_id_may_have_every_sort_of_character(shop: Shop) -> None:
    assert shop.create(orderId="A-z_09").status_code == 200


@pytest.mark.parametrize("payment_key", ["a.b", "...", "pay:1@2", "-._~!$&'()*+,;="])
def test_a_payment_key_that_is_safe_in_a_path_is_taken(shop: Shop, payment_key: str) -> None:
    assert shop.create(paymentKey=payment_key).status_code == 200


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([*PAYMENT, "cancelReason"]) | st.text(), inner)
        ),
    ),
    path=st.sampled_from(["/v1/payments", "/v1/payments/confirm", "/v1/payments/pay_123/cancel"]),
)
@hypothesis_settings(
    max_examples=depth(60, 5),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_json_whatsoever_is_a_fault_of_ours(shop: Shop, path: str, body: object) -> None:
    response = shop.call("POST", path, json=body)

    assert response.status_code in {200, 400, 404, 409, 422}
    assert response.content_type == "application/json"
