"""The tables of what is owed to sellers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from payments_mock.kiosk.tables import Base, UtcDateTime


class EntryKind(StrEnum):
    """Why something is owed."""

    SALE = "SALE"
    REFUND = "REFUND"
    """The money of a sale went back; its amount is negative. A deposit that came again is a sale again."""


class SellerSettlement(Base):
    """What one order, or its refund, makes owed to one seller: ``amount`` in KRW, payable from ``due_at`` on.

    ``run_id`` names the run that paid it out, None before.
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
