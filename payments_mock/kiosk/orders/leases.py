"""Leases: at most one request at a time talks to the provider about an order, and moves it.

A lease is taken by one conditional UPDATE, whose row count says who won. Every later write names the
lease's token, so whoever lost it (it lapsed, and another took over) writes nothing.

What hangs on an order moves with it: goods, seats, attempts to pay, cancel ledger and sellers' books. All of
it happens in one transaction, by the table in `lifecycle`, so none of it can be true without the rest.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import Seating, move_stock
from payments_mock.kiosk.errors import PaymentKeyInUseError
from payments_mock.kiosk.lifecycle import (
    DEFAULT_REASON,
    TRANSITIONS,
    OrderEvent,
    OrderStatus,
    PaymentStatus,
)
from payments_mock.kiosk.orders.book import load_order
from payments_mock.kiosk.provider.answers import Charge
from payments_mock.kiosk.settings import Clock
from payments_mock.kiosk.settlement import SettlementDesk
from payments_mock.kiosk.tables import (
    Order,
    PaymentAttempt,
    RefundedPayment,
    changes_one,
    transaction,
)

REPLACED = "REPLACED"
"""Why an attempt that was never sent was given up."""


class OrderTransitions:
    """Applies events to everything that hangs on an order."""

    def __init__(self, clock: Clock, seating: Seating, settlement: SettlementDesk) -> None:
        self._clock = clock
        self._seating = seating
        self._settlement = settlement

    def apply(self, session: Session, order: Order, event: OrderEvent) -> None:
        """Move goods and seats by `event`.

        Raises:
            OutOfStockError, SeatTakenError: as named; the transaction must be rolled back.
        """
        change = TRANSITIONS[event]
        if change.stock is not None:
            move_stock(session, order.lines, change.stock)
        if change.seats is not None and order.reservation is not None:
            self._seating.move(session, order.reservation, change.seats, self._clock())

    def settle(self, session: Session, order: Order, event: OrderEvent, facts: Mapping[str, object]) -> None:
        """Write down how a call to the provider ended: `facts` are what it said of the payment."""
        self.apply(session, order, event)
        status = TRANSITIONS[event].payment
        if event is OrderEvent.CANCELED:
            _move_to_cancel(session, order, facts, self._clock())
            self._settlement.record_refund(session, order)
        else:
            _update_payment(session, order, ({} if status is None else {"status": status}) | dict(facts))
        if event is OrderEvent.APPROVED:
            self._settlement.record_sale(session, order)
        if event is OrderEvent.REVERSED:
            self._settlement.record_refund(session, order)


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
                _provide_payment(session, order, payment_key)
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
            _update_payment(session, lease.order, {"status": PaymentStatus.SENT})
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


def _update_payment(session: Session, order: Order, values: Mapping[str, object]) -> None:
    """Write `values` to the order's latest attempt to pay."""
    if values:
        latest = PaymentAttempt.payment_key == order.payments[-1].payment_key
        changes_one(session, update(PaymentAttempt).where(latest).values(**values))


def _provide_payment(session: Session, order: Order, payment_key: str | None) -> None:
    """Give `order` an attempt that may be charged: `payment_key`, or a key of the kiosk's own.

    A key is replaced only when the provider refused it for good, or when its confirm was never sent.

    Raises:
        PaymentKeyInUseError: the key is of another order, or of an attempt that is over.
    """
    ready = order.payment
    if ready is not None and ready.status is PaymentStatus.READY:
        if payment_key in {None, ready.payment_key}:
            return
        ready.status = PaymentStatus.REFUSED
        ready.failure_code, ready.failure_message = REPLACED, "The shopper paid anew before this was sent."
    key = payment_key or f"pay_{uuid.uuid4().hex}"
    _refuse_known(session, order, key)
    order.payments.append(
        PaymentAttempt(
            payment_key=key,
            order_id=order.id,
            number=1 + max((payment.number for payment in order.payments), default=0),
            status=PaymentStatus.READY,
            reservation_id=None if order.reservation is None else order.reservation.id,
        )
    )
    try:
        session.flush()
    except IntegrityError:
        raise _taken(key) from None


def _refuse_known(session: Session, order: Order, key: str) -> None:
    known = session.get(PaymentAttempt, key)
    if known is not None and known.order_id != order.id and known.status is PaymentStatus.REFUSED:
        # Somebody tried to pay another order with this key, in vain; its own order may still use it.
        session.delete(known)
        session.flush()
    elif known is not None or session.get(RefundedPayment, key) is not None:
        raise _taken(key)


def _taken(key: str) -> PaymentKeyInUseError:
    why = {"paymentKey": ["Belongs to a payment that the kiosk knows already."]}
    return PaymentKeyInUseError(f"Payment {key} cannot pay this order.", why)


def _move_to_cancel(session: Session, order: Order, facts: Mapping[str, object], now: datetime) -> None:
    """Move the order's payment from `payments` into `cancel`.

    `facts` name when the provider canceled; where it did not say, it is `now`.
    """
    payment = order.payments[-1]
    told = facts.get("canceled_at")
    session.add(
        RefundedPayment(
            payment_key=payment.payment_key,
            order_id=order.id,
            amount=order.amount,
            reason=order.refund_reason or DEFAULT_REASON,
            canceled_at=told if isinstance(told, datetime) else now,
            method=payment.method,
            approved_at=payment.approved_at,
            receipt_url=payment.receipt_url,
        )
    )
    session.delete(payment)
