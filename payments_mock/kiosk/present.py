"""How the kiosk's things look as JSON."""

from datetime import UTC, datetime
from typing import Any

from payments_mock.kiosk.lifecycle import PaymentStatus
from payments_mock.kiosk.tables import Cancel, MenuItem, Order, OrderLine, Payment


def present_item(item: MenuItem) -> dict[str, Any]:
    """Return an item of the menu."""
    return {
        "id": item.id,
        "name": item.name,
        "price": item.price,
        "stock": item.stock,
        "available": item.available,
    }


def present_order(order: Order) -> dict[str, Any]:
    """Return an order with its lines and its latest payment."""
    return {
        "id": order.id,
        "status": order.status,
        "amount": order.amount,
        "currency": "KRW",
        "createdAt": moment(order.created_at),
        "items": [_line(line) for line in order.lines],
        "payment": present_payment(order),
        "refundReason": order.refund_reason,
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.item_id,
        "name": line.name,
        "price": line.price,
        "quantity": line.quantity,
        "amount": line.amount,
    }


def present_payment(order: Order) -> dict[str, Any] | None:
    """Return the payment of an order: the canceled one from the ledger, else the latest, else None."""
    if order.cancel is not None:
        canceled = moment(order.cancel.canceled_at)
        return _payment(order.cancel, PaymentStatus.CANCELED) | {"canceledAt": canceled}
    return None if order.payment is None else _payment(order.payment, order.payment.status)


def _payment(payment: Payment | Cancel, status: PaymentStatus) -> dict[str, Any]:
    failure = None
    if isinstance(payment, Payment) and payment.failure_code is not None:
        failure = {"code": payment.failure_code, "message": payment.failure_message}
    return {
        "paymentKey": payment.payment_key,
        "status": status,
        "method": payment.method,
        "approvedAt": moment(payment.approved_at),
        "receiptUrl": payment.receipt_url,
        "canceledAt": None,
        "failure": failure,
    }


def moment(time: datetime | None) -> str | None:
    """Return a time in UTC and whole seconds."""
    return None if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
