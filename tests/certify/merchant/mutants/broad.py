"""Mutants whose mistake shows in many pitfalls, as it is about no answer in particular."""

from collections.abc import Mapping
from typing import Any

from tests.certify.merchant.charging import RefusedError
from tests.certify.merchant.orders import HAS_MONEY, Order, Refund, Status
from tests.certify.merchant.provider import Provider
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop, StockAfterCharge, UndoesTheUnknown


class TakesEachPressForPaid(Shop):
    """Sells as soon as a confirm was sent, and never looks at what came back."""

    own = frozenset(
        {
            "declined-card/goods-once",
            "declined-card/paid-is-paid",
            "expiry/goods-once",
            "expiry/paid-is-paid",
            "late-success/goods-once",
            "late-success/paid-is-paid",
            "lost-answer/goods-once",
            "lost-answer/paid-is-paid",
            "lying-success/goods-once",
            "lying-success/not-believed",
            "lying-success/paid-is-paid",
            "outage/goods-once",
            "outage/paid-is-paid",
            "second-confirm/goods-once",
            "second-confirm/paid-is-paid",
            "tampering/cheap-payment-refused",
            "tampering/goods-once",
            "tampering/paid-is-paid",
        }
    )

    def attempt(self, order: Order) -> Found:
        self.send_confirm(order)
        return Found(Verdict.PAID)


class FailsAndTriesAgain(Shop):
    """Fails an order whose confirm was not answered well, and tries again nevertheless."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "lagging-lists/money-not-kept",
            "late-success/money-not-kept",
            "lost-answer/money-not-kept",
            "lying-success/money-not-kept",
            "outage/money-not-kept",
            "racing-webhook/money-not-kept",
            "repeated-webhook/money-not-kept",
            "second-confirm/money-not-kept",
        }
    )

    def attempt(self, order: Order) -> Found:
        found = self.read_confirm(order, self.send_confirm(order))
        if found.verdict is Verdict.UNKNOWN:
            self.book.overwrite(order.id, status=Status.FAILED)
        return found


class FailsForGood(Shop):
    """Fails an order for good whose payment is over, and charges the next card for it nevertheless."""

    own = frozenset({"declined-card/money-not-kept", "expiry/money-not-kept"})

    def attempt_over(self, order: Order) -> dict[str, Any]:
        return {"status": Status.FAILED}

    def second_press(self, order_id: str, payment_key: str) -> Order:
        order = self.find(order_id)
        if order.status is not Status.FAILED or order.payment_key == payment_key:
            return super().second_press(order_id, payment_key)
        self.send_confirm(self.book.overwrite(order_id, payment_key=payment_key))
        return self.find(order_id)


class TakesSecondOrderForDouble(Shop):
    """Fails an order that the shopper has placed before, when it is charged already."""

    own = frozenset({"shared-key/money-not-kept"})

    def paid(self, order: Order) -> dict[str, Any]:
        others = [one for one in self.book.all() if one.id != order.id and one.shopper == order.shopper]
        is_twin = any(one.item == order.item and one.status in HAS_MONEY for one in others)
        return {"status": Status.FAILED} if is_twin else super().paid(order)


class ChargesTwice(Shop):
    """Charges each order by a payment that it forgets, and then by another one."""

    contract = "kiosk"

    own = frozenset(
        {
            "cancelled-elsewhere/money-not-kept",
            "declined-card/charged-once",
            "declined-card/money-not-kept",
            "double-press/charged-once",
            "expiry/money-not-kept",
            "failing-work/charged-once",
            "failing-work/money-not-kept",
            "last-item/charged-once",
            "late-success/charged-once",
            "lost-answer/charged-once",
            "lost-refund/money-not-kept",
            "lying-success/charged-once",
            "outage/charged-once",
            "racing-refunds/money-not-kept",
            "second-confirm/charged-once",
            "settled-refund/charged-once",
            "shared-key/charged-once",
        }
    )

    def create(self, order: Order) -> None:
        key, at_provider = f"{order.payment_key}-2", f"{order.id}-2"
        self.provider.create(key, at_provider, order.amount)
        self.provider.confirm(key, at_provider, order.amount, key)
        super().create(order)


class UndoesSecondTelling(Shop):
    """Cancels a payment of which it is told once more, as if it were a second one, and says nothing."""

    own = frozenset(
        {
            "cancelled-elsewhere/paid-is-paid",
            "cancelled-elsewhere/refund-is-true",
            "cancelled-elsewhere/refunded-once",
            "double-press/paid-is-paid",
            "forged-webhook/paid-is-paid",
            "forged-webhook/refund-is-true",
            "forged-webhook/refunded-once",
            "late-success/paid-is-paid",
            "lost-answer/paid-is-paid",
            "lying-success/paid-is-paid",
            "outage/paid-is-paid",
            "racing-webhook/paid-is-paid",
            "repeated-webhook/paid-is-paid",
            "second-confirm/paid-is-paid",
        }
    )

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.told: set[str] = set()

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if order.id in self.told and order.status is Status.PAID:
            self.undo(order)
            return 200
        answered = super().take_hint(order, event)
        if self.find(order.id).status is Status.PAID:
            self.told.add(order.id)
        return answered

    def second_press(self, order_id: str, payment_key: str) -> Order:
        order = self.find(order_id)
        if order.status is Status.PAID and order.payment_key == payment_key:
            self.undo(order)
            return order
        return super().second_press(order_id, payment_key)

    def undo(self, order: Order) -> None:
        """Give the money back, and write nothing down."""
        assert order.payment_key is not None
        self.provider.cancel(order.payment_key, None, "paid twice", order.payment_key)

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        return super().money_back(order, found) if order.status is Status.REFUNDING else {}


class _SellsWhatItGaveBack(Shop):
    """Sells an order nevertheless when the money went back for which nobody asked."""

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        new = super().money_back(order, found)
        if new.get("status") is Status.REFUNDED and order.refund is not None and order.delivered == 0:
            return {"status": Status.PAID, "delivered": 1, "refund": None, "is_unwanted": True}
        return {} if order.is_unwanted and order.status is Status.PAID else new


class SellsWhatIsGoneAndGivesBack(_SellsWhatItGaveBack, StockAfterCharge):
    """Finds after the charge that nothing is left, gives the money back, and leaves the order paid."""

    own = frozenset(
        {
            "last-item/paid-is-paid",
            "last-item/refund-is-true",
            "last-item/refunded-once",
            "last-item/sold-once",
        }
    )


class SellsWhatItUndid(_SellsWhatItGaveBack, UndoesTheUnknown):
    """Gives the money of a charge back whose answer was lost, and leaves the order paid."""

    own = frozenset(
        {
            "failing-work/paid-is-paid",
            "failing-work/refund-is-true",
            "failing-work/refunded-once",
            "lagging-lists/paid-is-paid",
            "late-success/paid-is-paid",
            "lost-answer/paid-is-paid",
            "lying-success/paid-is-paid",
            "outage/paid-is-paid",
            "repeated-webhook/paid-is-paid",
            "second-confirm/paid-is-paid",
        }
    )


class CancelsTheRest(Shop):
    """Hears of a part that the console canceled, and gives the rest back as well."""

    own = frozenset({"cancelled-elsewhere/refunded-once"})

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        is_part = found.verdict is Verdict.PAID and found.refunded > order.refunded
        if is_part and order.status is Status.PAID:
            return {"status": Status.REFUNDING, "refund": Refund(order.left, "the rest"), "is_unwanted": True}
        return super().money_back(order, found)


class RecordsEachRefund(Shop):
    """Lets all refunds through at once, and writes each down whatever the provider says of it."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "failing-work/refund-is-true",
            "lost-refund/money-not-kept",
            "lost-refund/refund-is-true",
            "partial-refunds/money-not-kept",
            "partial-refunds/refund-is-true",
            "racing-refunds/money-not-kept",
            "racing-refunds/refund-is-true",
            "settled-refund/money-not-kept",
            "settled-refund/refund-is-true",
        }
    )

    def refund(self, order_id: str, amount: int | None, reason: str) -> Order:
        order = self.find(order_id)
        if order.status not in HAS_MONEY:
            raise RefusedError(409, f"the order is {order.status}")
        refund = Refund(order.left if amount is None else amount, reason)
        self.in_hand.append(order_id)
        try:
            self.send_cancel(order, refund)
            return self.write_down(order_id, refund.amount)
        finally:
            self.in_hand.remove(order_id)

    def write_down(self, order_id: str, amount: int) -> Order:
        """Add to what went back, until nobody else did so at the same moment."""
        while True:
            order = self.find(order_id)
            refunded = order.refunded + amount
            status = Status.REFUNDED if refunded >= order.amount else Status.PARTLY_REFUNDED
            changed = self.book.change(order, status=status, refunded=refunded)
            if changed is not None:
                return changed
