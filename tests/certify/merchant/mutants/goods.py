"""Mutants that lose track of their goods."""

from dataclasses import replace
from typing import Any

from tests.certify.merchant.orders import HAS_MONEY, Order, Status
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop, StockAfterCharge


class SellsWhatIsGone(Shop):
    """Looks at no stock, and sells a single piece to everybody."""

    own = frozenset({"last-item/sold-once"})

    sets_aside_at_charge = False

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"has_piece": False}


class KeepsMoneyForWhatIsGone(StockAfterCharge):
    """Finds after the charge that nothing is left, and fails the order without giving the money back."""

    own = frozenset({"last-item/money-not-kept"})

    def sold_out(self, order: Order) -> dict[str, Any]:
        return {"status": Status.FAILED}


class RefundsWhatIsGoneOnce(StockAfterCharge):
    """Finds after the charge that nothing is left, and tries once to give the money back."""

    own = frozenset({"last-item/money-not-kept"})

    def try_refund(self, order: Order) -> Order:
        if order.delivered or order.status is not Status.REFUNDING:
            return super().try_refund(order)
        given_up = self.book.change(order, status=Status.FAILED, refund=None)
        # Its job or a webhook comes by meanwhile now and then, and would make another try of it.
        return (
            self.find(order.id)
            if given_up is None
            else super().try_refund(replace(given_up, refund=order.refund))
        )


class PaysForWhatIsGone(StockAfterCharge):
    """Finds after the charge that nothing is left, and leaves the order paid."""

    own = frozenset({"last-item/sold-once"})

    def sold_out(self, order: Order) -> dict[str, Any]:
        return {"status": Status.PAID}


class DeliversBeforeMoney(Shop):
    """Hands the goods out when the shopper comes back, before the provider has said yes."""

    own = frozenset(
        {
            "declined-card/goods-once",
            "deposit/goods-once",
            "expiry/goods-once",
            "forged-webhook/goods-once",
            "tampering/goods-once",
        }
    )

    def charge(self, order: Order) -> Order:
        if order.delivered == 0:
            order = self.book.change(order, delivered=1) or order
        return super().charge(order)

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"delivered": 1}


class DeliversOnEachPress(Shop):
    """Hands the goods out for each press on a paid order."""

    own = frozenset(
        {
            "double-press/goods-once",
            "late-success/goods-once",
            "lost-answer/goods-once",
            "lying-success/goods-once",
            "outage/goods-once",
            "second-confirm/goods-once",
        }
    )

    def second_press(self, order_id: str, payment_key: str) -> Order:
        order = super().second_press(order_id, payment_key)
        is_paid = order.status in HAS_MONEY
        return self.book.overwrite(order_id, delivered=order.delivered + 1) if is_paid else order


class DeliversAgainstAnAccount(Shop):
    """Hands the goods out as soon as a virtual account is issued."""

    own = frozenset({"deposit/goods-once", "forged-webhook/goods-once"})

    def changes_of_pending(self, order: Order, found: Found) -> dict[str, Any]:
        if found.verdict is Verdict.AWAITED and order.delivered == 0:
            return {"delivered": 1}
        return super().changes_of_pending(order, found)

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"delivered": 1}
