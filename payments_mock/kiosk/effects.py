"""What an event moves besides the order itself: goods, seats, payment, cancel ledger and sellers' books.

All of it happens in the transaction that moves the order, so none of it can be true without the rest.
"""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import move_stock
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.ledger import move_to_cancel
from payments_mock.kiosk.lifecycle import TRANSITIONS, Event
from payments_mock.kiosk.seats import Seating
from payments_mock.kiosk.settlement import SettlementDesk
from payments_mock.kiosk.tables import Order, Payment, changes_one


class Effects:
    """Applies events to everything that hangs on an order."""

    def __init__(self, clock: Clock, seating: Seating, settlement: SettlementDesk) -> None:
        self._clock = clock
        self._seating = seating
        self._settlement = settlement

    def apply(self, session: Session, order: Order, event: Event) -> None:
        """Move goods and seats by ``event``.

        Raises ``OutOfStockError`` and ``SeatTakenError``, which must roll the transaction back.
        """
        change = TRANSITIONS[event]
        if change.stock is not None:
            move_stock(session, order.lines, change.stock)
        if change.seats is not None and order.reservation is not None:
            self._seating.move(session, order.reservation, change.seats, self._clock())

    def settle(self, session: Session, order: Order, event: Event, facts: Mapping[str, object]) -> None:
        """Write down how a call to the provider ended: ``facts`` are what it said of the payment."""
        self.apply(session, order, event)
        status = TRANSITIONS[event].payment
        if event is Event.CANCELED:
            move_to_cancel(session, order, facts, self._clock())
            self._settlement.record_refund(session, order)
        else:
            update_payment(session, order, ({} if status is None else {"status": status}) | dict(facts))
        if event is Event.APPROVED:
            self._settlement.record_sale(session, order)
        if event is Event.REVERSED:
            self._settlement.record_refund(session, order)


def update_payment(session: Session, order: Order, values: Mapping[str, object]) -> None:
    """Write ``values`` to the order's latest attempt to pay."""
    if values:
        latest = Payment.payment_key == order.payments[-1].payment_key
        changes_one(session, update(Payment).where(latest).values(**values))
