"""Mutants that lose track of their goods."""

import time
from typing import Any

from tests.certify.merchant.orders import HAS_MONEY, Order, Status
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop, StockAfterCharge

WINDOW = 0.1
"""Seconds between a look and what is done because of it, so that a race is lost each time."""


class SellsWhatIsGone(Shop):
    """Looks at no stock, and sells a single piece to everybody."""

    sets_aside_at_charge = False

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"has_piece": False}


class KeepsMoneyForWhatIsGone(StockAfterCharge):
    """Finds after the charge that nothing is left, and fails the order without giving the money back."""

    def sold_out(self, order: Order) -> dict[str, Any]:
        return {"status": Status.FAILED}


class RefundsWhatIsGoneOnce(StockAfterCharge):
    """Finds after the charge that nothing is left, and tries once to give the money back."""

    def refund_unknown(self, order: Order, reply: Any) -> Order:
        order = super().refund_unknown(order, reply)
        is_stuck = order.status is Status.REFUNDING and order.delivered == 0
        return self.book.overwrite(order.id, status=Status.FAILED, refund=None) if is_stuck else order


class PaysForWhatIsGone(StockAfterCharge):
    """Finds after the charge that nothing is left, and leaves the order paid."""

    def sold_out(self, order: Order) -> dict[str, Any]:
        return {"status": Status.PAID}


class DeliversBeforeMoney(Shop):
    """Hands the goods out when the shopper comes back, before the provider has said yes."""

    def charge(self, order: Order) -> Order:
        if order.delivered == 0:
            order = self.book.change(order, delivered=1) or order
        return super().charge(order)

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"delivered": 1}


class DeliversOnEachPress(Shop):
    """Hands the goods out for each press on a paid order."""

    def second_press(self, order_id: str, payment_key: str) -> Order:
        order = super().second_press(order_id, payment_key)
        is_paid = order.status in HAS_MONEY
        return self.book.overwrite(order_id, delivered=order.delivered + 1) if is_paid else order


class DeliversWithoutCompareAndSet(Shop):
    """Reads that an order is not paid, and writes that it is: two writers at once deliver twice."""

    def record(self, order: Order, found: Found) -> Order | None:
        if order.status is not Status.PENDING or found.verdict is not Verdict.PAID:
            return super().record(order, found)
        before = self.find(order.id)
        time.sleep(WINDOW)
        return self.book.overwrite(
            order.id, status=Status.PAID, has_piece=True, delivered=before.delivered + 1
        )


class DeliversAgainstAnAccount(Shop):
    """Hands the goods out as soon as a virtual account is issued."""

    def changes_of_pending(self, order: Order, found: Found) -> dict[str, Any]:
        if found.verdict is Verdict.AWAITED and order.delivered == 0:
            return {"delivered": 1}
        return super().changes_of_pending(order, found)

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"delivered": 1}
