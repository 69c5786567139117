"""What an answer of the provider says of an order's payment, and when it says nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from tests.certify.merchant.orders import Order
from tests.certify.merchant.provider import Reply


class Verdict(StrEnum):
    """What is known of a payment."""

    PAID = "paid"
    AWAITED = "awaited"
    """The provider waits for a deposit."""
    UNDER_WAY = "under way"
    """Nothing was charged so far; a confirm may still be on its way."""
    OVER = "over"
    """It has no money, and never will."""
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """What was found out about a payment; `refunded` is what went back of it, in won."""

    verdict: Verdict
    refunded: int = 0


class Reading:
    """Reads answers. Only an answer that is about this very payment, order and amount says anything."""

    statuses: ClassVar[dict[str, Verdict]] = {
        "DONE": Verdict.PAID,
        "APPROVED": Verdict.PAID,
        "PARTIAL_CANCELED": Verdict.PAID,
        "CANCELED": Verdict.CANCELED,
        "WAITING_FOR_DEPOSIT": Verdict.AWAITED,
        "READY": Verdict.UNDER_WAY,
        "IN_PROGRESS": Verdict.UNDER_WAY,
        "INITIATED": Verdict.UNDER_WAY,
        "ABORTED": Verdict.OVER,
        "EXPIRED": Verdict.OVER,
    }
    """A status that is not here says nothing."""

    refusals: ClassVar[frozenset[int]] = frozenset({400, 402, 403, 404, 409, 422})
    undecided: ClassVar[frozenset[str]] = frozenset(
        {
            "",
            "ALREADY_APPROVED",
            "ALREADY_CANCELED",
            "ALREADY_CANCELED_PAYMENT",
            "ALREADY_PROCESSED_PAYMENT",
            "CARD_PROCESSING_ERROR",
            "FORBIDDEN_CONSECUTIVE_REQUEST",
            "IDEMPOTENT_REQUEST_PROCESSING",
            "INVALID_API_KEY",
            "INVALID_IDEMPOTENCY_KEY",
            "PROVIDER_ERROR",
        }
    )
    """Codes that say nothing of this payment: an earlier request may have been carried out."""

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        """Read the answer to a confirm."""
        if self.is_refusal(reply):
            return Found(Verdict.OVER)
        return self.read_payment(order, reply)

    def read_look_up(self, order: Order, reply: Reply) -> Found:
        """Read the answer to a look-up."""
        return self.read_payment(order, reply)

    def read_payment(self, order: Order, reply: Reply) -> Found:
        """Read a success, which shows the payment."""
        payment = reply.payment
        if payment is None or not self.is_about(order, payment):
            return Found(Verdict.UNKNOWN)
        verdict = self.verdict_of(payment)
        if verdict is Verdict.CANCELED and payment.get("approvedAt") is None:
            return Found(Verdict.OVER)
        return Found(verdict, self.refunded_of(payment))

    def is_refusal(self, reply: Reply) -> bool:
        """Tell whether a payment was refused for good; a gateway's error has no code of the provider."""
        return reply.status in self.refusals and reply.code not in self.undecided

    def is_about(self, order: Order, payment: dict[str, Any]) -> bool:
        """Tell whether a success is about the payment, the order and the amount that were asked about."""
        told = (payment.get("paymentKey"), payment.get("orderId"), payment.get("totalAmount"))
        return told == (order.payment_key, order.provider_id, order.amount)

    def verdict_of(self, payment: dict[str, Any]) -> Verdict:
        """Read the status; an account that has expired takes no deposit any more."""
        account = payment.get("virtualAccount") or {}
        if payment.get("status") == "WAITING_FOR_DEPOSIT" and account.get("expired"):
            return Verdict.OVER
        return self.statuses.get(str(payment.get("status")), Verdict.UNKNOWN)

    def refunded_of(self, payment: dict[str, Any]) -> int:
        """Count what went back; the kiosk contract gives all of it back, or nothing."""
        total = int(payment["totalAmount"])
        if payment.get("status") == "CANCELED":
            return total
        return total - int(payment.get("balanceAmount", total))
