"""Orders, and the shelf: kept in memory, changed by compare-and-set."""

import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

PLENTY: Final = "popcorn"
SEATS: Final = tuple(f"seat-{number}" for number in range(1, 41))
PRICES: Final = {PLENTY: 10_000} | dict.fromkeys(SEATS, 30_000)
PIECES: Final = {PLENTY: 1_000_000} | dict.fromkeys(SEATS, 1)


class Status(StrEnum):
    """Where an order is in its life."""

    OPEN = "OPEN"
    PENDING = "PENDING"
    """A payment is under way, or nobody knows what became of it."""
    PAID = "PAID"
    FAILED = "FAILED"
    """Only mutants give an order up."""
    REFUNDING = "REFUNDING"
    """A refund is under way, or nobody knows what became of it."""
    PARTLY_REFUNDED = "PARTLY_REFUNDED"
    REFUNDED = "REFUNDED"


HAS_MONEY: Final = frozenset({Status.PAID, Status.PARTLY_REFUNDED})


class SoldOutError(Exception):
    """No piece is left to set aside."""


@dataclass(frozen=True)
class Refund:
    """A refund under way; its id is the idempotency key of every attempt at it."""

    amount: int
    reason: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Order:
    """An order; amounts in won. `delivered` is how often the goods were handed out."""

    item: str
    amount: int
    shopper: str = ""
    id: str = field(default_factory=lambda: f"order-{uuid.uuid4().hex}")
    at_provider: str = ""
    """What the provider knows the order by, if not by its id; only mutants change it."""
    status: Status = Status.OPEN
    payment_key: str | None = None
    has_piece: bool = False
    delivered: int = 0
    refunded: int = 0
    refund: Refund | None = None
    is_unwanted: bool = False
    """The payment is to be undone, should it turn out to have been made."""
    version: int = 0

    @property
    def provider_id(self) -> str:
        """The order id that the provider is told."""
        return self.at_provider or self.id

    @property
    def left(self) -> int:
        """What may still be given back."""
        return self.amount - self.refunded


class Book:
    """All orders. An order and the piece set aside for it change together, or not at all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[str, Order] = {}
        self._pieces = dict(PIECES)

    def add(self, order: Order) -> Order:
        """Take down a new order; raises SoldOutError if it has a piece and none is left."""
        with self._lock:
            self._move_piece(replace(order, has_piece=False), order)
            self._orders[order.id] = order
        return order

    def find(self, order_id: str) -> Order | None:
        """Return an order as it is now."""
        with self._lock:
            return self._orders.get(order_id)

    def all(self) -> Iterable[Order]:
        """Return all orders as they are now."""
        with self._lock:
            return list(self._orders.values())

    def change(self, seen: Order, **new: Any) -> Order | None:
        """Change an order that is still as it was seen; returns None if somebody else was first.

        Raises SoldOutError, and changes nothing, if it is to have a piece and none is left.
        """
        with self._lock:
            now = self._orders[seen.id]
            if now.version != seen.version:
                return None
            changed = replace(now, **new, version=now.version + 1)
            self._move_piece(now, changed)
            self._orders[seen.id] = changed
            return changed

    def overwrite(self, order_id: str, **new: Any) -> Order:
        """Change an order whatever became of it meanwhile; only mutants do."""
        with self._lock:
            now = self._orders[order_id]
            changed = replace(now, **new, version=now.version + 1)
            self._orders[order_id] = changed
            return changed

    def payment_is_known(self, payment_key: str, order: Order) -> bool:
        """Tell whether a payment belongs to another order."""
        return any(one.payment_key == payment_key and one.id != order.id for one in self.all())

    def clear(self) -> None:
        """Forget everything, and fill the shelf."""
        with self._lock:
            self._orders = {}
            self._pieces = dict(PIECES)

    def _move_piece(self, before: Order, after: Order) -> None:
        wanted = int(after.has_piece) - int(before.has_piece)
        if wanted > self._pieces[after.item]:
            raise SoldOutError(after.item)
        self._pieces[after.item] -= wanted
