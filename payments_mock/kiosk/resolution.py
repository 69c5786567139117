"""Settle what was left unknown, by look-ups alone: nothing here charges or refunds."""

from payments_mock.kiosk.claims import Claims
from payments_mock.kiosk.lifecycle import UNRESOLVED, OrderStatus
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.payments import PaymentDesk
from payments_mock.kiosk.refunds import RefundDesk
from payments_mock.kiosk.tables import Order


class Resolver:
    """Asks the provider about orders whose outcome is unknown."""

    def __init__(self, book: OrderBook, claims: Claims, payments: PaymentDesk, refunds: RefundDesk) -> None:
        self._book = book
        self._claims = claims
        self._look_again = {
            OrderStatus.PENDING: payments.look_again,
            OrderStatus.REFUND_PENDING: refunds.look_again,
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
