"""The shop that stands in for a backend: a call beside others, its two pairs of keys, its own windows."""

from typing import Any

import pytest

from payments_mock.testing import KitError, Sandbox
from payments_mock.testing.control_client import ControlError

CONFIRM = "/v1/payments/confirm"
BEGUN = {
    **{"orderId": "order_1", "orderName": "Tea", "amount": 15000, "method": "CARD"},
    **{"successUrl": "http://shop.test/success", "failUrl": "http://shop.test/fail"},
}


def payment_of(sandbox: Sandbox) -> dict[str, Any]:
    payment = sandbox.shopper.pays("order_1", 15000)
    return {name: payment[name] for name in ("paymentKey", "orderId", "amount")}


def test_a_call_goes_on_beside_another_while_its_answer_is_held(toss: Sandbox) -> None:
    payment = payment_of(toss)
    toss.faults.hold("confirm", "after")

    first = toss.shop.begins("POST", CONFIRM, payment, key="press-1")
    twin = toss.shop.sends("POST", CONFIRM, payment, key="press-1")
    was_over = first.is_over
    toss.faults.let_go()

    answer = first.answer()
    assert twin is not None
    assert answer is not None
    assert (twin.status_code, was_over, answer.status_code) == (409, False, 200)


def test_a_call_that_is_cut_has_no_answer(toss: Sandbox) -> None:
    payment = payment_of(toss)
    toss.faults.hold("confirm")

    first = toss.shop.begins("POST", CONFIRM, payment)
    toss.faults.cut_held()

    assert first.answer() is None


def test_a_call_that_nothing_holds_is_told_so(toss: Sandbox) -> None:
    with pytest.raises(KitError, match=r"nothing held the call GET /v1/payments/pay_1; arm faults\.hold"):
        toss.shop.begins("GET", "/v1/payments/pay_1")


def test_a_call_to_a_payment_that_is_not_there_is_told_so_at_once(toss: Sandbox) -> None:
    with pytest.raises(KitError, match="the order order_1 has 0 payments at the provider, not 1"):
        toss.shop.begins("GET", "/v1/payments/{payment 1 of order_1}")


def test_the_shop_and_its_shopper_change_their_pair_of_keys_together(toss: Sandbox) -> None:
    toss.use_keys("widget")
    of_widget = payment_of(toss)
    toss.use_keys("api")

    refused = toss.shop.sends("POST", CONFIRM, of_widget)
    toss.use_keys("widget")
    taken = toss.shop.sends("POST", CONFIRM, of_widget)

    assert refused is not None
    assert taken is not None
    assert (refused.json()["code"], taken.status_code) == ("INVALID_API_KEY", 200)
    assert [call["keyPair"] for call in toss.journal.calls("confirm")] == ["api", "widget"]


def test_keys_that_a_sandbox_has_not_are_told_so(kiosk: Sandbox) -> None:
    with pytest.raises(KitError, match='there are no keys "widget" in this sandbox; it has api'):
        kiosk.use_keys("widget")


def test_the_shopper_pays_in_a_window_that_the_server_began(toss: Sandbox) -> None:
    toss.shop.sends("POST", "/v1/payments", BEGUN)

    paid = toss.shopper.pays_in_window("order_1", method="TRANSFER")

    assert paid["redirectUrl"].startswith("http://shop.test/success?")
    toss.assert_state("order_1", "AUTHENTICATED")
    with pytest.raises(ControlError, match="409 CHECKOUT_OVER"):
        toss.shopper.pays_in_window("order_1")


def test_the_shopper_fails_in_a_window_that_the_server_began(toss: Sandbox) -> None:
    toss.shop.sends("POST", "/v1/payments", BEGUN)

    failed = toss.shopper.pays_in_window("order_1", outcome={"result": "fail", "code": "REJECT_CARD_COMPANY"})

    assert failed["redirectUrl"].startswith("http://shop.test/fail?code=REJECT_CARD_COMPANY")
    toss.assert_state("order_1", "ABORTED")


def test_a_window_of_an_order_that_nobody_knows_is_told_so(toss: Sandbox) -> None:
    with pytest.raises(KitError, match="the provider knows no payment of the order order_1"):
        toss.shopper.pays_in_window("order_1")
