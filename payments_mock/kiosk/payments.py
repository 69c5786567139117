"""Pay an order: create and confirm at the provider; the sale is final only after approval.

Why nobody is charged twice: one payment key can be charged once, however often it is confirmed, and an
order gets another key only after the provider refused the one before. What is unknown is asked first.
"""

import logging

from payments_mock.kiosk.claims import Claim, Claims
from payments_mock.kiosk.errors import OrderNotPayableError, WindowRequiredError
from payments_mock.kiosk.lifecycle import Event, OrderStatus, PaymentStatus
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.outcomes import Failure, Outcome, charge_of, payment_refused, provider_unavailable
from payments_mock.kiosk.provider_answers import (
    Approved,
    Created,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
    describe,
    is_approved,
)
from payments_mock.kiosk.provider_client import ProviderClient
from payments_mock.kiosk.tables import Order, Payment

log = logging.getLogger(__name__)

DEAD_STATUSES = frozenset({"CANCELED", "ABORTED", "EXPIRED"})
"""What the provider calls a payment that charges nobody and never will."""

MISSING_CODES = frozenset({"NOT_FOUND", "NOT_FOUND_PAYMENT"})
"""What the provider says to a look-up of a payment that it has never seen."""


class PaymentDesk:
    """Takes payments for orders."""

    def __init__(self, book: OrderBook, claims: Claims, provider: ProviderClient) -> None:
        self._book = book
        self._claims = claims
        self._provider = provider

    def pay(self, order_id: str, payment_key: str | None = None) -> Outcome:
        """Charge the order, once, however often this is called.

        ``payment_key`` is of the payment that the shopper authenticated in the provider's window; without
        it, the kiosk makes the payment itself where the contract lets it. The order is PAID afterwards, or
        OPEN with a failure, or PENDING: then the outcome is not known yet, or another press is at work.

        Raises ``OrderNotFoundError``, ``OutOfStockError``, ``SeatTakenError``, ``PaymentKeyTakenError``,
        ``WindowRequiredError``, and ``OrderNotPayableError`` when refunded, or paid by another payment.
        """
        order = self._book.find(order_id)
        self._refuse(order, payment_key)
        over = _refused_before(order, payment_key)
        if over is not None:
            return Outcome(order, over)
        claim = self._claims.begin(order_id, Event.PAY, payment_key=payment_key)
        if claim is None:
            claim = self._claims.take_over(order_id, OrderStatus.PENDING)
        if claim is None:
            return Outcome(self._book.find(order_id))
        if payment_key not in {None, claim.payment.payment_key}:
            return self._after_the_other(claim, payment_key)
        if claim.payment.status is PaymentStatus.SENT:
            return self._resume(claim)
        return self._charge(claim)

    def look_again(self, claim: Claim) -> bool:
        """Settle a PENDING order by asking what became of its payment; this never charges.

        False when the provider could not tell.
        """
        if claim.payment.status is PaymentStatus.READY:
            # Left behind by a crash before the confirm: nothing can have been charged.
            return self._claims.settle(claim, Event.NOT_CHARGED, {})
        return self._ask(claim)

    def _ask(self, claim: Claim) -> bool:
        found = self._provider.find(charge_of(claim.order))
        if _is_missing(found):
            return self._claims.settle(claim, Event.NOT_CHARGED, {})
        if self._settled_by(found, claim):
            return True
        self._leave(claim, found)
        return isinstance(found, ProviderPayment)

    def _refuse(self, order: Order, payment_key: str | None) -> None:
        if order.status in {OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED}:
            raise OrderNotPayableError(f"Order {order.id} is {order.status}; place a new one.")
        if order.status is OrderStatus.PAID and payment_key not in {None, order.payments[-1].payment_key}:
            raise OrderNotPayableError(
                f"Order {order.id} is paid by another payment; this one is not charged."
            )
        if order.status is OrderStatus.OPEN and payment_key is None and self._provider.needs_window:
            raise WindowRequiredError("Open the provider's payment window, and confirm what it returns.")

    def _after_the_other(self, claim: Claim, payment_key: str | None) -> Outcome:
        # Two windows were open for one order: as long as the first payment may charge, the second does not.
        self.look_again(claim)
        order = self._book.find(claim.order.id)
        return Outcome(order) if order.status is OrderStatus.PENDING else self.pay(order.id, payment_key)

    def _resume(self, claim: Claim) -> Outcome:
        found = self._provider.find(charge_of(claim.order))
        if self._settled_by(found, claim):
            return self._outcome_of_look_up(claim.order.id)
        if isinstance(found, ProviderPayment) or _is_missing(found):
            # Not charged so far: the same key again, which charges once even if the first confirm is
            # still on its way.
            return self._charge(claim) if self._claims.prolong(claim) else self._now(claim)
        self._leave(claim, found)
        return self._now(claim)

    def _charge(self, claim: Claim) -> Outcome:
        first = claim.payment.status is PaymentStatus.READY
        created = self._provider.create(charge_of(claim.order))
        if not isinstance(created, Created):
            return self._not_reached(claim, created, first)
        if not self._claims.mark_sent(claim):
            return self._now(claim)
        return self._confirm(claim, first)

    def _confirm(self, claim: Claim, first: bool) -> Outcome:
        confirmed = self._provider.confirm(charge_of(claim.order))
        if isinstance(confirmed, Approved):
            self._claims.settle(claim, Event.APPROVED, _facts(confirmed.payment))
            return self._now(claim)
        if isinstance(confirmed, Refused):
            self._close(claim, confirmed.code, confirmed.message)
            return self._now(claim, payment_refused(confirmed.code, confirmed.message))
        if isinstance(confirmed, Unknown) and confirmed.is_done_before and self._claims.prolong(claim):
            self._ask(claim)
            return self._outcome_of_look_up(claim.order.id)
        return self._not_reached(claim, confirmed, first and isinstance(confirmed, NotSent))

    def _not_reached(self, claim: Claim, answer: Refused | NotSent | Unknown, nothing_sent: bool) -> Outcome:
        if not nothing_sent:
            self._leave(claim, answer)
            return self._now(claim)
        self._claims.settle(claim, Event.NOT_CHARGED, {})
        log.warning("order %s: not charged: %s", claim.order.id, describe(answer))
        return self._now(claim, provider_unavailable(answer, "nothing was charged"))

    def _settled_by(self, found: ProviderPayment | Refused | NotSent | Unknown, claim: Claim) -> bool:
        if not isinstance(found, ProviderPayment):
            return False
        if is_approved(found):
            return self._claims.settle(claim, Event.APPROVED, _facts(found))
        if found.status in DEAD_STATUSES:
            self._close(claim, found.status, "the provider has closed this payment")
            return True
        return False

    def _close(self, claim: Claim, code: str, message: str) -> None:
        facts = {"failure_code": code, "failure_message": message}
        self._claims.settle(claim, Event.REFUSED, facts)

    def _leave(self, claim: Claim, answer: ProviderPayment | Refused | NotSent | Unknown) -> None:
        log.warning("order %s: the outcome of the payment is unknown: %s", claim.order.id, describe(answer))
        self._claims.give_up(claim)

    def _outcome_of_look_up(self, order_id: str) -> Outcome:
        order = self._book.find(order_id)
        payment = order.payments[-1]
        return Outcome(order, _refusal_of(payment) if payment.status is PaymentStatus.REFUSED else None)

    def _now(self, claim: Claim, failure: Failure | None = None) -> Outcome:
        return Outcome(self._book.find(claim.order.id), failure)


def _refused_before(order: Order, payment_key: str | None) -> Failure | None:
    for payment in order.payments:
        if payment.payment_key == payment_key and payment.status is PaymentStatus.REFUSED:
            return _refusal_of(payment)
    return None


def _refusal_of(payment: Payment) -> Failure:
    return payment_refused(payment.failure_code or "", payment.failure_message or "")


def _is_missing(found: ProviderPayment | Refused | NotSent | Unknown) -> bool:
    return isinstance(found, Refused) and found.code in MISSING_CODES


def _facts(payment: ProviderPayment) -> dict[str, object]:
    return {
        "method": payment.method,
        "approved_at": payment.approved_at,
        "receipt_url": payment.receipt_url,
        "failure_code": None,
        "failure_message": None,
    }
