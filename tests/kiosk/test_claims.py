"""Who may talk to the provider about an order, also when somebody died or fell asleep while doing so."""

import pytest

from payments_mock.kiosk.claims import Claim, Claims
from payments_mock.kiosk.lifecycle import Event, OrderStatus, PaymentStatus
from testkit.inside.clock import MovableClock
from tests.kiosk.till import Till


@pytest.fixture
def claims(till: Till) -> Claims:
    return till.claims


@pytest.fixture
def claim(till: Till, claims: Claims) -> Claim:
    """Return a claim to pay a new order."""
    claim = claims.begin(till.place(), Event.PAY)
    assert claim is not None
    return claim


@pytest.fixture
def successor(claim: Claim, claims: Claims, clock: MovableClock) -> Claim:
    """Return the claim of somebody who took over after the first one's lease lapsed."""
    clock.advance(minutes=1)
    successor = claims.take_over(claim.order.id, OrderStatus.PENDING)
    assert successor is not None
    return successor


def test_a_claimed_order_is_not_claimed_twice(claim: Claim, claims: Claims) -> None:
    assert claims.begin(claim.order.id, Event.PAY) is None
    assert claims.take_over(claim.order.id, OrderStatus.PENDING) is None


def test_a_claim_that_was_given_up_can_be_taken_over_at_once(claim: Claim, claims: Claims) -> None:
    claims.give_up(claim)
    assert claims.take_over(claim.order.id, OrderStatus.PENDING) is not None


def test_a_lapsed_claim_can_be_taken_over(successor: Claim, claim: Claim) -> None:
    assert successor.payment.payment_key == claim.payment.payment_key


def test_a_prolonged_claim_does_not_lapse(claim: Claim, claims: Claims, clock: MovableClock) -> None:
    clock.advance(seconds=3)
    assert claims.prolong(claim)
    clock.advance(seconds=3)
    assert claims.take_over(claim.order.id, OrderStatus.PENDING) is None


def test_who_lost_the_claim_must_not_confirm(claim: Claim, successor: Claim, claims: Claims) -> None:
    assert not claims.mark_sent(claim)
    assert not claims.prolong(claim)
    assert claims.mark_sent(successor)


def test_who_lost_the_claim_settles_nothing(
    claim: Claim, successor: Claim, claims: Claims, till: Till
) -> None:
    assert not claims.settle(claim, Event.NOT_CHARGED, {})
    assert till.stored(claim.order.id).status is OrderStatus.PENDING
    assert till.stock("cola") == (3, 2)


def test_who_lost_the_claim_does_not_end_the_other_ones(
    claim: Claim, successor: Claim, claims: Claims
) -> None:
    claims.give_up(claim)
    assert claims.prolong(successor)


def test_an_order_is_settled_once(claim: Claim, claims: Claims, till: Till) -> None:
    assert claims.settle(claim, Event.APPROVED, {})
    assert not claims.settle(claim, Event.APPROVED, {})
    assert till.stock("cola") == (2, 2)


def test_a_payment_that_was_not_refused_keeps_its_key(claim: Claim, claims: Claims) -> None:
    claims.settle(claim, Event.NOT_CHARGED, {})
    again = claims.begin(claim.order.id, Event.PAY)
    assert again is not None
    assert again.payment.payment_key == claim.payment.payment_key


def test_a_refused_payment_is_followed_by_one_with_another_key(claim: Claim, claims: Claims) -> None:
    claims.settle(claim, Event.REFUSED, {"failure_code": "REJECT_CARD_COMPANY"})
    again = claims.begin(claim.order.id, Event.PAY)
    assert again is not None
    assert [payment.status for payment in again.order.payments] == [
        PaymentStatus.REFUSED,
        PaymentStatus.READY,
    ]
    assert again.payment.payment_key != claim.payment.payment_key
