"""Seats: who has them, and the conditional statements that hold and free them.

Source of the rule, that a reservation follows its payment: the approval guide.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.errors import InvalidInputError, SeatTakenError
from payments_mock.kiosk.lifecycle import ReservationStatus
from payments_mock.kiosk.tables import Reservation, Seat, changes_one, transaction

FREE_FOR_OTHERS = (ReservationStatus.RELEASED, ReservationStatus.CANCELED)


def list_seats(now: datetime) -> Sequence[Seat]:
    """Return every seat, row by row, after holds that lapsed were released."""
    with transaction() as session:
        release_lapsed(session, now)
        return session.scalars(select(Seat).order_by(Seat.position)).all()


def seats_by_id(session: Session, seat_ids: Sequence[str]) -> list[Seat]:
    """Return the seats of those ids; raise ``InvalidInputError`` for one that does not exist."""
    found = session.scalars(select(Seat).where(Seat.id.in_(seat_ids)).order_by(Seat.position)).all()
    strangers = sorted(set(seat_ids) - {seat.id for seat in found})
    if strangers:
        raise InvalidInputError(
            "There is no such seat.", {"seats": [f"{seat} is no seat" for seat in strangers]}
        )
    return list(found)


def release_lapsed(session: Session, now: datetime) -> None:
    """Free the seats of every hold that lapsed; what is being paid for never lapses."""
    _run(session, _moved(ReservationStatus.RELEASED, _is_held(), Reservation.held_until <= now))
    free = select(Reservation.id).where(Reservation.status.in_(FREE_FOR_OTHERS))
    _run(session, update(Seat).where(Seat.reservation_id.in_(free)).values(reservation_id=None))


class Seating:
    """Moves reservations; a hold lasts ``hold``."""

    def __init__(self, hold: timedelta) -> None:
        self._hold = hold

    def hold(self, session: Session, reservation: Reservation, now: datetime) -> None:
        """Hold the seats of a shopper who has not paid, from now on; also those let go in between.

        Raises ``SeatTakenError``, which must roll the transaction back, when one is somebody else's.
        """
        self._take(session, reservation, ReservationStatus.HELD, now)

    def move(
        self, session: Session, reservation: Reservation, status: ReservationStatus, now: datetime
    ) -> None:
        """Let the seats follow their order.

        Raises ``SeatTakenError`` when the payment begins and a seat, released before, is somebody else's.
        """
        if status in FREE_FOR_OTHERS:
            _free(session, reservation, status)
        elif status is ReservationStatus.CONFIRMED:
            _run(session, _moved(status, Reservation.id == reservation.id))
        else:
            self._take(session, reservation, status, now)

    def _take(
        self, session: Session, reservation: Reservation, status: ReservationStatus, now: datetime
    ) -> None:
        release_lapsed(session, now)
        for reserved in reservation.seats:
            _take_seat(session, reserved.seat_id, reservation.id)
        values = _moved(status, Reservation.id == reservation.id).values(held_until=now + self._hold)
        _run(session, values)


def free_unpaid(session: Session, reservation: Reservation) -> None:
    """Let the seats of a shopper go who gave up before anything was charged."""
    held = _moved(ReservationStatus.RELEASED, _is_held(), Reservation.id == reservation.id)
    if changes_one(session, held):
        _free(session, reservation, ReservationStatus.RELEASED)


def _take_seat(session: Session, seat_id: str, reservation_id: str) -> None:
    free_or_mine = Seat.reservation_id.is_(None) | (Seat.reservation_id == reservation_id)
    taken = update(Seat).where(Seat.id == seat_id, free_or_mine).values(reservation_id=reservation_id)
    if not changes_one(session, taken):
        raise SeatTakenError(f"Seat {seat_id} is taken.", {"seats": [f"{seat_id} is taken"]})


def _free(session: Session, reservation: Reservation, status: ReservationStatus) -> None:
    _run(session, update(Seat).where(Seat.reservation_id == reservation.id).values(reservation_id=None))
    _run(session, _moved(status, Reservation.id == reservation.id))


def _is_held() -> ColumnElement[bool]:
    return Reservation.status == ReservationStatus.HELD


def _moved(status: ReservationStatus, *which: ColumnElement[bool]) -> Update:
    return update(Reservation).where(*which).values(status=status)


def _run(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
