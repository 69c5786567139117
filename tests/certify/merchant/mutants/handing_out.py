"""Mutants that hand the goods out too early, or again."""

from collections.abc import Mapping
from typing import Any

from tests.certify.merchant.mutants.webhooks import status_of
from tests.certify.merchant.orders import HAS_MONEY, Order, Status
from tests.certify.merchant.provider import Provider, Reply
from tests.certify.merchant.reading import Found
from tests.certify.merchant.shop import Shop


class ReplacesWhatIsRefunded(Shop):
    """Hands the goods out again for each refund that is asked for."""

    own = frozenset(
        {
            "cancelled-elsewhere/goods-once",
            "failing-work/goods-once",
            "lost-refund/goods-once",
            "partial-refunds/goods-once",
            "racing-refunds/goods-once",
            "racing-webhook/goods-once",
            "settled-refund/goods-once",
        }
    )

    def refund(self, order_id: str, amount: int | None, reason: str) -> Order:
        order = super().refund(order_id, amount, reason)
        return self.book.overwrite(order_id, delivered=order.delivered + 1)


class DeliversForPressAndWebhook(Shop):
    """Hands the goods out for the answer, and again for the webhook that says the same."""

    own = frozenset(
        {
            "cancelled-elsewhere/goods-once",
            "declined-card/goods-once",
            "deposit/goods-once",
            "double-press/goods-once",
            "expiry/goods-once",
            "failing-work/goods-once",
            "forged-webhook/goods-once",
            "last-item/goods-once",
            "lost-answer/goods-once",
            "lost-refund/goods-once",
            "lying-success/goods-once",
            "outage/goods-once",
            "partial-refunds/goods-once",
            "racing-refunds/goods-once",
            "racing-webhook/goods-once",
            "repeated-webhook/goods-once",
            "settled-refund/goods-once",
            "shared-key/goods-once",
            "tampering/goods-once",
        }
    )

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        answered = super().take_hint(order, event)
        now = self.find(order.id)
        if status_of(event) == "DONE" and now.status in HAS_MONEY and now.delivered == 1:
            self.book.overwrite(order.id, delivered=2)
        return answered


class DeliversWhenReconciled(Shop):
    """Hands the goods out twice when the job finds an order paid whose look-up met no answer before."""

    own = frozenset({"failing-work/goods-once", "lagging-lists/goods-once"})

    def read_look_up(self, order: Order, reply: Reply) -> Found:
        if reply.trouble is not None:
            self.unheard.add(order.id)
        return super().read_look_up(order, reply)

    def reconcile_pending(self, order: Order) -> None:
        super().reconcile_pending(order)
        now = self.find(order.id)
        if now.status is Status.PAID and now.delivered == 1 and order.id in self.unheard:
            self.book.overwrite(order.id, delivered=2)

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.unheard: set[str] = set()


class DeliversAtOrder(Shop):
    """Hands the goods out as soon as an order is placed, and nobody has paid."""

    own = frozenset(
        {
            "declined-card/goods-once",
            "deposit/goods-once",
            "expiry/goods-once",
            "forged-webhook/goods-once",
            "last-item/goods-once",
            "tampering/goods-once",
        }
    )

    def new_order(self, order: Order) -> Order:
        return super().new_order(Order(order.item, order.amount, order.shopper, delivered=1))

    def paid(self, order: Order) -> dict[str, Any]:
        return super().paid(order) | {"delivered": 1}
