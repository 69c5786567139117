"""Orders: a cart becomes one, and is found again."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments_mock.kiosk.catalog import items_by_id
from payments_mock.kiosk.clock import Clock
from payments_mock.kiosk.errors import InvalidInputError, OrderNotFoundError
from payments_mock.kiosk.lifecycle import OrderStatus
from payments_mock.kiosk.tables import MenuItem, Order, OrderLine, transaction


class OrderBook:
    """Places orders and finds them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def place(self, cart: Mapping[str, int]) -> Order:
        """Make an order of ``cart``, quantities by item id; names and prices come from the menu.

        Nothing is held yet: goods are held when the order is being paid.

        Raises ``InvalidInputError`` for an item that is not on the menu.
        """
        with transaction() as session:
            menu = items_by_id(session, list(cart))
            _refuse_strangers(cart, menu)
            order = self._new_order([_line(menu[item_id], cart[item_id]) for item_id in cart])
            session.add(order)
        return self.find(order.id)

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

    def _new_order(self, lines: list[OrderLine]) -> Order:
        return Order(
            id=str(uuid.uuid4()),
            status=OrderStatus.OPEN,
            amount=sum(line.amount for line in lines),
            created_at=self._clock(),
            lines=lines,
        )


def load_order(session: Session, order_id: str) -> Order:
    """Return an order inside a transaction; raise ``OrderNotFoundError`` if there is none."""
    order = session.get(Order, order_id, populate_existing=True)
    if order is None:
        raise OrderNotFoundError(order_id)
    return order


def _line(item: MenuItem, quantity: int) -> OrderLine:
    return OrderLine(item_id=item.id, name=item.name, price=item.price, quantity=quantity)


def _refuse_strangers(cart: Mapping[str, int], menu: Mapping[str, MenuItem]) -> None:
    strangers = [item_id for item_id in cart if item_id not in menu]
    if strangers:
        why = [f"{item_id} is not on the menu" for item_id in strangers]
        raise InvalidInputError("The order names items that are not on the menu.", {"items": why})
