"""Confirm: the shopper is charged once, and whoever asks again hears the same."""

from payments_mock.domain.payments.payment import State
from testkit.inside.database import put_in_state
from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


def test_the_time_of_the_approval_is_cut_to_whole_seconds(shop: Shop) -> None:
    assert shop.pay().json["approvedAt"] == "2024-01-01T12:34:56Z"  # type: ignore[index]


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
