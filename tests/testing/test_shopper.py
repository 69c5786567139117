"""The verbs of the shopper do what they say, over HTTP, to a real server in this process."""

from collections.abc import Callable
from typing import Any

import pytest

from payments_mock.testing import Sandbox
from payments_mock.testing.control_client import KitError
from tests.testing.merchant import confirm


def test_a_deposit_pays_a_virtual_account_and_is_reversed(toss: Sandbox) -> None:
    payment = toss.shopper.pays("order_account", 1000, method="VIRTUAL_ACCOUNT")
    waiting = confirm(toss, payment).json()["status"]

    paid = toss.shopper.deposits(payment["paymentKey"])["status"]
    reversed_again = toss.shopper.has_deposit_reversed(payment["paymentKey"])["status"]

    assert (waiting, paid, reversed_again) == ("WAITING_FOR_DEPOSIT", "DONE", "WAITING_FOR_DEPOSIT")


def test_a_declined_card_is_refused_at_confirm(toss: Sandbox) -> None:
    payment = toss.shopper.is_declined_at_confirm("order_declined", 1000, "REJECT_CARD_PAYMENT")

    assert confirm(toss, payment).json()["code"] == "REJECT_CARD_PAYMENT"


def test_a_window_that_fails_or_is_closed_leads_to_the_fail_page(toss: Sandbox) -> None:
    failed = toss.shopper.fails("order_failed", 1000, "REJECT_CARD_COMPANY")["redirectUrl"]
    closed = toss.shopper.closes("order_closed", 1000)["redirectUrl"]

    assert "code=REJECT_CARD_COMPANY" in failed
    assert "code=PAY_PROCESS_CANCELED" in closed


@pytest.mark.parametrize("text", ["15,000원", "15,000", "15000원", "₩15,000", "15,000 won", " 15000 KRW "])
def test_an_amount_may_be_written_as_people_do(toss: Sandbox, text: str) -> None:
    toss.faults.refuse("confirm", "PROVIDER_ERROR", amount=text)
    payment = toss.shopper.pays("order_written", text)

    assert payment["amount"] == 15_000
    assert confirm(toss, payment).json()["code"] == "PROVIDER_ERROR"
    toss.journal.assert_called("confirm", amount=text)


@pytest.mark.parametrize("text", ["15,00", "1,5000원", "15.000", "만원", "", "-100원"])
def test_what_is_no_amount_is_told_how_one_is_written(toss: Sandbox, text: str) -> None:
    with pytest.raises(KitError) as told:
        toss.shopper.pays("order_1", text)

    assert str(told.value) == f'"{text}" is no amount; write 15000, "15,000" or "15,000원"'


def test_a_deposit_may_be_written_as_people_do(toss: Sandbox) -> None:
    payment = toss.shopper.pays("order_account", "15,000원", method="VIRTUAL_ACCOUNT")
    confirm(toss, payment)

    assert toss.shopper.deposits(payment["paymentKey"], "15,000원")["status"] == "DONE"


@pytest.mark.parametrize(
    "act",
    [
        lambda shopper: shopper.pays("order_1", 1000),
        lambda shopper: shopper.fails("order_1", 1000, "REJECT_CARD_COMPANY"),
        lambda shopper: shopper.closes("order_1", 1000),
        lambda shopper: shopper.deposits("pay_1"),
        lambda shopper: shopper.has_deposit_reversed("pay_1"),
    ],
    ids=["pays", "fails", "closes", "deposits", "reverses"],
)
def test_a_shopper_has_no_window_on_the_kiosk_contract(kiosk: Sandbox, act: Callable[[Any], object]) -> None:
    with pytest.raises(KitError, match=r'mark the test: @pytest.mark.payments_mock\(contract="toss"\)'):
        act(kiosk.shopper)
