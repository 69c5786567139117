"""Confirm: the shopper is charged once, and whoever asks again hears the same."""

import pytest

from payments_mock.domain.payments.payment import State
from testkit.inside.clock import MovableClock
from testkit.inside.database import put_in_state
from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


def test_a_confirmed_payment_is_approved(shop: Shop) -> None:
    answer = shop.pay().json

    assert answer is not None
    assert answer.pop("receipt").keys() == {"url"}
    assert answer == {
        "paymentKey": "pay_123",
        "orderId": "order_123",
        "method": "CARD",
        "approvedAt": "2024-01-01T12:34:56Z",
        "totalAmount": 10000,
        "status": "APPROVED",
    }


def test_the_same_confirm_again_answers_the_very_same_bytes(shop: Shop, clock: MovableClock) -> None:
    first = shop.pay()
    clock.advance(days=1)

    assert shop.confirm().data == first.data


def test_a_payment_that_nobody_created_is_not_found(shop: Shop) -> None:
    assert_refused(shop.confirm(), 404, "NOT_FOUND")


@pytest.mark.parametrize("change", [{"amount": 9999}, {"orderId": "order_124"}])
def test_other_values_than_the_payment_s_own_are_a_mismatch(shop: Shop, change: dict[str, object]) -> None:
    shop.create()

    assert_refused(shop.confirm(**change), 409, "AMOUNT_MISMATCH")
    assert shop.get().json["status"] == "INITIATED"  # type: ignore[index]


@pytest.mark.parametrize("change", [{"amount": 9999}, {"orderId": "order_124"}])
def test_a_mismatch_is_judged_before_the_state(shop: Shop, change: dict[str, object]) -> None:
    shop.pay()
    assert_refused(shop.confirm(**change), 409, "AMOUNT_MISMATCH")

    shop.cancel()
    assert_refused(shop.confirm(**change), 409, "AMOUNT_MISMATCH")


def test_a_mismatch_leaves_the_payment_to_be_confirmed(shop: Shop) -> None:
    shop.create()
    shop.confirm(amount=9999)

    assert shop.confirm().status_code == 200


def test_a_canceled_payment_is_not_confirmed_again(shop: Shop) -> None:
    shop.pay()
    shop.cancel()

    assert_refused(shop.confirm(), 422, "ALREADY_CANCELED")


def test_an_order_is_charged_once(shop: Shop) -> None:
    shop.pay()

    assert_refused(shop.pay(paymentKey="pay_124"), 409, "DUPLICATED_ORDER_ID")
    assert shop.get("pay_124").json["status"] == "INITIATED"  # type: ignore[index]


def test_an_order_can_be_charged_again_once_its_payment_is_canceled(shop: Shop) -> None:
    shop.pay()
    shop.create(paymentKey="pay_124")
    shop.cancel()

    assert shop.confirm(paymentKey="pay_124").status_code == 200


def test_an_aborted_payment_is_refused_with_the_code_of_its_decline(shop: Shop) -> None:
    shop.create()
    put_in_state(shop.app, "pay_123", State.ABORTED, failure_code="REJECT_CARD_COMPANY")

    assert_refused(shop.confirm(), 422, "REJECT_CARD_COMPANY")


def test_an_expired_payment_is_refused(shop: Shop) -> None:
    shop.create()
    put_in_state(shop.app, "pay_123", State.EXPIRED)

    assert_refused(shop.confirm(), 422, "EXPIRED")


def test_the_largest_amount_comes_back_to_the_won(shop: Shop) -> None:
    assert shop.pay(amount=2**53 - 1).json["totalAmount"] == 2**53 - 1  # type: ignore[index]
