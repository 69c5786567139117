"""Refund an order, and settle a payment whose outcome is unknown."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from payments_mock.kiosk.errors import (
    OrderNotRefundableError,
    PressFailure,
    provider_unavailable,
    refund_refused,
)
from payments_mock.kiosk.lifecycle import DEFAULT_REASON, UNRESOLVED, OrderEvent, OrderStatus
from payments_mock.kiosk.orders.book import OrderBook, PressResult
from payments_mock.kiosk.orders.leases import Lease, Leases
from payments_mock.kiosk.orders.payments import PaymentDesk
from payments_mock.kiosk.provider.answers import (
    Canceled,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
    describe,
)
from payments_mock.kiosk.provider.client import ProviderClient
from payments_mock.kiosk.provider.toss_contract import WAITING
from payments_mock.kiosk.tables import Order

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

        Raises:
            OrderNotFoundError: there is no such order.
            OrderNotRefundableError: the order is not paid.
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


CANCELED = "CANCELED"
CANCELED_ELSEWHERE = "CANCELED_AT_PROVIDER"
"""The reason of a refund that somebody else asked the provider for."""

UNPAID: Mapping[str, object] = MappingProxyType({"approved_at": None, "receipt_url": None})
"""What is known of a payment whose deposit was taken back."""


class SaleDesk:
    """Looks after orders that are paid."""

    def __init__(self, leases: Leases, provider: ProviderClient, refunds: RefundDesk) -> None:
        self._leases = leases
        self._provider = provider
        self._refunds = refunds

    def look_again(self, lease: Lease) -> bool:
        """Let a PAID order follow its payment where that is paid no more; this charges and cancels nothing.

        False when the provider could not tell, or somebody refunds the order at the same moment.
        """
        found = self._provider.find(lease.charge)
        status = found.status if isinstance(found, ProviderPayment) else None
        if status == WAITING:
            log.warning("order %s: the bank took the deposit back", lease.order.id)
            return self._leases.settle(lease, OrderEvent.REVERSED, UNPAID)
        if status == CANCELED:
            refund = self._leases.begin(lease.order.id, OrderEvent.REFUND, CANCELED_ELSEWHERE)
            return refund is not None and self._refunds.look_again(refund)
        self._leases.give_up(lease)
        return status is not None


class Resolver:
    """Asks the provider about orders whose outcome is unknown, or that it says something happened to."""

    def __init__(
        self,
        book: OrderBook,
        leases: Leases,
        payments: PaymentDesk,
        refunds: RefundDesk,
        sales: SaleDesk,
    ) -> None:
        self._book = book
        self._leases = leases
        self._look_again = {
            OrderStatus.PENDING: payments.look_again,
            OrderStatus.REFUND_PENDING: refunds.look_again,
            OrderStatus.PAID: sales.look_again,
        }

    def resolve(self, order_id: str) -> Order:
        """Return the order, after a look-up when it is unresolved and nobody is acting on it.

        When the provider cannot tell, the order stays as it is.

        Raises:
            OrderNotFoundError: there is no such order.
        """
        order = self._book.find(order_id)
        if order.status not in UNRESOLVED:
            return order
        lease = self._leases.take_over(order_id, order.status)
        if lease is not None:
            self._look_again[order.status](lease)
        return self._book.find(order_id)

    def hear_of(self, order_id: str) -> bool:
        """Ask the provider about an order because somebody said that something happened to it.

        Whoever it was is believed nothing else. False when nobody can tell now: the provider does not
        answer, or somebody is acting on the order.

        Raises:
            OrderNotFoundError: there is no such order.
        """
        status = self._book.find(order_id).status
        if status not in self._look_again:
            return True
        lease = self._leases.take_over(order_id, status)
        return lease is not None and self._look_again[status](lease)
