"""Mutants that give money back wrongly, or write it down wrongly."""

import time
import uuid
from typing import Any

from tests.certify.merchant.charging import RefusedError
from tests.certify.merchant.orders import HAS_MONEY, Order, Refund, Status
from tests.certify.merchant.provider import Reply
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop

WINDOW = 0.1
"""Seconds between a look and what is done because of it, so that a race is lost each time."""


class TakesLostRefundForRefusal(Shop):
    """A cancel without an answer counts as refused: the order stays paid, and the money is gone."""

    own = frozenset(
        {
            "cancelled-elsewhere/paid-is-paid",
            "cancelled-elsewhere/refund-is-true",
            "lost-refund/paid-is-paid",
            "lost-refund/refund-is-true",
            "partial-refunds/paid-is-paid",
            "partial-refunds/refund-is-true",
        }
    )

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        if reply.trouble is None and reply.status != 200:
            return super().refund_unknown(order, reply)
        return self.book.change(order, **self.not_refunded(order)) or self.find(order.id)

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        return super().money_back(order, found) if order.status is Status.REFUNDING else {}


class TakesServerErrorForRefusedRefund(Shop):
    """A cancel answered by a 5xx counts as refused, and so does the answer that it was done before."""

    own = frozenset(
        {
            "cancelled-elsewhere/paid-is-paid",
            "cancelled-elsewhere/refund-is-true",
            "lost-refund/paid-is-paid",
            "lost-refund/refund-is-true",
        }
    )

    undecided = Shop.undecided - {"ALREADY_CANCELED_PAYMENT", "ALREADY_CANCELED"}

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        return (
            self.refund_refused(order, reply) if reply.status >= 500 else super().refund_unknown(order, reply)
        )

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        return self.book.change(order, **self.not_refunded(order)) or self.find(order.id)

    def reconcile_order(self, order: Order) -> None:
        if order.status not in HAS_MONEY:
            super().reconcile_order(order)


class _RecordsBlindly(Shop):
    """Can write a refund down whatever the provider says of it."""

    def record_blindly(self, order: Order) -> Order:
        """Add what is being refunded to what was refunded."""
        refunded = order.refunded + (order.refund.amount if order.refund else 0)
        status = Status.REFUNDED if refunded >= order.amount else Status.PARTLY_REFUNDED
        return self.book.overwrite(order.id, status=status, refunded=refunded, refund=None)


class RecordsRefundFirst(_RecordsBlindly):
    """Writes the refund down before the provider is asked, and never looks at the answer."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "failing-work/refund-is-true",
            "lost-refund/money-not-kept",
            "lost-refund/refund-is-true",
            "settled-refund/money-not-kept",
            "settled-refund/refund-is-true",
        }
    )

    def try_refund(self, order: Order) -> Order:
        refund = order.refund
        if refund is None:
            return order
        self.send_cancel(order, refund)
        return self.record_blindly(order)


class RecordsRefusedRefund(_RecordsBlindly):
    """A cancel that the provider refuses is written down as refunded."""

    own = frozenset({"settled-refund/money-not-kept", "settled-refund/refund-is-true"})

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        return self.record_blindly(order)


class RecordsUnansweredRefund(_RecordsBlindly):
    """A cancel that failed at the provider, or was never answered, is written down as refunded."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "failing-work/refund-is-true",
            "lost-refund/money-not-kept",
            "lost-refund/refund-is-true",
        }
    )

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        return self.record_blindly(order)


class TakesCanceledForFailure(Shop):
    """ALREADY_CANCELED_PAYMENT to a repeated cancel counts as a refusal, without a look-up."""

    own = frozenset(
        {
            "cancelled-elsewhere/paid-is-paid",
            "cancelled-elsewhere/refund-is-true",
            "lost-refund/paid-is-paid",
            "lost-refund/refund-is-true",
            "partial-refunds/refunded-once",
        }
    )

    undecided = Shop.undecided - {"ALREADY_CANCELED_PAYMENT", "ALREADY_CANCELED"}

    def cancel_key(self, order: Order, refund: Refund) -> str | None:
        return None

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        return order

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        return self.book.change(order, **self.not_refunded(order)) or self.find(order.id)

    def reconcile_order(self, order: Order) -> None:
        if order.status not in HAS_MONEY:
            super().reconcile_order(order)


class RepeatsRefundUnderNewKey(Shop):
    """Sends a cancel again under a new key when no answer came: a part goes back twice."""

    own = frozenset(
        {"cancelled-elsewhere/order-settles", "lost-refund/order-settles", "partial-refunds/refunded-once"}
    )

    def cancel_key(self, order: Order, refund: Refund) -> str | None:
        return uuid.uuid4().hex

    def refund_unknown(self, order: Order, reply: Reply) -> Order:
        return order


class LetsRefundsRace(Shop):
    """Checks the balance, cancels, and then writes the balance down: the last of two refunds wins."""

    own = frozenset(
        {
            "failing-work/paid-is-paid",
            "lost-refund/paid-is-paid",
            "partial-refunds/paid-is-paid",
            "racing-refunds/paid-is-paid",
            "racing-webhook/paid-is-paid",
        }
    )

    def claim_refund(self, order: Order, refund: Refund) -> Order:
        if order.status not in HAS_MONEY:
            raise RefusedError(409, f"the order is {order.status}")
        self.check_amount(order, refund)
        return order

    def carry_out(self, order: Order) -> Order:
        return order

    def refund(self, order_id: str, amount: int | None, reason: str) -> Order:
        order = self.find(order_id)
        refund = Refund(order.left if amount is None else amount, reason)
        claimed = self.claim_refund(order, refund)
        time.sleep(WINDOW)
        if self.send_cancel(claimed, refund).status != 200:
            return super().refund(order_id, amount, reason)
        return self.book.overwrite(order_id, refunded=order.refunded + refund.amount)


class RefundsWithoutLimit(Shop):
    """Asks for any amount, and writes it down as refunded even if the provider has not that much."""

    own = frozenset({"partial-refunds/money-not-kept", "partial-refunds/refund-is-true"})

    def check_amount(self, order: Order, refund: Refund) -> None:
        """Check nothing."""

    def refund_refused(self, order: Order, reply: Reply) -> Order:
        if order.refund is None or "AMOUNT" not in reply.code:
            return super().refund_refused(order, reply)
        refunded = order.refunded + order.refund.amount
        return self.book.overwrite(order.id, status=Status.REFUNDED, refunded=refunded, refund=None)


class TakesPartForWhole(Shop):
    """A refund of a part makes the whole order refunded, and the rest stays with the provider."""

    own = frozenset(
        {
            "cancelled-elsewhere/money-not-kept",
            "partial-refunds/money-not-kept",
            "racing-refunds/money-not-kept",
        }
    )

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        new = super().money_back(order, found)
        return new | {"status": Status.REFUNDED} if new.get("status") is Status.PARTLY_REFUNDED else new


class RefundsAllForAPart(Shop):
    """Leaves the amount out of a cancel, so all of the money goes back for a part."""

    own = frozenset({"partial-refunds/refunded-once"})

    def send_cancel(self, order: Order, refund: Refund) -> Reply:
        assert order.payment_key is not None
        return self.provider.cancel(order.payment_key, None, refund.reason, self.cancel_key(order, refund))


class RoundsRefundsUp(Shop):
    """Gives parts back in whole thousands, rounded up."""

    own = frozenset({"partial-refunds/refunded-once"})

    def refund(self, order_id: str, amount: int | None, reason: str) -> Order:
        rounded = None if amount is None else -(-amount // 1000) * 1000
        left = self.find(order_id).left
        return super().refund(order_id, rounded and min(rounded, left), reason)


class ForgetsStuckRefund(Shop):
    """Never carries a refund on that met an outage."""

    own = frozenset({"failing-work/order-settles"})

    def reconcile_order(self, order: Order) -> None:
        if order.status is not Status.REFUNDING:
            super().reconcile_order(order)


class IgnoresCancelElsewhere(Shop):
    """Takes a paid order for paid for good, though the payment was canceled in the console."""

    own = frozenset({"cancelled-elsewhere/paid-is-paid", "cancelled-elsewhere/refund-is-true"})

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        return super().money_back(order, found) if order.status is Status.REFUNDING else {}


class IgnoresPartCanceledElsewhere(Shop):
    """Hears of whole cancels from the console, and of no parts."""

    own = frozenset({"cancelled-elsewhere/paid-is-paid", "cancelled-elsewhere/refund-is-true"})

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        is_part = found.verdict is Verdict.PAID and order.status is not Status.REFUNDING
        return {} if is_part else super().money_back(order, found)
