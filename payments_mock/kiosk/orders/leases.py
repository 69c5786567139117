"""Leases: at most one request at a time talks to the provider about an order.

A lease is taken by one conditional UPDATE, whose row count says who won. Every later write names the
lease's token, so whoever lost it (it lapsed, and another took over) writes nothing. All that hangs
on an order moves in the same transaction, by the table in `lifecycle`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.lifecycle import TRANSITIONS, OrderEvent, OrderStatus, PaymentStatus
from payments_mock.kiosk.orders.book import load_order
from payments_mock.kiosk.orders.transitions import OrderTransitions, provide_payment, update_payment
from payments_mock.kiosk.provider.answers import Charge
from payments_mock.kiosk.settings import Clock
from payments_mock.kiosk.tables import Order, PaymentAttempt, changes_one, transaction


@dataclass(frozen=True)
class Lease:
    """The right to act on `order`, as it was when the lease was taken."""

    order: Order
    token: str

    @property
    def payment(self) -> PaymentAttempt:
        """Return the payment that the lease is about: a leased order has one."""
        return self.order.payments[-1]

    @property
    def charge(self) -> Charge:
        """Return what is asked of the provider for that payment."""
        return Charge(self.payment.payment_key, self.order.id, self.order.amount)


class Leases:
    """Takes leases, moves orders under them and gives them up; one lasts for `duration`."""

    def __init__(self, clock: Clock, duration: timedelta, transitions: OrderTransitions) -> None:
        self._clock = clock
        self._duration = duration
        self._transitions = transitions

    def begin(
        self,
        order_id: str,
        event: OrderEvent,
        refund_reason: str | None = None,
        payment_key: str | None = None,
    ) -> Lease | None:
        """Start to pay or to refund; None when the order is no longer where the event starts.

        A payment gets `payment_key`, or one of the kiosk's own.

        Raises:
            OutOfStockError, SeatTakenError, PaymentKeyInUseError: as named; nothing was changed.
        """
        token = uuid.uuid4().hex
        change = TRANSITIONS[event]
        values = {"status": change.target} | self._held_by(token)
        if refund_reason is not None:
            values["refund_reason"] = refund_reason
        with transaction() as session:
            if not _update_order(session, order_id, values, Order.status == change.source):
                return None
            order = load_order(session, order_id)
            self._transitions.apply(session, order, event)
            if event is OrderEvent.PAY:
                provide_payment(session, order, payment_key)
            return Lease(load_order(session, order_id), token)

    def take_over(self, order_id: str, status: OrderStatus) -> Lease | None:
        """Take the lease of an order left unresolved in `status`.

        None when the order has moved on, or another request acts on it.
        """
        token = uuid.uuid4().hex
        lapsed = or_(Order.leased_until.is_(None), Order.leased_until <= self._clock())
        with transaction() as session:
            if not _update_order(session, order_id, self._held_by(token), Order.status == status, lapsed):
                return None
            return Lease(load_order(session, order_id), token)

    def prolong(self, lease: Lease) -> bool:
        """Start the lease anew before another call to the provider; False when the lease is lost."""
        with transaction() as session:
            return _update_order(
                session, lease.order.id, self._held_by(lease.token), Order.lease_token == lease.token
            )

    def mark_sent(self, lease: Lease) -> bool:
        """Note that the confirm is about to leave; False when the lease is lost: then it must not."""
        with transaction() as session:
            values = self._held_by(lease.token)
            if not _update_order(session, lease.order.id, values, Order.lease_token == lease.token):
                return False
            update_payment(session, lease.order, {"status": PaymentStatus.SENT})
            return True

    def settle(self, lease: Lease, event: OrderEvent, facts: Mapping[str, object]) -> bool:
        """Move the order by `event`, and all that hangs on it by `facts`, and end the lease.

        False, with nothing changed, when the lease was lost.
        """
        change = TRANSITIONS[event]
        values = {"status": change.target, "lease_token": None, "leased_until": None}
        with transaction() as session:
            mine = (Order.status == change.source, Order.lease_token == lease.token)
            if not _update_order(session, lease.order.id, values, *mine):
                return False
            self._transitions.settle(session, load_order(session, lease.order.id), event, facts)
            return True

    def give_up(self, lease: Lease) -> None:
        """End the lease and leave the order unresolved, for the next request."""
        with transaction() as session:
            nobody = {"lease_token": None, "leased_until": None}
            _update_order(session, lease.order.id, nobody, Order.lease_token == lease.token)

    def _held_by(self, token: str) -> dict[str, object]:
        return {"lease_token": token, "leased_until": self._clock() + self._duration}


def _update_order(
    session: Session, order_id: str, values: Mapping[str, object], *conditions: ColumnElement[bool]
) -> bool:
    return changes_one(session, update(Order).where(Order.id == order_id, *conditions).values(**values))
