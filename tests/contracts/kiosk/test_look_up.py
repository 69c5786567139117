"""Look-ups: what the provider knows of a payment, by its key or by its order."""

import pytest

from payments_mock.domain.payments.payment import State
from testkit.inside.database import put_in_state
from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


def test_of_several_payments_of_an_order_the_newest_is_found(shop: Shop) -> None:
    for payment_key in ("pay_9", "pay_1", "pay_5"):
        shop.create(paymentKey=payment_key)

    assert shop.get_by_order().json["paymentKey"] == "pay_5"  # type: ignore[index]


def test_a_payment_of_another_merchant_is_answered_as_one_that_nobody_has(
    shop: Shop, other_shop: Shop
) -> None:
    nobodys = other_shop.get().data
    shop.pay()

    assert other_shop.get().data == nobodys


@pytest.mark.parametrize("state", [State.ABORTED, State.EXPIRED])
def test_a_payment_that_ended_without_money_shows_how(shop: Shop, state: State) -> None:
    shop.create()
    put_in_state(shop.app, "pay_123", state, failure_code="REJECT_CARD_COMPANY")

    found = shop.get().json

    assert found is not None
    assert (found["status"], found["approvedAt"], found["receipt"]) == (state, None, None)


@pytest.mark.parametrize(
    "payment_key", ["pay_124", "PAY_123", "pay_12", "%", "pay_%", "*", "' OR 1=1 --", "é", "\0"]
)
def test_an_unknown_payment_key_is_not_found(shop: Shop, payment_key: str) -> None:
    shop.create()

    assert_refused(shop.get(payment_key), 404, "NOT_FOUND")


@pytest.mark.parametrize("order_id", ["order_124", "ORDER_123", "x", "o" * 300, "\0", "주문"])
def test_an_unknown_order_is_not_found(shop: Shop, order_id: str) -> None:
    shop.create()

    assert_refused(shop.get_by_order(order_id), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("localhost:9090", "http://localhost:9090"),
        ("provider.test", "http://provider.test"),
        ("[::1]:80", "http://[::1]"),
    ],
)
def test_the_receipt_is_at_the_address_that_the_request_came_in_by(shop: Shop, host: str, base: str) -> None:
    shop.pay()

    found = shop.call("GET", "/v1/payments/pay_123", headers={"Host": host}).json

    assert found is not None
    assert found["receipt"]["url"].startswith(f"{base}/receipts/pay_123?token=")
