"""How the kiosk's things look as JSON."""

from datetime import UTC, datetime
from typing import Any

from payments_mock.kiosk.tables import MenuItem, Order, OrderLine, Payment


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
        "createdAt": _moment(order.created_at),
        "items": [_line(line) for line in order.lines],
        "payment": None if order.payment is None else _payment(order.payment),
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


def _payment(payment: Payment) -> dict[str, Any]:
    failure = None
    if payment.failure_code is not None:
        failure = {"code": payment.failure_code, "message": payment.failure_message}
    return {
        "paymentKey": payment.payment_key,
        "status": payment.status,
        "method": payment.method,
        "approvedAt": _moment(payment.approved_at),
        "receiptUrl": payment.receipt_url,
        "canceledAt": _moment(payment.canceled_at),
        "failure": failure,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
