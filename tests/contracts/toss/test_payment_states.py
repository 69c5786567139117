"""The Payment object in each of its states, in both versions, and how each is reached."""

from collections.abc import Callable
from typing import Any

import pytest

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, confirm, pay
from tests.contracts.toss.answers import answered
from tests.contracts.toss.test_payment_object import PARTS


def ready(toss: TossMerchant, _: MovableClock) -> str:
    return str(check_out(toss, outcome={"result": "wait"})["paymentKey"])


def in_progress(toss: TossMerchant, _: MovableClock) -> str:
    return str(check_out(toss)["paymentKey"])


def waiting(toss: TossMerchant, _: MovableClock) -> str:
    return str(pay(toss, method="VIRTUAL_ACCOUNT")["paymentKey"])


def done(toss: TossMerchant, _: MovableClock) -> str:
    return str(pay(toss)["paymentKey"])


def canceled_in_part(toss: TossMerchant, _: MovableClock) -> str:
    return str(cancel(toss, pay(toss), 1_000)["paymentKey"])


def canceled(toss: TossMerchant, _: MovableClock) -> str:
    return str(cancel(toss, pay(toss))["paymentKey"])


def aborted(toss: TossMerchant, _: MovableClock) -> str:
    begun = check_out(toss, outcome={"decline": "REJECT_CARD_PAYMENT"})
    assert confirm(toss, begun).status_code == 403
    return str(begun["paymentKey"])


def expired(toss: TossMerchant, clock: MovableClock) -> str:
    begun = check_out(toss)
    clock.advance(minutes=10)
    return str(begun["paymentKey"])


WAYS = {
    "READY": ready,
    "IN_PROGRESS": in_progress,
    "WAITING_FOR_DEPOSIT": waiting,
    "DONE": done,
    "PARTIAL_CANCELED": canceled_in_part,
    "CANCELED": canceled,
    "ABORTED": aborted,
    "EXPIRED": expired,
}
UNPAID = ("READY", "IN_PROGRESS", "ABORTED", "EXPIRED")


@pytest.fixture(params=WAYS)
def status(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reached(status: str, toss: TossMerchant, clock: MovableClock) -> dict[str, Any]:
    """Lend the payment of a merchant whose shopper, and calls, led it to `status`."""
    return answered(toss.get(WAYS[status](toss, clock)), PaymentSchema())


def test_every_state_is_reached_by_calls_alone(status: str, reached: dict[str, Any]) -> None:
    assert reached["status"] == status


def test_what_is_not_charged_yet_has_no_transaction(status: str, reached: dict[str, Any]) -> None:
    assert (reached["lastTransactionKey"] is None) is (status in UNPAID)
    assert (reached["approvedAt"] is None) is (status in (*UNPAID, "WAITING_FOR_DEPOSIT"))


def test_only_a_payment_that_failed_says_why(status: str, reached: dict[str, Any]) -> None:
    codes = {"ABORTED": "REJECT_CARD_PAYMENT", "EXPIRED": "EXPIRED_PAYMENT"}

    assert (reached["failure"] or {}).get("code") == codes.get(status)
    assert status not in codes or reached["failure"]["message"]


def test_only_a_canceled_payment_lists_cancels(status: str, reached: dict[str, Any]) -> None:
    assert bool(reached["cancels"]) is (status in ("PARTIAL_CANCELED", "CANCELED"))


def test_what_is_left_divides_into_supply_tax_and_the_untaxed_part(reached: dict[str, Any]) -> None:
    assert reached["suppliedAmount"] + reached["vat"] + reached["taxFreeAmount"] == reached["balanceAmount"]
    assert (
        reached["balanceAmount"] + sum(cancel["cancelAmount"] for cancel in reached["cancels"] or [])
        == 10_000
    )


def test_before_the_shopper_chose_nothing_is_known_of_the_method(
    toss: TossMerchant, clock: MovableClock
) -> None:
    payment = toss.get(ready(toss, clock)).get_json()

    assert [payment[name] for name in ("method", *PARTS)] == [None] * 7


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_merchant_of_the_newer_version_gets_all_but_the_fields_that_payloads_of_it_lack(
    newer_toss: TossMerchant, clock: MovableClock, way: Callable[[TossMerchant, MovableClock], str]
) -> None:
    payment = answered(
        newer_toss.get(way(newer_toss, clock)), PaymentSchema(), "easyPayAmount", "easyPayDiscountAmount"
    )

    assert payment["version"] == "2024-06-01"
    assert "receiptUrl" not in (payment["card"] or {})
