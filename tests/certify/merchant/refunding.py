"""Giving money back: each refund once, and written down when the provider has made it."""

import time
from typing import Any

from tests.certify.merchant.charging import Charging, RefusedError
from tests.certify.merchant.orders import HAS_MONEY, Order, Refund, Status
from tests.certify.merchant.provider import Reply
from tests.certify.merchant.reading import Found, Verdict


class Refunding(Charging):
    """Refunds orders, all of it or in parts."""

    def charge(self, order: Order) -> Order:
        """Charge, and give the money back at once if there is nothing to deliver for it."""
        order = super().charge(order)
        return self.carry_out(order) if order.status is Status.REFUNDING else order

    def refund(self, order_id: str, amount: int | None, reason: str) -> Order:
        """Give money back, all that is left if no amount is named; raises RefusedError."""
        order = self.find(order_id)
        wanted = self.order_left(order) if amount is None else amount
        self.in_hand.append(order_id)
        try:
            return self.carry_out(self.claim_refund(order, Refund(wanted, reason)))
        finally:
            self.in_hand.remove(order_id)

    def order_left(self, order: Order) -> int:
        """Return what may still be given back of an order."""
        return order.left

    def claim_refund(self, order: Order, refund: Refund) -> Order:
        """Let one refund at a time act on the order; raises RefusedError."""
        if order.status not in HAS_MONEY:
            raise RefusedError(409, f"the order is {order.status}")
        self.check_amount(order, refund)
        claimed = self.book.change(order, status=Status.REFUNDING, refund=refund)
        if claimed is None:
            raise RefusedError(409, "somebody else is at work on the order")
        return claimed

    def check_amount(self, order: Order, refund: Refund) -> None:
        """Compare a refund with what is left; raises RefusedError."""
        if not 0 < refund.amount <= order.left:
            raise RefusedError(409, f"{order.left} won are left")

    def carry_out(self, order: Order) -> Order:
        """Cancel, and ask until it is known how that ended, or patience is over."""
        order = self.try_refund(order)
        for pause in self.pauses:
            if order.status is not Status.REFUNDING:
                break
            time.sleep(pause)
            order = self.try_refund(order)
        return order

    def try_refund(self, order: Order) -> Order:
        """Cancel once. The answer shows what went back in all; without one a look-up tells."""
        refund = order.refund
        if refund is None or order.payment_key is None:
            return order
        reply = self.send_cancel(order, refund)
        if self.is_refusal(reply):
            return self.refund_refused(order, reply)
        found = self.read_cancel(order, reply)
        if found.verdict is Verdict.UNKNOWN:
            return self.refund_unknown(order, reply)
        return self.record(order, found) or self.find(order.id)

    def read_cancel(self, order: Order, reply: Reply) -> Found:
        """Read the answer to a cancel; the kiosk contract's shows no payment, so a look-up has to."""
        return self.read_payment(order, reply)

    def send_cancel(self, order: Order, refund: Refund) -> Reply:
        """Cancel at the provider, a part or all that is left."""
        assert order.payment_key is not None
        amount = None if refund.amount == order.left else refund.amount
        return self.provider.cancel(order.payment_key, amount, refund.reason, self.cancel_key(order, refund))

    def cancel_key(self, order: Order, refund: Refund) -> str | None:
        """Make the idempotency key: a repeated refund has the same, another refund another."""
        return refund.id

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        """Leave the money where it is, as the provider does not give it back."""
        self.book.change(order, **self.not_refunded(order))
        return self.refresh(order.id)

    def not_refunded(self, order: Order) -> dict[str, Any]:
        """Say how an order goes on whose refund was refused; one that was never delivered is still owed."""
        if order.delivered == 0:
            return {}
        status = Status.PARTLY_REFUNDED if order.refunded else Status.PAID
        return {"status": status, "refund": None}

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        """Find out whether money went back that nobody told of."""
        return self.refresh(order.id)
