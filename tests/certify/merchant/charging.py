"""Charging an order: one attempt at a time, and never twice."""

import time
import uuid
from typing import Any, ClassVar, NamedTuple

from tests.certify.merchant.orders import HAS_MONEY, Book, Order, Refund, SoldOutError, Status
from tests.certify.merchant.provider import Provider, Reply
from tests.certify.merchant.reading import Found, Reading, Verdict


class RefusedError(Exception):
    """The merchant says no, with an HTTP status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Redirect(NamedTuple):
    """What the shopper's browser brings back from the window; any of it may be made up."""

    payment_key: str
    order_id: str
    amount: int


UNSETTLED = frozenset({Verdict.UNKNOWN, Verdict.UNDER_WAY})


class Charging(Reading):
    """Charges orders, and finds out what became of that."""

    pauses: ClassVar[tuple[float, ...]] = (0.1, 0.4)
    """Seconds between attempts while the outcome is unknown; then the order stays pending."""

    sets_aside_at_charge: ClassVar[bool] = True
    """Whether a piece is reserved for the one who pays."""

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        self.provider = provider
        self.has_window = has_window
        self.book = Book()
        self.looked_at: dict[str, float] = {}
        """When the job last looked at a paid order."""
        self.in_hand: list[str] = []
        """The orders that a shopper waits for just now, which the job leaves alone."""

    def find(self, order_id: str) -> Order:
        """Return an order; raises RefusedError."""
        order = self.book.find(order_id)
        if order is None:
            raise RefusedError(404, "there is no such order")
        return order

    def returned(self, redirect: Redirect) -> Order:
        """Charge what the shopper agreed to in the window; raises RefusedError."""
        order = self.order_of(redirect)
        self.check_redirect(order, redirect)
        return self.press(order, redirect.payment_key)

    def pay(self, order_id: str) -> Order:
        """Charge an order on the kiosk contract; raises RefusedError."""
        order = self.find(order_id)
        return self.press(order, order.payment_key or self.new_payment_key(order))

    def order_of(self, redirect: Redirect) -> Order:
        """Find the order that the shopper came back for."""
        return self.find(redirect.order_id)

    def check_redirect(self, order: Order, redirect: Redirect) -> None:
        """Compare what the browser says with what was written down; raises RefusedError."""
        if redirect.amount != order.amount:
            raise RefusedError(409, f"the order costs {order.amount} won")
        if self.book.payment_is_known(redirect.payment_key, order):
            raise RefusedError(409, "this payment is for another order")

    def press(self, order: Order, payment_key: str) -> Order:
        """Begin to charge, or join a charge that is under way."""
        self.in_hand.append(order.id)
        try:
            claimed = self.claim(order, payment_key)
            return self.second_press(order.id, payment_key) if claimed is None else self.charge(claimed)
        finally:
            self.in_hand.remove(order.id)

    def claim(self, order: Order, payment_key: str) -> Order | None:
        """Make the order pending, and set a piece aside; None if it is not open any more."""
        if order.status is not Status.OPEN:
            return None
        try:
            return self.book.change(
                order,
                status=Status.PENDING,
                payment_key=payment_key,
                has_piece=order.has_piece or self.sets_aside_at_charge,
            )
        except SoldOutError:
            raise RefusedError(409, "sold out") from None

    def piece_while_open(self, order: Order) -> bool:
        """Tell whether an order keeps its piece when an attempt has failed."""
        return False

    def second_press(self, order_id: str, payment_key: str) -> Order:
        """Answer a press while the order is not open: the same attempt is joined, another refused."""
        order = self.refresh(order_id)
        if order.status is Status.OPEN:
            claimed = self.claim(order, payment_key)
            return self.refresh(order_id) if claimed is None else self.charge(claimed)
        if order.payment_key != payment_key:
            raise RefusedError(409, f"the order is {order.status}")
        return self.charge(order) if order.status is Status.PENDING else order

    def charge(self, order: Order) -> Order:
        """Confirm, and ask until it is known how that ended, or patience is over."""
        if not self.has_window:
            self.create(order)
        found = self.attempt(order)
        for pause in self.pauses:
            if found.verdict not in UNSETTLED:
                break
            time.sleep(pause)
            found = self.attempt(order)
        return self.record_charge(order, found)

    def attempt(self, order: Order) -> Found:
        """Confirm once; whatever the answer leaves open, a look-up may tell."""
        found = self.read_confirm(order, self.send_confirm(order))
        return self.look_up(order) if found.verdict is Verdict.UNKNOWN else found

    def send_confirm(self, order: Order) -> Reply:
        """Confirm at the provider, with the merchant's own amount."""
        assert order.payment_key is not None
        key = self.confirm_key(order)
        return self.provider.confirm(order.payment_key, order.provider_id, order.amount, key)

    def create(self, order: Order) -> None:
        """Make the payment known, on the kiosk contract; whether that worked, the confirm tells."""
        assert order.payment_key is not None
        self.provider.create(order.payment_key, order.provider_id, order.amount)

    def new_payment_key(self, order: Order) -> str:
        """Make the key of a new attempt, on the kiosk contract."""
        return f"pay-{uuid.uuid4().hex}"

    def confirm_key(self, order: Order) -> str | None:
        """Make the idempotency key: the same for a repeated attempt, another for another attempt."""
        return f"{order.id}:{order.payment_key}"

    def look_up(self, order: Order) -> Found:
        """Ask what became of the order's payment."""
        assert order.payment_key is not None
        return self.read_look_up(order, self.provider.find(order.payment_key))

    def record_charge(self, order: Order, found: Found) -> Order:
        """Write down how a charge ended, unless somebody else was first; then look again."""
        return self.record(order, found) or self.refresh(order.id)

    def refresh(self, order_id: str) -> Order:
        """Look an order's payment up, and write down what that tells."""
        return self.refreshed(order_id)[0]

    def refreshed(self, order_id: str) -> tuple[Order, Found]:
        """Look an order's payment up until nobody changed the order meanwhile."""
        while True:
            order = self.find(order_id)
            if order.payment_key is None:
                return order, Found(Verdict.UNDER_WAY)
            found = self.look_up(order)
            recorded = self.record(order, found)
            if recorded is not None:
                return recorded, found

    def record(self, order: Order, found: Found) -> Order | None:
        """Write down what was found out about an order as it was seen; None if it is another by now."""
        new = self.changes(order, found)
        if not new:
            return order if self.find(order.id).version == order.version else None
        try:
            return self.book.change(order, **new)
        except SoldOutError:
            return self.book.change(order, **self.sold_out(order))

    def changes(self, order: Order, found: Found) -> dict[str, Any]:
        """Say what changes in an order by what was found; nothing, if it says nothing new."""
        if order.status is Status.PENDING:
            return self.changes_of_pending(order, found)
        if order.status in HAS_MONEY and found.verdict is Verdict.AWAITED:
            return self.deposit_taken_back(order)
        if found.verdict in (Verdict.PAID, Verdict.CANCELED):
            return self.money_back(order, found)
        return {}

    def changes_of_pending(self, order: Order, found: Found) -> dict[str, Any]:
        """Say how an order goes on that waited for its payment."""
        if found.verdict is Verdict.PAID:
            return self.paid(order) | self.money_back(order, found)
        if found.verdict is Verdict.CANCELED:
            return {"status": Status.REFUNDED, "refunded": order.amount, "has_piece": False}
        if found.verdict is Verdict.OVER:
            return self.attempt_over(order)
        return {}

    def paid(self, order: Order) -> dict[str, Any]:
        """Sell: the goods are delivered with the change that makes the order paid, and only there."""
        if order.is_unwanted:
            return self.sold_out(order)
        return {"status": Status.PAID, "has_piece": True, "delivered": order.delivered + 1}

    def attempt_over(self, order: Order) -> dict[str, Any]:
        """Let the shopper try again."""
        return {"status": Status.OPEN, "payment_key": None, "has_piece": self.piece_while_open(order)}

    def sold_out(self, order: Order) -> dict[str, Any]:
        """Give the money back, as there is nothing to deliver."""
        return {"status": Status.REFUNDING, "refund": Refund(order.left, "sold out")}

    def deposit_taken_back(self, order: Order) -> dict[str, Any]:
        """Wait for the next deposit; the goods are called back."""
        return {"status": Status.PENDING, "delivered": order.delivered - 1}

    def money_back(self, order: Order, found: Found) -> dict[str, Any]:
        """Record what went back, by anybody; it never returns."""
        if order.payment_key is None or found.refunded <= order.refunded:
            return {}
        if found.refunded >= order.amount:
            done = {"status": Status.REFUNDED, "has_piece": False, "refund": None}
            return {"refunded": order.amount} | done
        if order.refund is not None and found.refunded < order.refunded + order.refund.amount:
            return {}
        return {"refunded": found.refunded, "status": Status.PARTLY_REFUNDED, "refund": None}
