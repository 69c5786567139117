"""The order book: a cart becomes an order, and is found again."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import Seating, free_unpaid, items_by_id, seats_by_id
from payments_mock.kiosk.errors import (
    AmbiguousPaymentError,
    InvalidInputError,
    NoSuchPaymentError,
    OrderNotFoundError,
    PressFailure,
)
from payments_mock.kiosk.lifecycle import OrderStatus, PaymentStatus, ReservationStatus
from payments_mock.kiosk.settings import Clock
from payments_mock.kiosk.tables import (
    MenuItem,
    Order,
    OrderLine,
    PaymentAttempt,
    RefundedPayment,
    Reservation,
    ReservedSeat,
    changes_one,
    transaction,
)

LONGEST_NAME = 100
SEAT = "관람권"


@dataclass(frozen=True)
class PressResult:
    """How a press of a button ended: the order as it is now, and what went wrong, if anything did."""

    order: Order
    failure: PressFailure | None = None


class OrderBook:
    """Places orders and finds them."""

    def __init__(self, clock: Clock, seating: Seating) -> None:
        self._clock = clock
        self._seating = seating

    def place(self, cart: Mapping[str, int], seats: Sequence[str] = (), buyer: str | None = None) -> Order:
        """Make an order of `cart`, quantities by item id, and of `seats`, at the prices of the menu.

        Goods are held when the order is being paid; seats from now on, for as long as `Seating` says.

        Raises:
            InvalidInputError: something is not on the menu.
            SeatTakenError: a seat is somebody else's.
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

        Raises:
            OrderNotFoundError: there is no such order.
            SeatTakenError: somebody else has a seat by now.
        """
        with transaction() as session:
            order = load_order(session, order_id)
            if order.reservation is not None and order.status is OrderStatus.OPEN:
                self._seating.hold(session, order.reservation, self._clock())
        return self.find(order_id)

    def note_failure(self, order_id: str, code: str, message: str) -> Order:
        """Note why the payment window ended without a payment, and let the seats of the order go.

        It comes from a browser, so it moves nothing but an order that is open: never one that is being
        paid, or is paid.

        Raises:
            OrderNotFoundError: there is no such order.
        """
        open_order = update(Order).where(Order.id == order_id, Order.status == OrderStatus.OPEN)
        with transaction() as session:
            if changes_one(session, open_order.values(failure_code=code, failure_message=message)):
                order = load_order(session, order_id)
                if order.reservation is not None:
                    free_unpaid(session, order.reservation)
        return self.find(order_id)

    def find(self, order_id: str) -> Order:
        """Return one order as it is now.

        Raises:
            OrderNotFoundError: there is none.
        """
        with transaction() as session:
            return load_order(session, order_id)

    def newest(self, status: OrderStatus | None, limit: int) -> Sequence[Order]:
        """Return at most `limit` orders, newest first, of one `status` or of any."""
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
    """Return an order inside a transaction.

    Raises:
        OrderNotFoundError: there is none.
    """
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


def order_name(order: Order) -> str:
    """Return `<ID>-<name>` of the first thing ordered, and how many other kinds of things there are."""
    seats = [] if order.reservation is None else order.reservation.seats
    things = [f"{seat.seat_id}-{SEAT}" for seat in seats]
    things += [f"{line.item_id}-{line.korean_name or line.name}" for line in order.lines]
    others = f" 외 {len(things) - 1}건" if len(things) > 1 else ""
    return things[0][: LONGEST_NAME - len(others)] + others


def newest_cancels(limit: int) -> Sequence[RefundedPayment]:
    """Return at most `limit` records of the ledger, newest first."""
    newest = select(RefundedPayment).order_by(RefundedPayment.canceled_at.desc(), RefundedPayment.payment_key)
    with transaction() as session:
        return session.scalars(newest.limit(limit)).all()


def order_to_cancel(buyer: str, order_name: str) -> str:
    """Return the id of the one paid order that `buyer` and `order_name` mean.

    A name and a buyer alone never decide whose money goes back.

    Raises:
        NoSuchPaymentError: there is none.
        AmbiguousPaymentError: there are more than one.
    """
    paid = (
        select(Order.id)
        .join(PaymentAttempt, PaymentAttempt.order_id == Order.id)
        .where(
            Order.buyer == buyer, Order.name == order_name, PaymentAttempt.status == PaymentStatus.APPROVED
        )
        .limit(2)
    )
    with transaction() as session:
        found = session.scalars(paid).all()
    if not found:
        raise NoSuchPaymentError(f"No payment of {buyer} for {order_name} stands.")
    if len(found) > 1:
        raise AmbiguousPaymentError(
            f"More than one payment of {buyer} for {order_name} stands; cancel by the order's id."
        )
    return found[0]
