"""The life of an order, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class OrderStatus(StrEnum):
    """Where an order stands."""

    OPEN = "OPEN"
    """Not paid, and nothing under way: it may be paid."""
    PENDING = "PENDING"
    """Being paid, or paid with unknown outcome; its goods are held."""
    PAID = "PAID"
    """Approved by the provider; the sale is final and its goods are taken."""
    REFUND_PENDING = "REFUND_PENDING"
    """Being refunded, or refunded with unknown outcome; its goods are not back yet."""
    REFUNDED = "REFUNDED"
    """Canceled by the provider; the goods are back in stock."""


class PaymentStatus(StrEnum):
    """What the kiosk knows of one attempt to pay; each attempt has its own payment key."""

    READY = "READY"
    """Its confirm has never been sent, so it cannot have charged anyone."""
    SENT = "SENT"
    """Its confirm may have reached the provider: from here on only the provider knows."""
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    """The provider said no for good; the next attempt needs a new payment key."""
    CANCELED = "CANCELED"
    """The money went back: the attempt leaves the payments, and stands in the cancel ledger."""


class ReservationStatus(StrEnum):
    """Where the seats of an order stand."""

    HELD = "HELD"
    """Kept for a shopper who has not paid yet, until the hold lapses."""
    PAYING = "PAYING"
    """Being paid, or paid with unknown outcome: kept however long that takes."""
    CONFIRMED = "CONFIRMED"
    """Paid. A refund that fails, or whose outcome is unknown, leaves it so."""
    RELEASED = "RELEASED"
    """Free for others: the payment failed, or the hold lapsed."""
    CANCELED = "CANCELED"
    """Free for others: the money went back."""


class OrderEvent(StrEnum):
    """What can happen to an order. An unknown outcome is no event: nothing moves."""

    PAY = "PAY"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    NOT_CHARGED = "NOT_CHARGED"
    REVERSED = "REVERSED"
    """A bank took a deposit back: the order waits for its money again."""
    REFUND = "REFUND"
    CANCELED = "CANCELED"
    NOT_REFUNDED = "NOT_REFUNDED"


@dataclass(frozen=True)
class StockMove:
    """What one ordered piece changes: pieces on the shelf, and how many of those are held."""

    on_shelf: int
    held: int


HOLD = StockMove(on_shelf=0, held=+1)
TAKE = StockMove(on_shelf=-1, held=-1)
RELEASE = StockMove(on_shelf=0, held=-1)
KEEP = StockMove(on_shelf=+1, held=+1)
RESTOCK = StockMove(on_shelf=+1, held=0)


@dataclass(frozen=True)
class Transition:
    """From where to where an event leads, and what it does to the goods, the seats and the payment."""

    source: OrderStatus
    target: OrderStatus
    stock: StockMove | None = None
    seats: ReservationStatus | None = None
    payment: PaymentStatus | None = None


TRANSITIONS: Mapping[OrderEvent, Transition] = MappingProxyType(
    {
        OrderEvent.PAY: Transition(OrderStatus.OPEN, OrderStatus.PENDING, HOLD, ReservationStatus.PAYING),
        OrderEvent.APPROVED: Transition(
            OrderStatus.PENDING,
            OrderStatus.PAID,
            TAKE,
            ReservationStatus.CONFIRMED,
            PaymentStatus.APPROVED,
        ),
        OrderEvent.REFUSED: Transition(
            OrderStatus.PENDING,
            OrderStatus.OPEN,
            RELEASE,
            ReservationStatus.RELEASED,
            PaymentStatus.REFUSED,
        ),
        OrderEvent.NOT_CHARGED: Transition(
            OrderStatus.PENDING, OrderStatus.OPEN, RELEASE, ReservationStatus.HELD, PaymentStatus.READY
        ),
        OrderEvent.REVERSED: Transition(
            OrderStatus.PAID, OrderStatus.PENDING, KEEP, ReservationStatus.PAYING, PaymentStatus.SENT
        ),
        OrderEvent.REFUND: Transition(OrderStatus.PAID, OrderStatus.REFUND_PENDING),
        OrderEvent.CANCELED: Transition(
            OrderStatus.REFUND_PENDING,
            OrderStatus.REFUNDED,
            RESTOCK,
            ReservationStatus.CANCELED,
            PaymentStatus.CANCELED,
        ),
        OrderEvent.NOT_REFUNDED: Transition(OrderStatus.REFUND_PENDING, OrderStatus.PAID),
    }
)
"""The one table of the order's life: every event has exactly one state it starts from."""

DEFAULT_REASON = "USER_REQUEST"
"""The reason of a refund if nobody gave one."""

UNRESOLVED = frozenset({OrderStatus.PENDING, OrderStatus.REFUND_PENDING})
"""The states that a look-up at the provider may end."""
