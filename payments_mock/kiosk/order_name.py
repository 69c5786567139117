"""What an order is called where people read it; source of the form: the widget guide."""

from payments_mock.kiosk.tables import Order

LONGEST_NAME = 100
SEAT = "관람권"


def order_name(order: Order) -> str:
    """Return `<ID>-<name>` of the first thing ordered, and how many other kinds of things there are."""
    seats = [] if order.reservation is None else order.reservation.seats
    things = [f"{seat.seat_id}-{SEAT}" for seat in seats]
    things += [f"{line.item_id}-{line.korean_name or line.name}" for line in order.lines]
    others = f" 외 {len(things) - 1}건" if len(things) > 1 else ""
    return things[0][: LONGEST_NAME - len(others)] + others
