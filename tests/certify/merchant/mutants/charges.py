"""Mutants that send the wrong confirm, or too many, or believe the shopper's browser."""

import time
from typing import Any

from tests.certify.merchant.charging import Redirect
from tests.certify.merchant.orders import Order, Status
from tests.certify.merchant.provider import Reply
from tests.certify.merchant.shop import Shop


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
