"""Mutants that send the wrong confirm, or too many, or believe the shopper's browser."""

import time
from typing import Any, Final

from tests.certify.merchant.charging import Redirect
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


class SendsNoKey(Shop):
    """Confirms without an idempotency key."""

    own = frozenset({"lost-answer/key-sent"})

    def confirm_key(self, order: Order) -> str | None:
        return None


class KeysByOrder(Shop):
    """Every attempt at an order has the same idempotency key, so a refusal is replayed to the next card."""

    own = frozenset({"declined-card/can-pay-again"})

    def confirm_key(self, order: Order) -> str | None:
        return order.id


class KeysByShopper(Shop):
    """Orders of one shopper share an idempotency key; the answer that comes is the first one's."""

    own = frozenset({"declined-card/can-pay-again", "shared-key/order-settles"})

    def confirm_key(self, order: Order) -> str | None:
        return order.shopper


class KeysByShopperAndBelieves(KeysByShopper):
    """Orders of one shopper share an idempotency key, and the approval of the first pays for all."""

    own = frozenset({"declined-card/can-pay-again", "shared-key/goods-once", "shared-key/paid-is-paid"})

    def is_about(self, order: Order, payment: dict[str, Any]) -> bool:
        is_replayed = payment.get("status") == "DONE" and payment.get("paymentKey") != order.payment_key
        return is_replayed or super().is_about(order, payment)


class BelievesAmountOfRedirect(Shop):
    """Confirms the amount that the browser brings, so a shopper pays what the shopper likes."""

    own = frozenset({"tampering/cheap-payment-refused", "tampering/paid-is-paid"})

    def check_redirect(self, order: Order, redirect: Redirect) -> None:
        self.book.overwrite(order.id, amount=redirect.amount)

    def press(self, order: Order, payment_key: str) -> Order:
        return super().press(self.find(order.id), payment_key)


class ConfirmsForTheBrowsersOrder(Shop):
    """Confirms whatever the payment is for, and marks the order as paid that the browser names."""

    own = frozenset(
        {
            "tampering/cheap-payment-refused",
            "tampering/goods-once",
            "tampering/money-not-kept",
            "tampering/paid-is-paid",
        }
    )

    def check_redirect(self, order: Order, redirect: Redirect) -> None:
        """Check nothing."""

    def send_confirm(self, order: Order) -> Reply:
        assert order.payment_key is not None
        payment = self.provider.find(order.payment_key).payment or {}
        told = payment.get("orderId", order.id), payment.get("totalAmount", order.amount)
        return self.provider.confirm(order.payment_key, *told, self.confirm_key(order))

    def is_about(self, order: Order, payment: dict[str, Any]) -> bool:
        return payment.get("paymentKey") == order.payment_key


class ChargesEachTab(Shop):
    """Charges each payment that comes back for an order, also while it is paid or being paid."""

    own = frozenset({"double-press/money-not-kept"})

    def press(self, order: Order, payment_key: str) -> Order:
        if order.payment_key == payment_key:
            return super().press(order, payment_key)
        return self.charge(self.book.overwrite(order.id, status=Status.PENDING, payment_key=payment_key))


class GivesLoserOfRaceAFailure(Shop):
    """The second of two presses writes the order off, as it finds it already paid, or being paid."""

    own = frozenset(
        {
            "double-press/money-not-kept",
            "late-success/money-not-kept",
            "lost-answer/money-not-kept",
            "lying-success/money-not-kept",
            "outage/money-not-kept",
            "second-confirm/money-not-kept",
        }
    )

    def second_press(self, order_id: str, payment_key: str) -> Order:
        return self.book.overwrite(order_id, status=Status.FAILED)


class RetriesWithoutEnd(Shop):
    """Asks again at once, hundreds of times, as long as the provider is down."""

    own = frozenset({"outage/retries-bounded"})

    pauses = (0.005,) * 150


class NeverReconciles(Shop):
    """Has a job that does nothing, and webhooks for all it never heard of."""

    own = frozenset(
        {
            "cancelled-elsewhere/paid-is-paid",
            "cancelled-elsewhere/refund-is-true",
            "failing-work/order-settles",
            "lagging-lists/order-settles",
        }
    )

    def reconcile(self) -> None:
        """Do nothing."""


class FailsWhatIsPending(Shop):
    """The job writes off what is still pending, without asking the provider."""

    own = frozenset(
        {
            "deposit/money-not-kept",
            "failing-work/money-not-kept",
            "lagging-lists/money-not-kept",
            "repeated-webhook/money-not-kept",
        }
    )

    can_miss = True

    def reconcile_pending(self, order: Order) -> None:
        self.book.change(order, status=Status.FAILED)


class ReconcilesByTheList(Shop):
    """The job writes off what the provider's list of transactions does not have yet."""

    own = frozenset({"lagging-lists/money-not-kept"})

    def reconcile_pending(self, order: Order) -> None:
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
        listed = self.provider.transactions(day)
        if listed.status != 200:
            return
        if order.payment_key is not None and order.payment_key in listed.text:
            super().reconcile_pending(order)
        else:
            self.book.change(order, status=Status.FAILED)


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

    def pay(self, order_id: str) -> Order:
        order = self.find(order_id)
        at_provider = f"{order.id}-{order.version}" if order.payment_key else order.id
        new = {"status": Status.PENDING, "payment_key": self.new_payment_key(order)}
        return self.charge(self.book.overwrite(order.id, at_provider=at_provider, **new))


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
