"""Isolation: a merchant's key opens its own payments, and no other's."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


@pytest.mark.parametrize("call", [Shop.get, Shop.get_by_order, Shop.confirm, Shop.cancel])
def test_a_payment_of_another_merchant_is_not_found(
    shop: Shop, other_shop: Shop, call: Callable[[Shop], TestResponse]
) -> None:
    shop.pay()

    assert_refused(call(other_shop), 404, "NOT_FOUND")


def test_a_payment_of_another_merchant_is_answered_as_one_that_nobody_has(
    shop: Shop, other_shop: Shop
) -> None:
    nobodys = other_shop.get().data
    shop.pay()

    assert other_shop.get().data == nobodys


def test_two_merchants_may_use_the_same_payment_key(shop: Shop, other_shop: Shop) -> None:
    shop.pay(amount=1000)

    assert other_shop.pay(amount=2000, orderId="order_999").status_code == 200
    assert shop.get().json["totalAmount"] == 1000  # type: ignore[index]
    assert other_shop.get().json["totalAmount"] == 2000  # type: ignore[index]


def test_two_merchants_may_have_the_same_order_approved(shop: Shop, other_shop: Shop) -> None:
    shop.pay()

    assert other_shop.pay(paymentKey="pay_999").status_code == 200


def test_a_cancel_leaves_the_same_key_of_another_merchant_alone(shop: Shop, other_shop: Shop) -> None:
    shop.pay()
    other_shop.pay()

    shop.cancel()

    assert other_shop.get().json["status"] == "APPROVED"  # type: ignore[index]


def test_the_receipts_of_one_key_differ_by_merchant(shop: Shop, other_shop: Shop) -> None:
    own, others = (one.pay().json["receipt"]["url"] for one in (shop, other_shop))  # type: ignore[index]

    assert own != others
