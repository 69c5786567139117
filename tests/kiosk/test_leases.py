"""Who may talk to the provider about an order, also when somebody died or fell asleep while doing so."""

import pytest

from payments_mock.kiosk.lifecycle import OrderEvent, OrderStatus, PaymentStatus
from payments_mock.kiosk.orders.leases import Lease, Leases
from testkit.inside.clock import MovableClock
from tests.kiosk.till import Till


@pytest.fixture
def leases(till: Till) -> Leases:
    return till.leases


@pytest.fixture
def lease(till: Till, leases: Leases) -> Lease:
    """Return a lease to pay a new order."""
    lease = leases.begin(till.place(), OrderEvent.PAY)
    assert lease is not None
    return lease


@pytest.fixture
def successor(lease: Lease, leases: Leases, clock: MovableClock) -> Lease:
    """Return the lease of somebody who took over after the first one's lease lapsed."""
    clock.advance(minutes=1)
    successor = leases.take_over(lease.order.id, OrderStatus.PENDING)
    assert successor is not None
    return successor


def test_a_claimed_order_is_not_claimed_twice(lease: Lease, leases: Leases) -> None:
    assert leases.begin(lease.order.id, OrderEvent.PAY) is None
    assert leases.take_over(lease.order.id, OrderStatus.PENDING) is None


def test_a_claim_that_was_given_up_can_be_taken_over_at_once(lease: Lease, leases: Leases) -> None:
    leases.give_up(lease)
    assert leases.take_over(lease.order.id, OrderStatus.PENDING) is not None


def test_a_lapsed_claim_can_be_taken_over(successor: Lease, lease: Lease) -> None:
    assert successor.payment.payment_key == lease.payment.payment_key


def test_a_prolonged_claim_does_not_lapse(lease: Lease, leases: Leases, clock: MovableClock) -> None:
    clock.advance(seconds=3)
    assert leases.prolong(lease)
    clock.advance(seconds=3)
    assert leases.take_over(lease.order.id, OrderStatus.PENDING) is None


def test_who_lost_the_claim_must_not_confirm(lease: Lease, successor: Lease, leases: Leases) -> None:
    assert not leases.mark_sent(lease)
    assert not leases.prolong(lease)
    assert leases.mark_sent(successor)


def test_who_lost_the_claim_settles_nothing(
    lease: Lease, successor: Lease, leases: Leases, till: Till
) -> None:
    assert not leases.settle(lease, OrderEvent.NOT_CHARGED, {})
    assert till.stored(lease.order.id).status is OrderStatus.PENDING
    assert till.stock("cola") == (3, 2)


def test_who_lost_the_claim_does_not_end_the_other_ones(
    lease: Lease, successor: Lease, leases: Leases
) -> None:
    leases.give_up(lease)
    assert leases.prolong(successor)


def test_an_order_is_settled_once(lease: Lease, leases: Leases, till: Till) -> None:
    assert leases.settle(lease, OrderEvent.APPROVED, {})
    assert not leases.settle(lease, OrderEvent.APPROVED, {})
    assert till.stock("cola") == (2, 2)


def test_a_payment_that_was_not_refused_keeps_its_key(lease: Lease, leases: Leases) -> None:
    leases.settle(lease, OrderEvent.NOT_CHARGED, {})
    again = leases.begin(lease.order.id, OrderEvent.PAY)
    assert again is not None
    assert again.payment.payment_key == lease.payment.payment_key


def test_a_refused_payment_is_followed_by_one_with_another_key(lease: Lease, leases: Leases) -> None:
    leases.settle(lease, OrderEvent.REFUSED, {"failure_code": "REJECT_CARD_COMPANY"})
    again = leases.begin(lease.order.id, OrderEvent.PAY)
    assert again is not None
    assert [payment.status for payment in again.order.payments] == [
        PaymentStatus.REFUSED,
        PaymentStatus.READY,
    ]
    assert again.payment.payment_key != lease.payment.payment_key
