"""Settle what was left unknown, by look-ups alone: nothing here charges or refunds."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from payments_mock.kiosk.lifecycle import UNRESOLVED, OrderEvent, OrderStatus
from payments_mock.kiosk.orders.book import OrderBook
from payments_mock.kiosk.orders.leases import Lease, Leases
from payments_mock.kiosk.orders.payments import PaymentDesk
from payments_mock.kiosk.orders.refunds import RefundDesk
from payments_mock.kiosk.provider.answers import ProviderPayment
from payments_mock.kiosk.provider.client import ProviderClient
from payments_mock.kiosk.provider.toss_contract import WAITING
from payments_mock.kiosk.tables import Order

log = logging.getLogger(__name__)

CANCELED = "CANCELED"
CANCELED_ELSEWHERE = "CANCELED_AT_PROVIDER"
"""The reason of a refund that the provider was told by somebody else."""

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

        When the provider cannot tell, the order stays as it is. Raises ``OrderNotFoundError``.
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
        answer, or somebody is acting on the order. Raises ``OrderNotFoundError``.
        """
        status = self._book.find(order_id).status
        if status not in self._look_again:
            return True
        lease = self._leases.take_over(order_id, status)
        return lease is not None and self._look_again[status](lease)
