"""How the shop's things look to its pages."""

from typing import Any

from payments_mock.kiosk.order_name import SEAT
from payments_mock.kiosk.present import moment, present_payment
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.settlement import Payout, Run
from payments_mock.kiosk.settlement_tables import SellerSettlement
from payments_mock.kiosk.tables import Cancel, MenuItem, Order, OrderLine, Reservation, Seat


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
        "items": [_line(line) for line in order.lines],
        "reservation": None if order.reservation is None else _reservation(order.reservation),
        "payment": present_payment(order),
        "cancel": None if order.cancel is None else present_cancel(order.cancel),
        "failure": failure,
    }


def present_cancel(cancel: Cancel) -> dict[str, Any]:
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


def _line(line: OrderLine) -> dict[str, Any]:
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
