"""Refund an order: cancel at the provider; the goods return to stock only after it has canceled.

The provider cancels a payment in full or not at all, so a cancel whose answer was lost may be sent
again: the second one is refused, and a look-up tells that the first one worked.
"""

import logging

from payments_mock.kiosk.errors import (
    OrderNotRefundableError,
    PressFailure,
    provider_unavailable,
    refund_refused,
)
from payments_mock.kiosk.lifecycle import DEFAULT_REASON, OrderEvent, OrderStatus
from payments_mock.kiosk.orders.book import OrderBook, PressResult
from payments_mock.kiosk.orders.leases import Lease, Leases
from payments_mock.kiosk.provider.answers import (
    Canceled,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
    describe,
)
from payments_mock.kiosk.provider.client import ProviderClient

log = logging.getLogger(__name__)


class RefundDesk:
    """Gives money back for orders."""

    def __init__(self, book: OrderBook, leases: Leases, provider: ProviderClient) -> None:
        self._book = book
        self._leases = leases
        self._provider = provider

    def refund(self, order_id: str, reason: str) -> PressResult:
        """Give all of the order's money back, once, however often this is called.

        The order is REFUNDED afterwards, or PAID with a failure, or REFUND_PENDING: then the outcome is
        not known yet, or another press is at work.

        Raises ``OrderNotFoundError``, and ``OrderNotRefundableError`` for an order that is not paid.
        """
        order = self._book.find(order_id)
        if order.status in {OrderStatus.OPEN, OrderStatus.PENDING}:
            raise OrderNotRefundableError(
                f"Order {order_id} is {order.status}; only a paid order can be refunded."
            )
        lease = self._leases.begin(order_id, OrderEvent.REFUND, reason)
        if lease is not None:
            return self._cancel(lease, first=True)
        lease = self._leases.take_over(order_id, OrderStatus.REFUND_PENDING)
        if lease is None:
            return PressResult(self._book.find(order_id))
        return self._resume(lease)

    def look_again(self, lease: Lease) -> bool:
        """Settle a REFUND_PENDING order by asking what became of its payment; this never cancels.

        False when the provider could not tell.
        """
        found = self._provider.find(lease.charge)
        if self._settled_by(found, lease):
            return True
        self._leave(lease, found)
        return isinstance(found, ProviderPayment)

    def _resume(self, lease: Lease) -> PressResult:
        found = self._provider.find(lease.charge)
        if self._settled_by(found, lease):
            return self._now(lease)
        if isinstance(found, ProviderPayment | Refused) and self._leases.prolong(lease):
            return self._cancel(lease, first=False)
        self._leave(lease, found)
        return self._now(lease)

    def _cancel(self, lease: Lease, *, first: bool) -> PressResult:
        answer = self._provider.cancel(lease.charge, lease.order.refund_reason or DEFAULT_REASON, lease.token)
        if isinstance(answer, Canceled):
            self._leases.settle(lease, OrderEvent.CANCELED, {"canceled_at": answer.canceled_at})
            return self._now(lease)
        if isinstance(answer, Refused):
            return self._refused(lease, answer)
        if isinstance(answer, Unknown) and answer.is_done_before and self._leases.prolong(lease):
            self.look_again(lease)
            return self._now(lease)
        if isinstance(answer, NotSent) and first:
            return self._not_refunded(lease, provider_unavailable(answer, "nothing was refunded"))
        self._leave(lease, answer)
        return self._now(lease)

    def _refused(self, lease: Lease, refused: Refused) -> PressResult:
        if refused.code != "ALREADY_CANCELED":
            return self._not_refunded(lease, refund_refused(refused))
        if self._leases.prolong(lease):
            self.look_again(lease)
        return self._now(lease)

    def _not_refunded(self, lease: Lease, failure: PressFailure) -> PressResult:
        log.warning("order %s: not refunded: %s", lease.order.id, failure.reason)
        self._leases.settle(lease, OrderEvent.NOT_REFUNDED, {})
        return self._now(lease, failure)

    def _settled_by(self, found: ProviderPayment | Refused | NotSent | Unknown, lease: Lease) -> bool:
        if not isinstance(found, ProviderPayment) or found.status != "CANCELED":
            return False
        return self._leases.settle(lease, OrderEvent.CANCELED, {"canceled_at": found.canceled_at})

    def _leave(self, lease: Lease, answer: ProviderPayment | Refused | NotSent | Unknown) -> None:
        log.warning("order %s: the outcome of the refund is unknown: %s", lease.order.id, describe(answer))
        self._leases.give_up(lease)

    def _now(self, lease: Lease, failure: PressFailure | None = None) -> PressResult:
        return PressResult(self._book.find(lease.order.id), failure)
