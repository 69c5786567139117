"""Attempts to pay: each has a payment key of its own, and one key can charge only once."""

import uuid

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from payments_mock.kiosk.errors import PaymentKeyTakenError
from payments_mock.kiosk.lifecycle import PaymentStatus
from payments_mock.kiosk.tables import Cancel, Order, Payment

REPLACED = "REPLACED"


def provide_payment(session: Session, order: Order, payment_key: str | None) -> None:
    """Give ``order`` an attempt that may be charged: ``payment_key``, or a key of the kiosk's own.

    A key is replaced only when the provider refused it for good, or when its confirm was never sent.

    Raises ``PaymentKeyTakenError`` for a key of another order, or of an attempt that is over.
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
        Payment(
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
    known = session.get(Payment, key)
    if known is not None and known.order_id != order.id and known.status is PaymentStatus.REFUSED:
        # Somebody tried to pay another order with it, in vain: that says nothing against its own order.
        session.delete(known)
        session.flush()
    elif known is not None or session.get(Cancel, key) is not None:
        raise _taken(key)


def _taken(key: str) -> PaymentKeyTakenError:
    why = {"paymentKey": ["Belongs to a payment that the kiosk knows already."]}
    return PaymentKeyTakenError(f"Payment {key} cannot pay this order.", why)
