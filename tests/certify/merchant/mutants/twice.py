"""Mutants that charge an order by more payments than one, under order ids of their own."""

import itertools
from typing import Any, Final

from tests.certify.merchant.orders import Order, Refund, Status
from tests.certify.merchant.provider import Provider, Reply
from tests.certify.merchant.reading import Found
from tests.certify.merchant.shop import Shop

CARD: Final = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "39",
    "cardExpirationMonth": "12",
    "customerIdentityNumber": "881212",
}


class StartsAnewOnEachPress(Shop):
    """Makes a new payment under a new order id for each press, though the last one may have charged."""

    own = frozenset(
        {
            "double-press/charged-once",
            "double-press/goods-once",
            "late-success/charged-once",
            "late-success/goods-once",
            "lost-answer/charged-once",
            "lost-answer/goods-once",
            "lying-success/charged-once",
            "lying-success/goods-once",
            "outage/charged-once",
            "outage/goods-once",
            "second-confirm/charged-once",
            "second-confirm/goods-once",
        }
    )

    contract = "kiosk"

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.numbers = itertools.count(1)
        self.first: dict[str, int] = {}

    def pay(self, order_id: str) -> Order:
        order = self.find(order_id)
        # No two presses get the same id, however close they come: the provider would refuse the second.
        number = next(self.numbers)
        is_first = self.first.setdefault(order.id, number) == number
        at_provider = order.id if is_first else f"{order.id}-{number}"
        new = {"status": Status.PENDING, "payment_key": self.new_payment_key(order)}
        return self.charge(self.book.overwrite(order.id, at_provider=at_provider, **new))

    def attempt_over(self, order: Order) -> dict[str, Any]:
        """Let the next press take the order's own id again, as nothing was charged under it."""
        self.first.pop(order.id, None)
        return super().attempt_over(order)


class ChargesFeesApart(Shop):
    """Charges four fees for each paid order by the shopper's card, and gives two of them back unasked."""

    own = frozenset(
        {
            "cancelled-elsewhere/charged-once",
            "cancelled-elsewhere/money-not-kept",
            "declined-card/charged-once",
            "deposit/charged-once",
            "double-press/charged-once",
            "expiry/charged-once",
            "failing-work/charged-once",
            "failing-work/money-not-kept",
            "failing-work/refunded-once",
            "forged-webhook/charged-once",
            "lagging-lists/charged-once",
            "last-item/charged-once",
            "late-success/charged-once",
            "lost-answer/charged-once",
            "lost-refund/charged-once",
            "lost-refund/money-not-kept",
            "lost-refund/refunded-once",
            "lying-success/charged-once",
            "outage/charged-once",
            "partial-refunds/charged-once",
            "partial-refunds/money-not-kept",
            "partial-refunds/refund-is-true",
            "partial-refunds/refunded-once",
            "racing-refunds/charged-once",
            "racing-refunds/money-not-kept",
            "racing-refunds/refund-is-true",
            "racing-refunds/refunded-once",
            "racing-webhook/charged-once",
            "racing-webhook/money-not-kept",
            "repeated-webhook/charged-once",
            "second-confirm/charged-once",
            "settled-refund/charged-once",
            "settled-refund/paid-is-paid",
            "settled-refund/refund-is-true",
            "settled-refund/refunded-once",
            "shared-key/charged-once",
            "tampering/charged-once",
        }
    )

    order_at_provider = r"{orderId}(-\d+)?"

    can_miss = True

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.fees: dict[str, list[str]] = {}
        self.refused: set[str] = set()

    def record(self, order: Order, found: Found) -> Order | None:
        recorded = super().record(order, found)
        is_sold = recorded is not None and recorded.status is Status.PAID and order.status is Status.PENDING
        if is_sold and order.id not in self.fees:
            self.fees[order.id] = [self.charge_fee(order, number) for number in range(1, 5)]
        return recorded

    def charge_fee(self, order: Order, number: int) -> str:
        """Charge a fee under an order id of its own, without a window, and return its payment's key."""
        fee = {"orderId": f"{order.id}-{number}", "orderName": "Fee", "amount": 1000, **CARD}
        reply = self.provider.call("POST", "/v1/payments/key-in", fee, f"{order.id}-{number}")
        return str((reply.payment or {}).get("paymentKey"))

    def send_cancel(self, order: Order, refund: Refund) -> Reply:
        """Give two fees back, and then the rest; a fee's refusal counts as that of the whole."""
        fees = self.fees.get(order.id, [])
        refusal: Reply | None = None
        for key in (*fees[:1], *fees[-1:]):
            answer = self.provider.cancel(key, None, refund.reason, f"{refund.id}-{key}"[:300])
            if self.is_refusal(answer):
                refusal = answer
                self.refused.add(order.id)
        reply = super().send_cancel(order, refund)
        return refusal or reply

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        self.book.change(order, **self.not_refunded(order))
        return self.find(order.id)

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        return {} if order.id in self.refused else super().money_back(order, found)
