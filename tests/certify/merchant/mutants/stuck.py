"""Mutants that lose track of an order, which then waits for good."""

from collections.abc import Mapping
from typing import Any

from tests.certify.merchant.charging import Redirect, RefusedError
from tests.certify.merchant.mutants.webhooks import status_of
from tests.certify.merchant.orders import Order, Refund, Status
from tests.certify.merchant.provider import Provider, Reply
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop, StockAfterCharge


class _LosesOrders(Shop):
    """Can lose track of an order: whatever becomes known of it changes nothing any more."""

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.lost: set[str] = set()

    def changes(self, order: Order, found: Found) -> dict[str, Any]:
        return {} if order.id in self.lost else super().changes(order, found)

    def reconcile_order(self, order: Order) -> None:
        if order.id not in self.lost:
            super().reconcile_order(order)


class GivesUpOnTheUnknown(_LosesOrders):
    """Leaves an order pending for good once an answer to a confirm was not understood."""

    own = frozenset(
        {
            "failing-work/order-settles",
            "lagging-lists/order-settles",
            "late-success/order-settles",
            "lost-answer/order-settles",
            "lying-success/order-settles",
            "outage/order-settles",
            "repeated-webhook/order-settles",
            "second-confirm/order-settles",
        }
    )

    def attempt(self, order: Order) -> Found:
        found = self.read_confirm(order, self.send_confirm(order))
        if found.verdict is Verdict.UNKNOWN:
            self.lost.add(order.id)
        return found


class HangsOnRefusal(_LosesOrders):
    """Leaves an order pending for good once a confirm was refused."""

    own = frozenset(
        {
            "declined-card/can-pay-again",
            "declined-card/order-settles",
            "expiry/order-settles",
            "tampering/order-settles",
        }
    )

    def attempt(self, order: Order) -> Found:
        found = super().attempt(order)
        if found.verdict is Verdict.OVER:
            self.lost.add(order.id)
        return found


class HearsOneDeposit(_LosesOrders):
    """Never hears of a second deposit, when the bank has taken the first one back."""

    own = frozenset({"deposit/order-settles"})

    def deposit_taken_back(self, order: Order) -> dict[str, Any]:
        self.lost.add(order.id)
        return super().deposit_taken_back(order)


class LocksBeforeLooking(_LosesOrders):
    """Makes an order pending before it looks at the redirect, and leaves it so when that is refused."""

    own = frozenset({"tampering/order-settles"})

    def check_redirect(self, order: Order, redirect: Redirect) -> None:
        try:
            super().check_redirect(order, redirect)
        except RefusedError:
            self.lost.add(order.id)
            self.book.overwrite(order.id, status=Status.PENDING)
            raise


class LeavesTroubledRefunds(_LosesOrders):
    """Leaves a refund under way for good that was refused, not answered, or asked for once more."""

    own = frozenset(
        {
            "cancelled-elsewhere/order-settles",
            "failing-work/order-settles",
            "lost-refund/order-settles",
            "partial-refunds/order-settles",
            "racing-refunds/order-settles",
            "settled-refund/order-settles",
        }
    )

    def claim_refund(self, order: Order, refund: Refund) -> Order:
        if order.status is Status.REFUNDING:
            self.lost.add(order.id)
        return super().claim_refund(order, refund)

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        self.lost.add(order.id)
        return order

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        return self.refund_refused(order, reply)


class ForgetsWhatIsOwed(_LosesOrders, StockAfterCharge):
    """Finds after the charge that nothing is left, and never gives the money back that it means to."""

    own = frozenset({"last-item/order-settles"})

    def carry_out(self, order: Order) -> Order:
        return order if order.delivered == 0 else super().carry_out(order)

    def reconcile_order(self, order: Order) -> None:
        if order.status is not Status.REFUNDING or order.delivered:
            super().reconcile_order(order)


class BelievesCanceledAndWaits(_LosesOrders):
    """A webhook that says CANCELED makes an order wait for money that never goes back."""

    own = frozenset({"cancelled-elsewhere/order-settles", "forged-webhook/order-settles"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) != "CANCELED" or order.status is not Status.PAID:
            return super().take_hint(order, event)
        self.lost.add(order.id)
        self.book.overwrite(order.id, status=Status.REFUNDING)
        return 200


class WaitsAfterAborted(_LosesOrders):
    """A webhook that says ABORTED makes an order wait for another payment, though it is paid."""

    own = frozenset(
        {"declined-card/can-pay-again", "declined-card/order-settles", "racing-webhook/order-settles"}
    )

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) != "ABORTED":
            return super().take_hint(order, event)
        self.lost.add(order.id)
        self.book.overwrite(order.id, status=Status.PENDING)
        return 200


class WaitsAfterSecondPress(_LosesOrders):
    """A second press on an order makes it wait for a payment that never comes."""

    own = frozenset(
        {
            "double-press/order-settles",
            "late-success/order-settles",
            "lost-answer/order-settles",
            "lying-success/order-settles",
            "outage/order-settles",
            "second-confirm/order-settles",
        }
    )

    def second_press(self, order_id: str, payment_key: str) -> Order:
        self.lost.add(order_id)
        return self.book.overwrite(order_id, status=Status.PENDING)
