"""What is for sale, snacks and seats, and the conditional statements that move them.

Source of the rule, that a reservation of seats follows its payment: the approval guide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.errors import InvalidInputError, OutOfStockError, SeatTakenError
from payments_mock.kiosk.lifecycle import ReservationStatus, StockMove
from payments_mock.kiosk.tables import (
    CINEMA,
    MenuItem,
    OrderLine,
    Reservation,
    Seat,
    changes_one,
    transaction,
)


@dataclass(frozen=True)
class MenuEntry:
    """One thing for sale; `price` in KRW, `stock` in pieces, `seller` is who gets the money."""

    id: str
    name: str
    price: int
    stock: int
    korean_name: str = ""
    seller: str = CINEMA


DEFAULT_MENU = (
    MenuEntry("popcorn", "Popcorn", 6_000, 100, "팝콘"),
    MenuEntry("caramel-popcorn", "Caramel popcorn", 7_000, 100, "카라멜 팝콘"),
    MenuEntry("nachos", "Nachos with cheese", 5_500, 60, "치즈 나초", "nacho-stand"),
    MenuEntry("hot-dog", "Hot dog", 4_500, 40, "핫도그"),
    MenuEntry("cola", "Cola", 2_500, 200, "콜라"),
    MenuEntry("keyring", "Collector's keyring", 12_000, 3, "한정판 키링", "goods-studio"),
)

SEAT_PRICE = 14_000
SEATS = tuple(f"{row}{number}" for row in "ABCDE" for number in range(1, 9))
"""The seats of the one screen, row by row from the front; each costs `SEAT_PRICE` KRW."""
FREE_FOR_OTHERS = (ReservationStatus.RELEASED, ReservationStatus.CANCELED)


def list_menu() -> Sequence[MenuItem]:
    """Return everything for sale, in the order of the menu."""
    with transaction() as session:
        return session.scalars(select(MenuItem).order_by(MenuItem.position)).all()


def items_by_id(session: Session, item_ids: Sequence[str]) -> dict[str, MenuItem]:
    """Return the items with those ids; one that is not on the menu is missing."""
    found = session.scalars(select(MenuItem).where(MenuItem.id.in_(item_ids)))
    return {item.id: item for item in found}


def move_stock(session: Session, lines: Sequence[OrderLine], move: StockMove) -> None:
    """Move the goods of `lines`, all or none.

    Each move is one conditional UPDATE, so that no two shoppers get the same piece. The items are
    taken in one order everywhere, so that two orders never wait for each other.

    Raises:
        OutOfStockError: a piece to hold is not there; the transaction must be rolled back.
    """
    for line in sorted(lines, key=lambda line: line.item_id):
        if not _move_line(session, line, move):
            raise _out_of_stock(session, line)


def _move_line(session: Session, line: OrderLine, move: StockMove) -> bool:
    stock = MenuItem.stock + move.on_shelf * line.quantity
    held = MenuItem.held + move.held * line.quantity
    statement = update(MenuItem).where(MenuItem.id == line.item_id, stock >= held)
    return changes_one(session, statement.values(stock=stock, held=held))


def _out_of_stock(session: Session, line: OrderLine) -> OutOfStockError:
    item = session.get_one(MenuItem, line.item_id, populate_existing=True)
    why = f"{item.available} left, {line.quantity} ordered"
    return OutOfStockError(f"{item.name} is out of stock: {why}.", {line.item_id: [why]})


def list_seats(now: datetime) -> Sequence[Seat]:
    """Release the holds that lapsed, and return every seat, row by row."""
    with transaction() as session:
        release_lapsed(session, now)
        return session.scalars(select(Seat).order_by(Seat.position)).all()


def seats_by_id(session: Session, seat_ids: Sequence[str]) -> list[Seat]:
    """Return the seats of those ids.

    Raises:
        InvalidInputError: one does not exist.
    """
    found = session.scalars(select(Seat).where(Seat.id.in_(seat_ids)).order_by(Seat.position)).all()
    strangers = sorted(set(seat_ids) - {seat.id for seat in found})
    if strangers:
        raise InvalidInputError(
            "There is no such seat.", {"seats": [f"{seat} is no seat" for seat in strangers]}
        )
    return list(found)


def release_lapsed(session: Session, now: datetime) -> None:
    """Free the seats of every hold that lapsed; what is being paid for never lapses."""
    _run(session, _reserved_as(ReservationStatus.RELEASED, _is_held(), Reservation.held_until <= now))
    free = select(Reservation.id).where(Reservation.status.in_(FREE_FOR_OTHERS))
    _run(session, update(Seat).where(Seat.reservation_id.in_(free)).values(reservation_id=None))


class Seating:
    """Moves reservations; a hold lasts `hold`."""

    def __init__(self, hold: timedelta) -> None:
        self._hold = hold

    def hold(self, session: Session, reservation: Reservation, now: datetime) -> None:
        """Hold the seats of a shopper who has not paid, from now on; also those let go in between.

        Raises:
            SeatTakenError: one is somebody else's; the transaction must be rolled back.
        """
        self._take(session, reservation, ReservationStatus.HELD, now)

    def move(
        self, session: Session, reservation: Reservation, status: ReservationStatus, now: datetime
    ) -> None:
        """Move the seats as their order moves.

        Raises:
            SeatTakenError: the payment begins, and a seat that was released is somebody else's.
        """
        if status in FREE_FOR_OTHERS:
            _free(session, reservation, status)
        elif status is ReservationStatus.CONFIRMED:
            _run(session, _reserved_as(status, Reservation.id == reservation.id))
        else:
            self._take(session, reservation, status, now)

    def _take(
        self, session: Session, reservation: Reservation, status: ReservationStatus, now: datetime
    ) -> None:
        release_lapsed(session, now)
        for reserved in reservation.seats:
            _take_seat(session, reserved.seat_id, reservation.id)
        values = _reserved_as(status, Reservation.id == reservation.id).values(held_until=now + self._hold)
        _run(session, values)


def free_unpaid(session: Session, reservation: Reservation) -> None:
    """Release the seats of a shopper who gave up before anything was charged."""
    held = _reserved_as(ReservationStatus.RELEASED, _is_held(), Reservation.id == reservation.id)
    if changes_one(session, held):
        _free(session, reservation, ReservationStatus.RELEASED)


def _take_seat(session: Session, seat_id: str, reservation_id: str) -> None:
    free_or_mine = Seat.reservation_id.is_(None) | (Seat.reservation_id == reservation_id)
    taken = update(Seat).where(Seat.id == seat_id, free_or_mine).values(reservation_id=reservation_id)
    if not changes_one(session, taken):
        raise SeatTakenError(f"Seat {seat_id} is taken.", {"seats": [f"{seat_id} is taken"]})


def _free(session: Session, reservation: Reservation, status: ReservationStatus) -> None:
    _run(session, update(Seat).where(Seat.reservation_id == reservation.id).values(reservation_id=None))
    _run(session, _reserved_as(status, Reservation.id == reservation.id))


def _is_held() -> ColumnElement[bool]:
    return Reservation.status == ReservationStatus.HELD


def _reserved_as(status: ReservationStatus, *which: ColumnElement[bool]) -> Update:
    return update(Reservation).where(*which).values(status=status)


def _run(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
