"""Races: whatever is called at once, the end is one that a single caller could have reached."""

from collections import Counter

import pytest
from werkzeug.test import TestResponse

from testkit.inside.clock import MovableClock
from testkit.inside.shop import Shop
from testkit.races import at_once

CALLERS = 16


def outcomes(answers: list[TestResponse]) -> Counter[str]:
    """Count how the calls ended: OK, or the code of the error."""
    return Counter(answer.json.get("code", "OK") for answer in answers if answer.json is not None)


def status_of(shop: Shop, payment_key: str = "pay_123") -> str:
    found = shop.get(payment_key).json
    assert found is not None
    return str(found["status"])


def test_many_creates_of_one_payment_store_one(shop: Shop) -> None:
    answers = at_once([shop.create] * CALLERS)

    assert outcomes(answers) == {"OK": CALLERS}
    assert len({answer.data for answer in answers}) == 1


def test_of_many_creates_with_different_amounts_one_amount_is_stored(shop: Shop) -> None:
    at_once([lambda amount=amount: shop.create(amount=amount) for amount in range(1, CALLERS + 1)])
    stored = shop.get().json

    assert stored is not None
    assert shop.confirm(amount=stored["totalAmount"]).status_code == 200


def test_many_confirms_of_one_payment_hear_of_one_approval(shop: Shop, clock: MovableClock) -> None:
    shop.create()

    def confirm() -> TestResponse:
        clock.advance(seconds=1)
        return shop.confirm()

    answers = at_once([confirm] * CALLERS)

    assert outcomes(answers) == {"OK": CALLERS}
    assert len({answer.data for answer in answers}) == 1


def test_of_many_cancels_one_goes_through(shop: Shop) -> None:
    shop.pay()

    answers = at_once([shop.cancel] * CALLERS)

    assert outcomes(answers) == {"OK": 1, "ALREADY_CANCELED": CALLERS - 1}


@pytest.mark.parametrize("round_number", range(5))
def test_a_confirm_that_races_a_cancel_ends_in_a_legal_state(shop: Shop, round_number: int) -> None:
    shop.create()

    answers = at_once([shop.confirm, shop.cancel] * (CALLERS // 2))

    ended = outcomes(answers[1::2])
    assert outcomes(answers[::2]).keys() <= {"OK", "ALREADY_CANCELED"}
    assert ended.keys() <= {"OK", "NOT_APPROVED", "ALREADY_CANCELED"}
    assert status_of(shop) == ("CANCELED" if ended["OK"] else "APPROVED")
    assert ended["OK"] <= 1


@pytest.mark.parametrize("round_number", range(5))
def test_of_many_payments_of_one_order_one_is_approved(shop: Shop, round_number: int) -> None:
    keys = [f"pay_{number}" for number in range(CALLERS)]
    for key in keys:
        shop.create(paymentKey=key)

    answers = at_once([lambda key=key: shop.confirm(paymentKey=key) for key in keys])

    assert outcomes(answers) == {"OK": 1, "DUPLICATED_ORDER_ID": CALLERS - 1}
    assert Counter(status_of(shop, key) for key in keys) == {"APPROVED": 1, "INITIATED": CALLERS - 1}


def test_merchants_that_race_do_not_meet(shop: Shop, other_shop: Shop) -> None:
    shop.create()
    other_shop.create()

    answers = at_once([shop.confirm, other_shop.confirm] * (CALLERS // 2))

    assert outcomes(answers) == {"OK": CALLERS}
    assert len({answer.data for answer in answers}) == 2
