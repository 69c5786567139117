"""The switch that refuses the same call of a payment within a second."""

from typing import Any

import pytest

from testkit.inside.toss_sales import cancel, pay
from tests.control.desk import Desk, SandboxDesk

pytestmark = pytest.mark.every_database


@pytest.fixture
def sandbox(desk: Desk) -> SandboxDesk:
    """Lend a sandbox with a frozen clock."""
    made = desk.sandbox(contract="toss")
    made.done("POST", "clock", freeze=True)
    return made


def refused(answer: Any) -> bool:
    """Tell whether a call came too soon behind the same one; else it must be done."""
    if answer.status_code == 200:
        return False
    assert (answer.status_code, answer.get_json()["code"]) == (403, "FORBIDDEN_CONSECUTIVE_REQUEST")
    return True


def test_two_cancels_of_a_payment_at_once_are_both_done_unless_a_test_wants_otherwise(
    sandbox: SandboxDesk,
) -> None:
    key = pay(sandbox.merchant())["paymentKey"]

    assert not refused(sandbox.merchant().cancel(key, cancelAmount=100))
    assert not refused(sandbox.merchant().cancel(key, cancelAmount=100))


def test_a_second_cancel_within_a_second_is_refused_where_it_is_switched_on(sandbox: SandboxDesk) -> None:
    key = pay(sandbox.merchant())["paymentKey"]
    sandbox.done("POST", "switches", refuseRapidRepeats=True)

    first = refused(sandbox.merchant().cancel(key, cancelAmount=100))
    sandbox.done("POST", "clock", advance="PT0.999S")
    too_soon = refused(sandbox.merchant().cancel(key, cancelAmount=100))
    sandbox.done("POST", "clock", advance="PT0.001S")
    late_enough = refused(sandbox.merchant().cancel(key, cancelAmount=100))

    assert (first, too_soon, late_enough) == (False, True, False)
    assert sandbox.merchant().get(key).get_json()["balanceAmount"] == 10_000 - 200


def test_a_second_cancel_of_the_whole_is_refused_as_too_soon_before_it_is_refused_as_canceled(
    sandbox: SandboxDesk,
) -> None:
    key = cancel(sandbox.merchant(), pay(sandbox.merchant()))["paymentKey"]
    sandbox.done("POST", "switches", refuseRapidRepeats=True)

    assert refused(sandbox.merchant().cancel(key))
    sandbox.done("POST", "clock", advance="PT1S")
    assert sandbox.merchant().cancel(key).get_json()["code"] == "ALREADY_CANCELED_PAYMENT"


@pytest.mark.parametrize("by", ["get", "get_by_order"])
def test_a_second_look_up_within_a_second_is_refused_where_it_is_switched_on(
    sandbox: SandboxDesk, by: str
) -> None:
    paid = pay(sandbox.merchant())
    named = paid["paymentKey"] if by == "get" else paid["orderId"]

    def look() -> bool:
        return refused(getattr(sandbox.merchant(), by)(named))

    usual = [look(), look()]
    sandbox.done("POST", "switches", refuseRapidRepeats=True)
    first, second = look(), look()
    sandbox.done("POST", "clock", advance="PT1S")

    assert (usual, first, second, look()) == ([False, False], False, True, False)


def test_a_look_up_behind_a_cancel_or_of_another_payment_is_no_repeat(sandbox: SandboxDesk) -> None:
    one, other = (pay(sandbox.merchant(), orderId=f"order-{n}")["paymentKey"] for n in (1, 2))
    sandbox.done("POST", "switches", refuseRapidRepeats=True)

    answers = [sandbox.merchant().cancel(one), sandbox.merchant().get(one), sandbox.merchant().get(other)]

    assert [refused(answer) for answer in answers] == [False, False, False]


def test_a_clock_that_was_set_back_refuses_no_look_up(sandbox: SandboxDesk) -> None:
    key = pay(sandbox.merchant())["paymentKey"]
    sandbox.done("POST", "switches", refuseRapidRepeats=True)
    sandbox.merchant().get(key)

    sandbox.done("POST", "clock", release=True, set="2020-01-01T00:00:00Z")

    assert not refused(sandbox.merchant().get(key))


def test_the_kiosk_contract_refuses_no_rapid_repeat(desk: Desk) -> None:
    sandbox = desk.sandbox(switches={"refuseRapidRepeats": True})
    sandbox.shop().pay()

    assert [sandbox.shop().get().status_code, sandbox.shop().get().status_code] == [200, 200]
