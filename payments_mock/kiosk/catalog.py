"""The menu, and the one statement that moves stock."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.errors import OutOfStockError
from payments_mock.kiosk.lifecycle import StockMove
from payments_mock.kiosk.tables import MenuItem, OrderLine, changes_one, transaction


def list_menu() -> Sequence[MenuItem]:
    """Return everything for sale, in the order of the menu."""
    with transaction() as session:
        return session.scalars(select(MenuItem).order_by(MenuItem.position)).all()


def items_by_id(session: Session, item_ids: Sequence[str]) -> dict[str, MenuItem]:
    """Return the items with those ids; one that is not on the menu is missing."""
    found = session.scalars(select(MenuItem).where(MenuItem.id.in_(item_ids)))
    return {item.id: item for item in found}


def move_stock(session: Session, lines: Sequence[OrderLine], move: StockMove) -> None:
    """Move the goods of ``lines``, all or none.

    Each move is one conditional UPDATE, so that no two shoppers get the same piece. The items are
    taken in one order everywhere, so that two orders never wait for each other.

    Raises ``OutOfStockError``, which must roll the transaction back, when a piece to hold is not there.
    """
    for line in sorted(lines, key=lambda line: line.item_id):
        if not _moved(session, line, move):
            raise _out_of_stock(session, line)


def _moved(session: Session, line: OrderLine, move: StockMove) -> bool:
    stock = MenuItem.stock + move.on_shelf * line.quantity
    held = MenuItem.held + move.held * line.quantity
    statement = update(MenuItem).where(MenuItem.id == line.item_id, stock >= held)
    return changes_one(session, statement.values(stock=stock, held=held))


def _out_of_stock(session: Session, line: OrderLine) -> OutOfStockError:
    item = session.get_one(MenuItem, line.item_id, populate_existing=True)
    why = f"{item.available} left, {line.quantity} ordered"
    return OutOfStockError(f"{item.name} is out of stock: {why}.", {line.item_id: [why]})
