"""What moves with an order: goods, seats, attempts to pay, cancel ledger and sellers' books.

All of it happens in the transaction that moves the order, so none of it can be true without the rest.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import Seating, move_stock
from payments_mock.kiosk.errors import PaymentKeyInUseError
from payments_mock.kiosk.lifecycle import DEFAULT_REASON, TRANSITIONS, OrderEvent, PaymentStatus
from payments_mock.kiosk.settings import Clock
from payments_mock.kiosk.settlement import SettlementDesk
from payments_mock.kiosk.tables import Order, PaymentAttempt, RefundedPayment, changes_one

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
            move_to_cancel(session, order, facts, self._clock())
            self._settlement.record_refund(session, order)
        else:
            update_payment(session, order, ({} if status is None else {"status": status}) | dict(facts))
        if event is OrderEvent.APPROVED:
            self._settlement.record_sale(session, order)
        if event is OrderEvent.REVERSED:
            self._settlement.record_refund(session, order)


def update_payment(session: Session, order: Order, values: Mapping[str, object]) -> None:
    """Write `values` to the order's latest attempt to pay."""
    if values:
        latest = PaymentAttempt.payment_key == order.payments[-1].payment_key
        changes_one(session, update(PaymentAttempt).where(latest).values(**values))


def provide_payment(session: Session, order: Order, payment_key: str | None) -> None:
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


def move_to_cancel(session: Session, order: Order, facts: Mapping[str, object], now: datetime) -> None:
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
