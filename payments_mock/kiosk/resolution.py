"""Settle what was left unknown, by look-ups alone: nothing here charges or refunds."""

from payments_mock.kiosk.claims import Claims
from payments_mock.kiosk.lifecycle import UNRESOLVED, OrderStatus
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.payments import PaymentDesk
from payments_mock.kiosk.refunds import RefundDesk
from payments_mock.kiosk.sales import SaleDesk
from payments_mock.kiosk.tables import Order


class Resolver:
    """Asks the provider about orders whose outcome is unknown, or that it says something happened to."""

    def __init__(
        self,
        book: OrderBook,
        claims: Claims,
        payments: PaymentDesk,
        refunds: RefundDesk,
        sales: SaleDesk,
    ) -> None:
        self._book = book
        self._claims = claims
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
        claim = self._claims.take_over(order_id, order.status)
        if claim is not None:
            self._look_again[order.status](claim)
        return self._book.find(order_id)

    def hear_of(self, order_id: str) -> bool:
        """Ask the provider about an order because somebody said that something happened to it.

        Whoever it was is believed nothing else. False when nobody can tell now: the provider does not
        answer, or somebody is acting on the order. Raises ``OrderNotFoundError``.
        """
        status = self._book.find(order_id).status
        if status not in self._look_again:
            return True
        claim = self._claims.take_over(order_id, status)
        return claim is not None and self._look_again[status](claim)
