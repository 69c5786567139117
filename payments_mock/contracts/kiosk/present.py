"""Payments in the kiosk contract's words."""

from datetime import datetime
from typing import Any

from payments_mock.domain.payments.payment import Payment, State
from payments_mock.receipts.links import receipt_url
from payments_mock.services.context import Context

STATUS_OF_STATE = {
    State.INITIATED: "INITIATED",
    State.AUTHENTICATED: "INITIATED",
    State.AWAITING_DEPOSIT: "INITIATED",
    State.APPROVED: "APPROVED",
    State.PARTIALLY_CANCELED: "APPROVED",
    State.CANCELED: "CANCELED",
    State.ABORTED: "ABORTED",
    State.EXPIRED: "EXPIRED",
}


def present_created(payment: Payment) -> dict[str, Any]:
    """Show what create answers."""
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "status": STATUS_OF_STATE[payment.state],
    }


def present_confirmed(payment: Payment, receipt: str) -> dict[str, Any]:
    """Show what confirm answers; before approval there is neither method nor receipt."""
    approved = payment.approved_at is not None
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "method": payment.method if approved else None,
        "approvedAt": present_time(payment.approved_at),
        "totalAmount": payment.total_amount,
        "status": STATUS_OF_STATE[payment.state],
        "receipt": {"url": receipt} if approved else None,
    }


def present_payment(_context: Context, payment: Payment) -> dict[str, Any]:
    """Show a payment as the look-ups answer it."""
    return {
        **present_confirmed(payment, receipt_url(payment)),
        "canceledAt": present_time(payment.canceled_at),
        "cancelReason": payment.cancel_reason,
    }


def present_canceled(payment: Payment) -> dict[str, Any]:
    """Show what cancel answers."""
    return {"status": STATUS_OF_STATE[payment.state], "canceledAt": present_time(payment.canceled_at)}


def present_time(moment: datetime | None) -> str | None:
    """Show a moment in UTC, in whole seconds (the integration guide: 2024-01-01T12:34:56Z)."""
    return None if moment is None else moment.isoformat()[:19] + "Z"
