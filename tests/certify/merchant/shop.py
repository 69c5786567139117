"""The whole merchant: orders, payments, refunds, webhooks, and the job that finds out what is unknown."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar, Final

from tests.certify.merchant.charging import RefusedError
from tests.certify.merchant.orders import HAS_MONEY, PLENTY, PRICES, Order, SoldOutError, Status
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.refunding import Refunding

SIGNING_KEY: Final = "the-shop-s-security-key"
SIGNED_EVENTS: Final = frozenset({"payout.changed", "seller.changed"})
SIGNATURE: Final = "tosspayments-webhook-signature"
SENT_AT: Final = "tosspayments-webhook-transmission-time"


class Shop(Refunding):
    """A merchant that gets all of it right; each mutant gets one thing wrong."""

    looks_again_after: ClassVar[float] = 3.0
    """Seconds for which the job leaves a paid order alone that it has looked at."""

    contract: ClassVar[str] = "toss"
    """On which contract a mutant shows what is wrong with it."""

    order_at_provider: ClassVar[str] = "{orderId}"
    """The order ids under which its description says that it charges."""

    own: ClassVar[frozenset[str]] = frozenset()
    """The checks that a mutant fails; a sound merchant fails none."""

    can_miss: ClassVar[bool] = False
    """Whether a mutant may miss what a scenario is about, as when it fails an order before the deposit."""

    def place(self, item: str = PLENTY, shopper: str = "") -> Order:
        """Take an order; the price is the shop's own. Raises RefusedError."""
        if item not in PRICES:
            raise RefusedError(404, f"{item} is not for sale")
        order = Order(item, PRICES[item], shopper)
        try:
            return self.book.add(self.new_order(order))
        except SoldOutError:
            raise RefusedError(409, "sold out") from None

    def new_order(self, order: Order) -> Order:
        """Say what a new order has; nothing is set aside before somebody pays."""
        return order

    # Webhooks.

    def hear(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        """Take a webhook, and return the HTTP status of the answer: 503 has it come again."""
        if not self.is_genuine(body, event, headers):
            return 401
        order = self.order_of_event(event)
        if order is None:
            return self.answer_for_stranger(event)
        return self.take_hint(order, event)

    def is_genuine(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        """Check the signature of those events that have one; payment events have none."""
        if event.get("eventType") not in SIGNED_EVENTS:
            return True
        return self.has_signature(body, headers)

    def has_signature(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether any of the signatures fits the bytes as they came."""
        signed = body + b":" + headers.get(SENT_AT, "").encode()
        expected = hmac.new(SIGNING_KEY.encode(), signed, hashlib.sha256).digest()
        right = f"v1:{base64.b64encode(expected).decode()}"
        return any(hmac.compare_digest(right, one) for one in self.signatures(headers))

    def signatures(self, headers: Mapping[str, str]) -> list[str]:
        """Return the signatures that came with an event."""
        return [one.strip() for one in headers.get(SIGNATURE, "").split(",")]

    def order_of_event(self, event: Mapping[str, Any]) -> Order | None:
        """Find the order that an event names; a deposit callback names it at its top."""
        data = event.get("data")
        told = data.get("orderId") if isinstance(data, dict) else event.get("orderId")
        return self.book.find(told) if isinstance(told, str) else None

    def answer_for_stranger(self, event: Mapping[str, Any]) -> int:
        """Answer an event about nothing of ours, or of a kind that we do not know."""
        return 200

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        """Look up what became of the order's payment; nothing else of the event is believed."""
        order, found = self.refreshed(order.id)
        if order.status is Status.REFUNDING:
            order = self.carry_out(order)
        return 503 if found.verdict is Verdict.UNKNOWN else 200

    # The job.

    def reconcile(self) -> None:
        """Find out what is unknown, carry on what was begun, and see what others canceled."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.reconcile_order, self.book.all()))

    def reconcile_order(self, order: Order) -> None:
        """Carry one order on, by one attempt."""
        if order.id in self.in_hand:
            return
        if order.status is Status.PENDING:
            self.reconcile_pending(order)
        elif order.status is Status.REFUNDING:
            self.try_refund(order)
        elif order.status in HAS_MONEY and self.is_to_be_looked_at(order):
            self.refresh(order.id)

    def is_to_be_looked_at(self, order: Order) -> bool:
        """Tell whether it is some time that the job last looked at a paid order."""
        now = time.monotonic()
        if now - self.looked_at.get(order.id, 0.0) < self.looks_again_after:
            return False
        self.looked_at[order.id] = now
        return True

    def reconcile_pending(self, order: Order) -> None:
        """Look an unknown payment up; a confirm that never arrived is sent again."""
        order, found = self.refreshed(order.id)
        if order.status is Status.PENDING and found.verdict is Verdict.UNDER_WAY:
            self.record_charge(order, self.attempt(order))

    # Shapes of a sound merchant, as its pages show it.

    def show(self, order: Order) -> dict[str, Any]:
        """Show an order."""
        return {
            "orderId": order.id,
            "amount": order.amount,
            "status": order.status,
            "refundedAmount": order.refunded,
            "delivered": order.delivered,
        }


class StockAtOrder(Shop):
    """Sets the piece aside as soon as the order is placed."""

    def new_order(self, order: Order) -> Order:
        return replace(order, has_piece=True)

    def piece_while_open(self, order: Order) -> bool:
        return True


class StockAfterCharge(Shop):
    """Takes the piece when the order is paid, and gives the money back if there is none."""

    sets_aside_at_charge = False


class RefusesSecondPress(Shop):
    """Refuses a press on an order that is not open, instead of joining it."""

    def second_press(self, order_id: str, payment_key: str) -> Order:
        raise RefusedError(409, "the order is being paid, or was")


class UndoesTheUnknown(Shop):
    """Gives the money of a charge back whose answer was lost, instead of selling after all."""

    def attempt(self, order: Order) -> Found:
        found = self.read_confirm(order, self.send_confirm(order))
        if found.verdict is not Verdict.UNKNOWN:
            return found
        self.book.change(order, is_unwanted=True)
        return self.look_up(order)


SHAPES: Final[dict[str, type[Shop]]] = {
    "sound": Shop,
    "stock-at-order": StockAtOrder,
    "stock-after-charge": StockAfterCharge,
    "refuses-second-press": RefusesSecondPress,
    "undoes-the-unknown": UndoesTheUnknown,
}
"""The sound merchants. `sound` sets the piece aside at the charge, and joins a second press."""
