"""The cancel ledger: what was given back, why and when; source: the cancel flow."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments_mock.kiosk.errors import AmbiguousPaymentError, PaymentNotFoundError
from payments_mock.kiosk.lifecycle import PaymentStatus
from payments_mock.kiosk.refund_reason import DEFAULT_REASON
from payments_mock.kiosk.tables import Cancel, Order, Payment, transaction


def move_to_cancel(session: Session, order: Order, facts: Mapping[str, object], now: datetime) -> None:
    """Move the order's payment from ``payments`` into ``cancel``.

    ``facts`` name when the provider canceled; where it did not say, it is ``now``.
    """
    payment = order.payments[-1]
    told = facts.get("canceled_at")
    session.add(
        Cancel(
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


def newest_cancels(limit: int) -> Sequence[Cancel]:
    """Return at most ``limit`` records of the ledger, newest first."""
    newest = select(Cancel).order_by(Cancel.canceled_at.desc(), Cancel.payment_key)
    with transaction() as session:
        return session.scalars(newest.limit(limit)).all()


def order_to_cancel(buyer: str, order_name: str) -> str:
    """Return the id of the one paid order that ``buyer`` and ``order_name`` mean.

    Raises ``PaymentNotFoundError`` where there is none and ``AmbiguousPaymentError`` where there are more:
    a name and a buyer alone never decide whose money goes back.
    """
    paid = (
        select(Order.id)
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.buyer == buyer, Order.name == order_name, Payment.status == PaymentStatus.APPROVED)
        .limit(2)
    )
    with transaction() as session:
        found = session.scalars(paid).all()
    if not found:
        raise PaymentNotFoundError(f"No payment of {buyer} for {order_name} stands.")
    if len(found) > 1:
        raise AmbiguousPaymentError(
            f"More than one payment of {buyer} for {order_name} stands; cancel by the order's id."
        )
    return found[0]
