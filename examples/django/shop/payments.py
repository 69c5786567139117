"""Charges orders, and gives money back. Only a payment is believed: no answer, no webhook, no shopper."""

import uuid
from typing import Any

from shop import toss
from shop.models import Order, Status


def returned(order: Order, payment_key: str) -> None:
    """Take the shopper back from the window: one press charges, others carry on what it began."""
    is_first = order.status == Status.OPEN
    if is_first and order.change(status=Status.PENDING, payment_key=payment_key):  # before the charge
        charge(order)
    else:
        carry_on(Order.objects.get(id=order.id))


def refund(order: Order, amount: int) -> bool:
    """Give money back; False if the order has not so much, or is being refunded already."""
    wanted = {"refund_id": uuid.uuid4().hex, "refund_amount": amount}
    is_possible = order.is_paid and 0 < amount <= order.left
    if not is_possible or not order.change(status=Status.REFUNDING, **wanted):
        return False
    give_back(order)
    return True


def charge(order: Order) -> None:
    """Confirm, and look the payment up unless the answer is that payment."""
    answer = toss.confirm(order)
    is_paid = answer.content.get("status") == "DONE" and is_for(answer.content, order)
    settle(order, answer.content if is_paid else toss.find(order.payment_key), answer.is_refused)


def give_back(order: Order) -> None:
    """Cancel, and look what went back."""
    answer = toss.cancel(order)
    settle(order, toss.find(order.payment_key), answer.is_refused)


def carry_on(order: Order) -> bool:
    """Find out what is unknown, and send again what never arrived; False if the look-up failed, too."""
    if not order.payment_key:
        return True
    payment = toss.find(order.payment_key)
    settle(order, payment)
    if order.status == Status.REFUNDING:
        give_back(order)
    elif order.status == Status.PENDING and payment is not None and payment["status"] == "IN_PROGRESS":
        charge(order)
    return payment is not None


def is_for(payment: dict[str, Any], order: Order) -> bool:
    """Tell whether a payment is of this order, and of its whole amount."""
    return (payment.get("orderId"), payment.get("totalAmount")) == (str(order.id), order.amount)


def settle(order: Order, payment: dict[str, Any] | None, is_refused: bool = False) -> None:
    """Make an order what its payment says, if it is still as it was before the call."""
    new = {} if payment is None else changes(order, payment, is_refused)
    if not new or not order.change(**new):
        order.refresh_from_db()


def changes(order: Order, payment: dict[str, Any], is_refused: bool) -> dict[str, Any]:
    """Say what a payment changes in its order."""
    reopened = {"status": Status.OPEN, "payment_key": ""}
    is_waiting, is_refunding = order.status == Status.PENDING, order.status == Status.REFUNDING
    if not is_for(payment, order):  # somebody else's payment, or a cheaper one: it never pays this order
        return reopened if is_waiting else {}
    went_back = payment["totalAmount"] - payment["balanceAmount"] if payment["approvedAt"] else 0
    if went_back > order.refunded:
        return refunded(order, went_back)
    match payment["status"]:
        case "DONE" if is_waiting:
            return {"status": Status.PAID}  # the goods go out here, and only here
        case "DONE" | "PARTIAL_CANCELED" if is_refunding and is_refused:
            return refunded(order, order.refunded)
        case "WAITING_FOR_DEPOSIT" if order.is_paid:
            return {"status": Status.PENDING}  # the bank has taken it back
        case "ABORTED" | "EXPIRED" | "CANCELED" if is_waiting:
            return reopened
    return reopened if is_waiting and is_refused else {}


def refunded(order: Order, amount: int) -> dict[str, Any]:
    """Write down what went back in all."""
    some = Status.PARTIALLY_REFUNDED if amount < order.amount else Status.REFUNDED
    over = {"refund_id": "", "refund_amount": 0}
    return {"status": some if amount else Status.PAID, "refunded": amount, **over}
