"""Pay an order: create and confirm at the provider; the sale is final only after approval.

Why nobody is charged twice: one payment key can be charged once, however often it is confirmed, and an
order gets another key only after the provider refused the one before. What is unknown is asked first.
"""

import logging

from payments_mock.kiosk.errors import (
    OrderNotPayableError,
    PressFailure,
    WindowRequiredError,
    payment_refused,
    provider_unavailable,
)
from payments_mock.kiosk.lifecycle import OrderEvent, OrderStatus, PaymentStatus
from payments_mock.kiosk.orders.book import OrderBook, PressResult
from payments_mock.kiosk.orders.leases import Lease, Leases
from payments_mock.kiosk.provider.answers import (
    Approved,
    Created,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
    describe,
    is_approved,
)
from payments_mock.kiosk.provider.client import ProviderClient
from payments_mock.kiosk.tables import Order, PaymentAttempt

log = logging.getLogger(__name__)

DEAD_STATUSES = frozenset({"CANCELED", "ABORTED", "EXPIRED"})
"""The statuses of a payment that charges nobody and never will."""

MISSING_CODES = frozenset({"NOT_FOUND", "NOT_FOUND_PAYMENT"})
"""The provider's answer to a look-up of a payment that it does not know."""


class PaymentDesk:
    """Takes payments for orders."""

    def __init__(self, book: OrderBook, leases: Leases, provider: ProviderClient) -> None:
        self._book = book
        self._leases = leases
        self._provider = provider

    def pay(self, order_id: str, payment_key: str | None = None) -> PressResult:
        """Charge the order, once, however often this is called.

        `payment_key` is of the payment that the shopper authenticated in the provider's window; without
        it, the kiosk makes the payment itself where the contract lets it. The order is PAID afterwards, or
        OPEN with a failure, or PENDING: then the outcome is not known yet, or another press is at work.

        Raises:
            OrderNotFoundError, OutOfStockError, SeatTakenError, PaymentKeyInUseError,
            WindowRequiredError: as named.
            OrderNotPayableError: it is refunded, or paid by another payment.
        """
        order = self._book.find(order_id)
        self._refuse(order, payment_key)
        over = _refused_before(order, payment_key)
        if over is not None:
            return PressResult(order, over)
        lease = self._leases.begin(order_id, OrderEvent.PAY, payment_key=payment_key)
        if lease is None:
            lease = self._leases.take_over(order_id, OrderStatus.PENDING)
        if lease is None:
            return PressResult(self._book.find(order_id))
        if payment_key not in {None, lease.payment.payment_key}:
            return self._after_the_other(lease, payment_key)
        if lease.payment.status is PaymentStatus.SENT:
            return self._resume(lease)
        return self._charge(lease)

    def look_again(self, lease: Lease) -> bool:
        """Settle a PENDING order by asking what became of its payment; this never charges.

        False when the provider could not tell.
        """
        if lease.payment.status is PaymentStatus.READY:
            # Left behind by a crash before the confirm: nothing can have been charged.
            return self._leases.settle(lease, OrderEvent.NOT_CHARGED, {})
        return self._ask(lease)

    def _ask(self, lease: Lease) -> bool:
        found = self._provider.find(lease.charge)
        if _is_missing(found):
            return self._leases.settle(lease, OrderEvent.NOT_CHARGED, {})
        if self._settled_by(found, lease):
            return True
        self._leave(lease, found)
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

    def _after_the_other(self, lease: Lease, payment_key: str | None) -> PressResult:
        # Two windows were open for one order: as long as the first payment may charge, the second does not.
        self.look_again(lease)
        order = self._book.find(lease.order.id)
        return PressResult(order) if order.status is OrderStatus.PENDING else self.pay(order.id, payment_key)

    def _resume(self, lease: Lease) -> PressResult:
        found = self._provider.find(lease.charge)
        if self._settled_by(found, lease):
            return self._outcome_of_look_up(lease.order.id)
        if isinstance(found, ProviderPayment) or _is_missing(found):
            # Not charged so far: the same key again, which charges once even if the first confirm is
            # still on its way.
            return self._charge(lease) if self._leases.prolong(lease) else self._now(lease)
        self._leave(lease, found)
        return self._now(lease)

    def _charge(self, lease: Lease) -> PressResult:
        first = lease.payment.status is PaymentStatus.READY
        created = self._provider.create(lease.charge)
        if not isinstance(created, Created):
            return self._not_reached(lease, created, first)
        if not self._leases.mark_sent(lease):
            return self._now(lease)
        return self._confirm(lease, first)

    def _confirm(self, lease: Lease, first: bool) -> PressResult:
        confirmed = self._provider.confirm(lease.charge)
        if isinstance(confirmed, Approved):
            self._leases.settle(lease, OrderEvent.APPROVED, _facts(confirmed.payment))
            return self._now(lease)
        if isinstance(confirmed, Refused):
            self._close(lease, confirmed.code, confirmed.message)
            return self._now(lease, payment_refused(confirmed.code, confirmed.message))
        if isinstance(confirmed, Unknown) and confirmed.is_done_before and self._leases.prolong(lease):
            self._ask(lease)
            return self._outcome_of_look_up(lease.order.id)
        return self._not_reached(lease, confirmed, first and isinstance(confirmed, NotSent))

    def _not_reached(
        self, lease: Lease, answer: Refused | NotSent | Unknown, nothing_sent: bool
    ) -> PressResult:
        if not nothing_sent:
            self._leave(lease, answer)
            return self._now(lease)
        self._leases.settle(lease, OrderEvent.NOT_CHARGED, {})
        log.warning("order %s: not charged: %s", lease.order.id, describe(answer))
        return self._now(lease, provider_unavailable(answer, "nothing was charged"))

    def _settled_by(self, found: ProviderPayment | Refused | NotSent | Unknown, lease: Lease) -> bool:
        if not isinstance(found, ProviderPayment):
            return False
        if is_approved(found):
            return self._leases.settle(lease, OrderEvent.APPROVED, _facts(found))
        if found.status in DEAD_STATUSES:
            self._close(lease, found.status, "the provider has closed this payment")
            return True
        return False

    def _close(self, lease: Lease, code: str, message: str) -> None:
        facts = {"failure_code": code, "failure_message": message}
        self._leases.settle(lease, OrderEvent.REFUSED, facts)

    def _leave(self, lease: Lease, answer: ProviderPayment | Refused | NotSent | Unknown) -> None:
        log.warning("order %s: the outcome of the payment is unknown: %s", lease.order.id, describe(answer))
        self._leases.give_up(lease)

    def _outcome_of_look_up(self, order_id: str) -> PressResult:
        order = self._book.find(order_id)
        payment = order.payments[-1]
        return PressResult(order, _refusal_of(payment) if payment.status is PaymentStatus.REFUSED else None)

    def _now(self, lease: Lease, failure: PressFailure | None = None) -> PressResult:
        return PressResult(self._book.find(lease.order.id), failure)


def _refused_before(order: Order, payment_key: str | None) -> PressFailure | None:
    for payment in order.payments:
        if payment.payment_key == payment_key and payment.status is PaymentStatus.REFUSED:
            return _refusal_of(payment)
    return None


def _refusal_of(payment: PaymentAttempt) -> PressFailure:
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
