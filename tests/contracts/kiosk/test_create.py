"""Create: a payment is stored once under its key, and returned as it is ever after."""

import pytest

from testkit.inside.shop import PAYMENT, Shop
from tests.contracts.kiosk.answers import assert_refused


def test_a_new_payment_is_initiated(shop: Shop) -> None:
    assert shop.create().json == {"paymentKey": "pay_123", "orderId": "order_123", "status": "INITIATED"}


def test_a_created_payment_can_be_looked_up(shop: Shop) -> None:
    shop.create()

    assert shop.get().json == {
        "paymentKey": "pay_123",
        "orderId": "order_123",
        "method": None,
        "approvedAt": None,
        "totalAmount": 10000,
        "status": "INITIATED",
        "receipt": None,
        "canceledAt": None,
        "cancelReason": None,
    }


def test_the_same_create_again_returns_the_stored_payment(shop: Shop) -> None:
    first = shop.create()

    assert shop.create().data == first.data


@pytest.mark.parametrize("change", [{"orderId": "order_999"}, {"amount": 999}])
def test_a_known_key_wins_over_other_values(shop: Shop, change: dict[str, object]) -> None:
    shop.create()

    again = shop.create(**change)

    assert again.json == {"paymentKey": "pay_123", "orderId": "order_123", "status": "INITIATED"}
    assert shop.get().json["totalAmount"] == 10000  # type: ignore[index]


def test_other_values_under_a_known_key_show_at_the_confirm(shop: Shop) -> None:
    shop.create()
    shop.create(amount=999)

    assert_refused(shop.confirm(amount=999), 409, "AMOUNT_MISMATCH")


def test_create_answers_the_present_state_of_a_known_payment(shop: Shop) -> None:
    shop.pay()
    assert shop.create().json["status"] == "APPROVED"  # type: ignore[index]

    shop.cancel()
    assert shop.create().json["status"] == "CANCELED"  # type: ignore[index]


def test_fields_that_nobody_knows_are_ignored(shop: Shop) -> None:
    assert shop.create(orderName="coffee", metadata={"table": 4}).status_code == 200


def test_a_create_without_a_content_type_is_read_as_json(shop: Shop) -> None:
    body = '{"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}'

    assert shop.call("POST", "/v1/payments", data=body).status_code == 200


def test_an_order_may_have_several_payments(shop: Shop) -> None:
    shop.create()

    assert shop.create(paymentKey="pay_124").json == PAYMENT_124


PAYMENT_124 = {"paymentKey": "pay_124", "orderId": PAYMENT["orderId"], "status": "INITIATED"}
