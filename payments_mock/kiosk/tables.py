"""The kiosk's own tables, and the short transactions that use them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    CursorResult,
    DateTime,
    Enum,
    ForeignKey,
    String,
    TypeDecorator,
    UniqueConstraint,
    Update,
    func,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from payments_mock.kiosk.lifecycle import OrderStatus, PaymentStatus, ReservationStatus

CINEMA = "cinema"
"""The seller of what the cinema sells itself, tickets included."""


class Base(DeclarativeBase):
    """Base of every table of the kiosk."""


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, also on databases that keep no time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Restore the UTC zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class MenuItem(Base):
    """Something for sale: `price` in KRW, `stock` pieces on the shelf, `held` of them promised."""

    __tablename__ = "menu_items"
    __table_args__ = (
        CheckConstraint("held >= 0", name="held_is_not_negative"),
        CheckConstraint("stock >= held", name="what_is_held_is_there"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    price: Mapped[int] = mapped_column(BigInteger)
    stock: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)
    korean_name: Mapped[str] = mapped_column(String(100), default="")
    seller: Mapped[str] = mapped_column(String(40), default=CINEMA)

    @property
    def available(self) -> int:
        """Return how many pieces may still be sold."""
        return self.stock - self.held


class OrderLine(Base):
    """One item of an order, with its name and price as they were when it was ordered."""

    __tablename__ = "order_lines"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("menu_items.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    korean_name: Mapped[str] = mapped_column(String(100), default="")
    seller: Mapped[str] = mapped_column(String(40), default=CINEMA)
    price: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[int]

    @property
    def amount(self) -> int:
        """Return the price of the whole line in KRW."""
        return self.price * self.quantity


class Seat(Base):
    """One seat; `reservation_id` says whose it is, None while it is free."""

    __tablename__ = "seats"

    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    position: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)
    reservation_id: Mapped[str | None] = mapped_column(ForeignKey("reservations.id"), index=True)


class ReservedSeat(Base):
    """One seat of a reservation, with its price as it was; it stays when the seat is free again."""

    __tablename__ = "reserved_seats"

    reservation_id: Mapped[str] = mapped_column(ForeignKey("reservations.id"), primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    price: Mapped[int] = mapped_column(BigInteger)


class Reservation(Base):
    """The seats of one order; while HELD, they are kept until `held_until`."""

    __tablename__ = "reservations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), unique=True)
    status: Mapped[ReservationStatus] = mapped_column(Enum(ReservationStatus, native_enum=False, length=16))
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
    seats: Mapped[list[ReservedSeat]] = relationship(lazy="selectin", order_by=ReservedSeat.seat_id)


class PaymentAttempt(Base):
    """One attempt to pay an order, and what the provider said of it."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    payment_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    reservation_id: Mapped[str | None] = mapped_column(ForeignKey("reservations.id"))
    number: Mapped[int]
    status: Mapped[PaymentStatus] = mapped_column(Enum(PaymentStatus, native_enum=False, length=16))
    method: Mapped[str | None] = mapped_column(String(100))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_url: Mapped[str | None] = mapped_column(String(2000))
    failure_code: Mapped[str | None] = mapped_column(String(100))
    failure_message: Mapped[str | None] = mapped_column(String(500))


class RefundedPayment(Base):
    """A payment whose money went back: `amount` in KRW, why and when. Its row in `payments` is gone."""

    __tablename__ = "cancel"

    payment_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    canceled_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    method: Mapped[str | None] = mapped_column(String(100))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_url: Mapped[str | None] = mapped_column(String(2000))


class Order(Base):
    """A cart with its amount in KRW fixed.

    `buyer` and `name` are how people speak of it; `failure_code` is what the payment window last told.

    `lease_token` is the token of the one request that may talk to the provider about this order, until
    `leased_until`; after that moment another may take over, and the first one's writes miss.
    """

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    status: Mapped[OrderStatus] = mapped_column(Enum(OrderStatus, native_enum=False, length=16), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    refund_reason: Mapped[str | None] = mapped_column(String(200))
    # Kept files know the two columns by their first names.
    lease_token: Mapped[str | None] = mapped_column("claim", String(32))
    leased_until: Mapped[datetime | None] = mapped_column("claimed_until", UtcDateTime)
    buyer: Mapped[str | None] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    failure_code: Mapped[str | None] = mapped_column(String(100))
    failure_message: Mapped[str | None] = mapped_column(String(500))
    lines: Mapped[list[OrderLine]] = relationship(lazy="selectin", order_by=OrderLine.item_id)
    payments: Mapped[list[PaymentAttempt]] = relationship(lazy="selectin", order_by=PaymentAttempt.number)
    reservation: Mapped[Reservation | None] = relationship(lazy="selectin")
    cancel: Mapped[RefundedPayment | None] = relationship(lazy="selectin")

    @property
    def payment(self) -> PaymentAttempt | None:
        """Return the latest attempt to pay, None before the first."""
        return self.payments[-1] if self.payments else None


class EntryKind(StrEnum):
    """Why something is owed."""

    SALE = "SALE"
    REFUND = "REFUND"
    """The money of a sale went back; its amount is negative. A deposit that came again is a sale again."""


class SellerSettlement(Base):
    """What one order, or its refund, owes to one seller: `amount` in KRW, payable from `due_at` on.

    `run_id` names the run that paid it out, None before.
    """

    __tablename__ = "seller_settlement"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    seller: Mapped[str] = mapped_column(String(40))
    kind: Mapped[EntryKind] = mapped_column(Enum(EntryKind, native_enum=False, length=16))
    amount: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    run_id: Mapped[str | None] = mapped_column(String(36), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a transaction: committed at the end of the block, rolled back by an error.

    What was loaded stays readable afterwards. Never call the provider inside: the transaction would
    keep others waiting for as long as the provider does.
    """
    with Session(db.engine, expire_on_commit=False) as session, session.begin():
        yield session


def changes_one(session: Session, statement: Update) -> bool:
    """Run a conditional UPDATE and tell whether its condition held for the one row it names."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount == 1


def check_database() -> bool:
    """Tell whether the database answers; a table is asked, as SQLite answers SELECT 1 without its file."""
    try:
        with transaction() as session:
            return session.scalar(select(func.count()).select_from(MenuItem)) is not None
    except SQLAlchemyError:
        return False
