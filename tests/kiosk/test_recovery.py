"""A process that died in the middle of something: what the next one makes of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from testkit.credentials import basic
from testkit.inside.clock import MovableClock
from testkit.kiosk.line import HeldAnswer, HeldRequest, Line, lose_answer
from testkit.provider_client import Payment, Provider
from tests.kiosk.till import Till


@pytest.fixture
def order(till: Till) -> str:
    return till.place()


def test_nothing_is_asked_while_the_claim_may_still_be_at_work(till: Till, order: str, line: Line) -> None:
    till.die_while_paying(order, confirm_sent=True)
    assert till.look(order)["status"] == "PENDING"
    assert till.pay(order).status_code == 202
    assert line.exchanges == []


def test_death_before_the_confirm_leaves_an_open_order(
    till: Till, order: str, line: Line, clock: MovableClock
) -> None:
    till.die_while_paying(order, confirm_sent=False)
    clock.advance(minutes=1)
    assert till.look(order)["status"] == "OPEN"
    assert till.stock("cola") == (3, 3)
    assert line.exchanges == []


def test_death_before_the_confirm_does_not_hinder_the_next_press(
    till: Till, order: str, clock: MovableClock
) -> None:
    till.die_while_paying(order, confirm_sent=False)
    clock.advance(minutes=1)
    assert till.pay(order).json["status"] == "PAID"
    assert till.stock("cola") == (2, 2)


def test_a_confirm_that_may_have_been_sent_is_asked_about_before_it_is_sent_again(
    till: Till, order: str, line: Line, clock: MovableClock
) -> None:
    till.die_while_paying(order, confirm_sent=True)
    clock.advance(minutes=1)
    assert till.pay(order).json["status"] == "PAID"
    assert [exchange.operation for exchange in line.exchanges] == ["look-up", "create", "confirm"]
    assert len(till.stored(order).payments) == 1


def test_a_payment_that_the_provider_does_not_know_leaves_an_open_order(
    till: Till, order: str, clock: MovableClock
) -> None:
    till.die_while_paying(order, confirm_sent=True)
    clock.advance(minutes=1)
    assert till.look(order)["status"] == "OPEN"
    assert till.stock("cola") == (3, 3)


def test_death_before_the_cancel_leaves_the_refund_to_the_next_press(
    till: Till, order: str, clock: MovableClock
) -> None:
    till.pay(order)
    till.die_while_refunding(order)
    clock.advance(minutes=1)
    assert till.look(order)["status"] == "REFUND_PENDING"
    assert till.stock("cola") == (2, 2)
    assert till.refund(order).json["status"] == "REFUNDED"
    assert till.stock("cola") == (3, 3)


def test_an_unknown_refund_waits_for_a_provider_that_is_away(till: Till, order: str, line: Line) -> None:
    till.pay(order)
    line.next("cancel", lose_answer)
    till.refund(order)
    line.cut()
    assert till.refund(order).status_code == 202
    line.mend()
    assert till.refund(order).json["status"] == "REFUNDED"
    assert len(line.sent("cancel", order)) == 1


def test_a_payment_canceled_while_its_outcome_was_unknown_charges_nobody(
    till: Till, order: str, line: Line
) -> None:
    line.next("confirm", lose_answer)
    till.pay(order)
    charge = till.stored(order).payments[0].payment_key
    with Provider(line.upstream, basic("test_sk_dummy")) as office:
        assert office.cancel(Payment(2_500, charge)).status == 200
    assert till.pay(order).json["code"] == "PAYMENT_REFUSED"
    assert till.stored(order).payments[0].failure_code == "CANCELED"
    assert till.stock("cola") == (3, 3)


@pytest.mark.parametrize("hold", [HeldAnswer, HeldRequest])
def test_a_press_that_outlives_its_claim_charges_nobody_twice(
    till: Till, order: str, line: Line, clock: MovableClock, hold: type[HeldAnswer | HeldRequest]
) -> None:
    held = hold(line)
    line.next("confirm", held)
    with ThreadPoolExecutor(1) as pool:
        first_press = pool.submit(till.pay, order)
        assert held.reached.wait(10)
        clock.advance(minutes=1)
        assert till.pay(order).json["status"] == "PAID"
        line.mend()
        assert first_press.result().json["status"] == "PAID"
    assert {exchange.fields["paymentKey"] for exchange in line.sent("confirm", order)} == {
        till.stored(order).payments[0].payment_key
    }
    assert till.stock("cola") == (2, 2)
