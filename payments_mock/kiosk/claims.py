"""Claims: at most one request at a time talks to the provider about an order.

A claim is taken by one conditional UPDATE, whose row count says who won. Every later write names the
claim's token, so whoever lost it (to a lapse, after which another took over) writes nothing. Goods and
payment move in the same transaction as the order, by the table in ``lifecycle``.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import move_stock
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.lifecycle import TRANSITIONS, Event, OrderStatus, PaymentStatus, Transition
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

    def __init__(self, clock: Clock, lease: timedelta) -> None:
        self._clock = clock
        self._lease = lease

    def begin(self, order_id: str, event: Event, refund_reason: str | None = None) -> Claim | None:
        """Start to pay or to refund; None when the order is no longer where the event starts.

        Raises ``OutOfStockError``, with nothing changed, when a piece to hold is not there.
        """
        token = uuid.uuid4().hex
        change = TRANSITIONS[event]
        values = {"status": change.target} | self._lease_of(token)
        if refund_reason is not None:
            values["refund_reason"] = refund_reason
        with transaction() as session:
            if not _update_order(session, order_id, values, Order.status == change.source):
                return None
            _move_goods(session, order_id, change)
            if event is Event.PAY:
                _provide_payment(session, order_id)
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
            _update_payment(session, claim, {"status": PaymentStatus.SENT})
            return True

    def settle(self, claim: Claim, event: Event, facts: Mapping[str, object]) -> bool:
        """Move the order by ``event``, write ``facts`` to its payment and end the claim.

        False, with nothing changed, when the claim was lost.
        """
        change = TRANSITIONS[event]
        values = {"status": change.target, "claim": None, "claimed_until": None}
        with transaction() as session:
            mine = (Order.status == change.source, Order.claim == claim.token)
            if not _update_order(session, claim.order.id, values, *mine):
                return False
            _move_goods(session, claim.order.id, change)
            status = {} if change.payment is None else {"status": change.payment}
            _update_payment(session, claim, status | dict(facts))
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


def _update_payment(session: Session, claim: Claim, values: Mapping[str, object]) -> None:
    if values:
        mine = Payment.payment_key == claim.payment.payment_key
        changes_one(session, update(Payment).where(mine).values(**values))


def _move_goods(session: Session, order_id: str, change: Transition) -> None:
    if change.stock is not None:
        move_stock(session, load_order(session, order_id).lines, change.stock)


def _provide_payment(session: Session, order_id: str) -> None:
    # A key is replaced only when the provider refused it for good: one key can charge only once.
    order = load_order(session, order_id)
    if order.payment is None or order.payment.status is not PaymentStatus.READY:
        key = f"pay_{uuid.uuid4().hex}"
        number = len(order.payments) + 1
        order.payments.append(
            Payment(payment_key=key, order_id=order_id, number=number, status=PaymentStatus.READY)
        )
        session.flush()
