"""Cancel: the whole amount goes back, once."""

import pytest

from payments_mock.domain.payments.payment import State
from testkit.inside.clock import MovableClock
from testkit.inside.database import put_in_state
from testkit.inside.shop import Shop
from tests.contracts.kiosk.answers import assert_refused


def test_an_approved_payment_is_canceled(shop: Shop, clock: MovableClock) -> None:
    shop.pay()
    clock.advance(minutes=5, seconds=4)

    assert shop.cancel().json == {"status": "CANCELED", "canceledAt": "2024-01-01T12:40:00Z"}


@pytest.mark.parametrize("state", [State.ABORTED, State.EXPIRED])
def test_a_payment_that_ended_without_money_is_refused(shop: Shop, state: State) -> None:
    shop.create()
    put_in_state(shop.app, "pay_123", state)

    assert_refused(shop.cancel(), 422, "NOT_APPROVED")


def test_a_canceled_payment_is_refused_and_keeps_its_first_cancel(shop: Shop, clock: MovableClock) -> None:
    shop.pay()
    first = shop.cancel().json
    clock.advance(hours=1)

    assert_refused(shop.cancel(cancelReason="AGAIN"), 422, "ALREADY_CANCELED")
    found = shop.get().json
    assert found is not None
    assert first is not None
    assert (found["canceledAt"], found["cancelReason"]) == (first["canceledAt"], "USER_REQUEST")


@pytest.mark.parametrize("reason", ["x", "x" * 200, "마음이 바뀜", "<b>&</b>", "\u202e", "취" * 200])
def test_the_reason_is_kept_as_it_was_given(shop: Shop, reason: str) -> None:
    shop.pay()
    shop.cancel(cancelReason=reason)

    assert shop.get().json["cancelReason"] == reason  # type: ignore[index]


@pytest.mark.parametrize("payment_key", ["confirm", "orders", "...", "a:b@c;d=e,f", "~!$&'()*+", "k" * 200])
def test_every_payment_key_that_create_takes_can_be_canceled(shop: Shop, payment_key: str) -> None:
    shop.pay(paymentKey=payment_key)

    assert shop.cancel(payment_key).status_code == 200
    assert shop.get(payment_key).json["status"] == "CANCELED"  # type: ignore[index]
