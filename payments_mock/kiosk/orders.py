"""Orders: a cart becomes one, and is found again."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import items_by_id
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.errors import InvalidInputError, OrderNotFoundError
from payments_mock.kiosk.lifecycle import OrderStatus, ReservationStatus
from payments_mock.kiosk.order_name import order_name
from payments_mock.kiosk.seats import Seating, free_unpaid, seats_by_id
from payments_mock.kiosk.tables import (
    MenuItem,
    Order,
    OrderLine,
    Reservation,
    ReservedSeat,
    changes_one,
    transaction,
)


class OrderBook:
    """Places orders and finds them."""

    def __init__(self, clock: Clock, seating: Seating) -> None:
        self._clock = clock
        self._seating = seating

    def place(self, cart: Mapping[str, int], seats: Sequence[str] = (), buyer: str | None = None) -> Order:
        """Make an order of ``cart``, quantities by item id, and of ``seats``, at the prices of the menu.

        Goods are held when the order is being paid; seats from now on, for as long as ``Seating`` says.

        Raises ``InvalidInputError`` for what is not on the menu, and ``SeatTakenError``.
        """
        with transaction() as session:
            menu = items_by_id(session, list(cart))
            _refuse_strangers(cart, menu)
            order = self._new_order([_line(menu[item_id], cart[item_id]) for item_id in cart], buyer)
            session.add(order)
            if seats:
                self._reserve(session, order, seats)
            order.name = order_name(order)
        return self.find(order.id)

    def hold_seats(self, order_id: str) -> Order:
        """Hold the seats of an open order anew, for a shopper who tries to pay again.

        Raises ``OrderNotFoundError``, and ``SeatTakenError`` when somebody else has one by now.
        """
        with transaction() as session:
            order = load_order(session, order_id)
            if order.reservation is not None and order.status is OrderStatus.OPEN:
                self._seating.hold(session, order.reservation, self._clock())
        return self.find(order_id)

    def note_failure(self, order_id: str, code: str, message: str) -> Order:
        """Note why the payment window ended without a payment, and let the seats of the order go.

        It comes from a browser, so it moves nothing but an order that is open: never one that is being
        paid, or is paid. Raises ``OrderNotFoundError``.
        """
        open_order = update(Order).where(Order.id == order_id, Order.status == OrderStatus.OPEN)
        with transaction() as session:
            if changes_one(session, open_order.values(failure_code=code, failure_message=message)):
                order = load_order(session, order_id)
                if order.reservation is not None:
                    free_unpaid(session, order.reservation)
        return self.find(order_id)

    def find(self, order_id: str) -> Order:
        """Return one order as it is now; raise ``OrderNotFoundError`` if there is none."""
        with transaction() as session:
            return load_order(session, order_id)

    def newest(self, status: OrderStatus | None, limit: int) -> Sequence[Order]:
        """Return at most ``limit`` orders, newest first, of one ``status`` or of any."""
        query = select(Order).order_by(Order.created_at.desc(), Order.id).limit(limit)
        if status is not None:
            query = query.where(Order.status == status)
        with transaction() as session:
            return session.scalars(query).all()

    def _reserve(self, session: Session, order: Order, seats: Sequence[str]) -> None:
        chosen = seats_by_id(session, seats)
        order.reservation = Reservation(
            id=str(uuid.uuid4()),
            status=ReservationStatus.HELD,
            held_until=self._clock(),
            seats=[ReservedSeat(seat_id=seat.id, price=seat.price) for seat in chosen],
        )
        order.amount += sum(seat.price for seat in chosen)
        session.flush()
        self._seating.hold(session, order.reservation, self._clock())

    def _new_order(self, lines: list[OrderLine], buyer: str | None) -> Order:
        return Order(
            id=str(uuid.uuid4()),
            status=OrderStatus.OPEN,
            amount=sum(line.amount for line in lines),
            created_at=self._clock(),
            buyer=buyer,
            lines=lines,
        )


def load_order(session: Session, order_id: str) -> Order:
    """Return an order inside a transaction; raise ``OrderNotFoundError`` if there is none."""
    order = session.get(Order, order_id, populate_existing=True)
    if order is None:
        raise OrderNotFoundError(order_id)
    return order


def _line(item: MenuItem, quantity: int) -> OrderLine:
    return OrderLine(
        item_id=item.id,
        name=item.name,
        korean_name=item.korean_name,
        seller=item.seller,
        price=item.price,
        quantity=quantity,
    )


def _refuse_strangers(cart: Mapping[str, int], menu: Mapping[str, MenuItem]) -> None:
    strangers = [item_id for item_id in cart if item_id not in menu]
    if strangers:
        why = [f"{item_id} is not on the menu" for item_id in strangers]
        raise InvalidInputError("The order names items that are not on the menu.", {"items": why})
