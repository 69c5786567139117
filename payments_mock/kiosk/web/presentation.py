"""How the kiosk's things look as JSON: to a terminal, and to the pages."""

from datetime import UTC, datetime
from typing import Any

from payments_mock.kiosk.lifecycle import PaymentStatus
from payments_mock.kiosk.orders.book import SEAT
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.settlement import Payout, Run
from payments_mock.kiosk.tables import (
    MenuItem,
    Order,
    OrderLine,
    PaymentAttempt,
    RefundedPayment,
    Reservation,
    Seat,
    SellerSettlement,
)


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
        "items": [_plain_line(line) for line in order.lines],
        "payment": present_payment(order),
        "refundReason": order.refund_reason,
    }


def _plain_line(line: OrderLine) -> dict[str, Any]:
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


def _payment(payment: PaymentAttempt | RefundedPayment, status: PaymentStatus) -> dict[str, Any]:
    failure = None
    if isinstance(payment, PaymentAttempt) and payment.failure_code is not None:
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


def present_shop(settings: KioskSettings) -> dict[str, Any]:
    """Return what a page must know to open the provider's window."""
    return {
        "contract": settings.contract,
        "clientKey": settings.keys.client,
        "hasWidgets": settings.keys.is_for_widgets,
        "script": None
        if settings.keys.client is None
        else f"{settings.provider_url.rstrip('/')}/v2/standard",
    }


def present_menu_item(item: MenuItem) -> dict[str, Any]:
    """Return something for sale."""
    return {
        "id": item.id,
        "name": {"en": item.name, "ko": item.korean_name or item.name},
        "price": item.price,
        "available": item.available,
        "seller": item.seller,
    }


def present_seat(seat: Seat) -> dict[str, Any]:
    """Return a seat and whether it is free."""
    return {"id": seat.id, "price": seat.price, "free": seat.reservation_id is None}


def present_book_order(order: Order) -> dict[str, Any]:
    """Return an order with everything that hangs on it."""
    failure = None
    if order.failure_code is not None:
        failure = {"code": order.failure_code, "message": order.failure_message}
    return {
        "orderId": order.id,
        "orderName": order.name,
        "buyer": order.buyer,
        "status": order.status,
        "amount": order.amount,
        "createdAt": moment(order.created_at),
        "items": [_translated_line(line) for line in order.lines],
        "reservation": None if order.reservation is None else _reservation(order.reservation),
        "payment": present_payment(order),
        "cancel": None if order.cancel is None else present_cancel(order.cancel),
        "failure": failure,
    }


def present_cancel(cancel: RefundedPayment) -> dict[str, Any]:
    """Return a record of the cancel ledger."""
    return {
        "paymentKey": cancel.payment_key,
        "orderId": cancel.order_id,
        "cancelAmount": cancel.amount,
        "cancelReason": cancel.reason,
        "canceledAt": moment(cancel.canceled_at),
    }


def present_run(run: Run) -> dict[str, Any]:
    """Return what a settlement run paid out, and what it carries over."""
    return {
        "runId": run.id,
        "settledAt": moment(run.settled_at),
        "payouts": [_payout(payout) for payout in run.payouts],
        "carriedOver": [_payout(payout) for payout in run.carried_over],
    }


def present_entry(entry: SellerSettlement) -> dict[str, Any]:
    """Return what an order, or its refund, makes owed to a seller."""
    return {
        "seller": entry.seller,
        "orderId": entry.order_id,
        "kind": entry.kind,
        "amount": entry.amount,
        "dueAt": moment(entry.due_at),
        "settledAt": moment(entry.settled_at),
        "runId": entry.run_id,
    }


def _payout(payout: Payout) -> dict[str, Any]:
    return {
        "seller": payout.seller,
        "sales": payout.sales,
        "refunds": payout.refunds,
        "amount": payout.amount,
    }


def _translated_line(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.item_id,
        "name": {"en": line.name, "ko": line.korean_name or line.name},
        "seller": line.seller,
        "price": line.price,
        "quantity": line.quantity,
        "amount": line.amount,
    }


def _reservation(reservation: Reservation) -> dict[str, Any]:
    return {
        "id": reservation.id,
        "status": reservation.status,
        "heldUntil": moment(reservation.held_until),
        "name": {"en": "Seat", "ko": SEAT},
        "seats": [{"id": seat.seat_id, "price": seat.price} for seat in reservation.seats],
    }
