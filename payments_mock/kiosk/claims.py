"""Claims: at most one request at a time talks to the provider about an order.

A claim is taken by one conditional UPDATE, whose row count says who won. Every later write names the
claim's token, so whoever lost it (to a lapse, after which another took over) writes nothing. All that hangs
on an order moves in the same transaction, by the table in ``lifecycle``.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.attempts import provide_payment
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.effects import Effects, update_payment
from payments_mock.kiosk.lifecycle import TRANSITIONS, Event, OrderStatus, PaymentStatus
from payments_mock.kiosk.orders import load_order
from payments_mock.kiosk.tables import Order, Payment, changes_one, transaction


@dataclass(frozen=True)
class Claim:
    """The right to act on ``order``, as it was when the claim was taken."""

    order: Order
    token: str

    @property
    def payment(self) -> Payment:
        """Return the payment that the claim is about: a claimed order has one."""
        return self.order.payments[-1]


class Claims:
    """Takes claims, moves orders under them and gives them up; ``lease`` says how long one holds."""

    def __init__(self, clock: Clock, lease: timedelta, effects: Effects) -> None:
        self._clock = clock
        self._lease = lease
        self._effects = effects

    def begin(
        self,
        order_id: str,
        event: Event,
        refund_reason: str | None = None,
        payment_key: str | None = None,
    ) -> Claim | None:
        """Start to pay or to refund; None when the order is no longer where the event starts.

        A payment gets ``payment_key``, or one of the kiosk's own.

        Raises ``OutOfStockError``, ``SeatTakenError`` and ``PaymentKeyTakenError``, with nothing changed.
        """
        token = uuid.uuid4().hex
        change = TRANSITIONS[event]
        values = {"status": change.target} | self._lease_of(token)
        if refund_reason is not None:
            values["refund_reason"] = refund_reason
        with transaction() as session:
            if not _update_order(session, order_id, values, Order.status == change.source):
                return None
            order = load_order(session, order_id)
            self._effects.apply(session, order, event)
            if event is Event.PAY:
                provide_payment(session, order, payment_key)
            return Claim(load_order(session, order_id), token)

    def take_over(self, order_id: str, status: OrderStatus) -> Claim | None:
        """Claim an order left unresolved in ``status``; None when it moved on or somebody acts on it."""
        token = uuid.uuid4().hex
        lapsed = or_(Order.claimed_until.is_(None), Order.claimed_until <= self._clock())
        with transaction() as session:
            if not _update_order(session, order_id, self._lease_of(token), Order.status == status, lapsed):
                return None
            return Claim(load_order(session, order_id), token)

    def prolong(self, claim: Claim) -> bool:
        """Start the lease anew before another call to the provider; False when the claim is lost."""
        with transaction() as session:
            return _update_order(
                session, claim.order.id, self._lease_of(claim.token), Order.claim == claim.token
            )

    def mark_sent(self, claim: Claim) -> bool:
        """Note that the confirm is about to leave; False, and then it must not, when the claim is lost."""
        with transaction() as session:
            values = self._lease_of(claim.token)
            if not _update_order(session, claim.order.id, values, Order.claim == claim.token):
                return False
            update_payment(session, claim.order, {"status": PaymentStatus.SENT})
            return True

    def settle(self, claim: Claim, event: Event, facts: Mapping[str, object]) -> bool:
        """Move the order by ``event``, and all that hangs on it by ``facts``, and end the claim.

        False, with nothing changed, when the claim was lost.
        """
        change = TRANSITIONS[event]
        values = {"status": change.target, "claim": None, "claimed_until": None}
        with transaction() as session:
            mine = (Order.status == change.source, Order.claim == claim.token)
            if not _update_order(session, claim.order.id, values, *mine):
                return False
            self._effects.settle(session, load_order(session, claim.order.id), event, facts)
            return True

    def give_up(self, claim: Claim) -> None:
        """End the claim and leave the order unresolved, for the next who asks."""
        with transaction() as session:
            nobody = {"claim": None, "claimed_until": None}
            _update_order(session, claim.order.id, nobody, Order.claim == claim.token)

    def _lease_of(self, token: str) -> dict[str, object]:
        return {"claim": token, "claimed_until": self._clock() + self._lease}


def _update_order(
    session: Session, order_id: str, values: Mapping[str, object], *conditions: ColumnElement[bool]
) -> bool:
    return changes_one(session, update(Order).where(Order.id == order_id, *conditions).values(**values))
