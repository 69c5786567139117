"""What is owed to sellers, and the run that pays it out; source: the flow guide."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from payments_mock.kiosk.lifecycle import OrderStatus
from payments_mock.kiosk.settings import Clock
from payments_mock.kiosk.tables import CINEMA, EntryKind, Order, SellerSettlement, transaction


@dataclass(frozen=True)
class Payout:
    """What one run pays one seller, in KRW: `sales` less `refunds`."""

    seller: str
    sales: int
    refunds: int

    @property
    def amount(self) -> int:
        """Return what the seller gets."""
        return self.sales - self.refunds


@dataclass(frozen=True)
class Run:
    """One settlement run; `carried_over` are sellers whose refunds still outweigh their sales."""

    id: str
    settled_at: datetime
    payouts: Sequence[Payout]
    carried_over: Sequence[Payout]


class SettlementDesk:
    """Keeps the books of the sellers; a sale is due `delay` after it was paid."""

    def __init__(self, clock: Clock, delay: timedelta) -> None:
        self._clock = clock
        self._delay = delay

    def record_sale(self, session: Session, order: Order) -> None:
        """Note, once, what a paid order owes to each of its sellers."""
        due_at = self._clock() + self._delay
        for seller, amount in sorted(_shares(order).items()):
            session.add(_entry(order, seller, EntryKind.SALE, amount, due_at))

    def record_refund(self, session: Session, order: Order) -> None:
        """Reverse the sale of a refunded order, whether or not it has been paid out."""
        owed = (
            select(
                SellerSettlement.seller, func.sum(SellerSettlement.amount), func.max(SellerSettlement.due_at)
            )
            .where(SellerSettlement.order_id == order.id)
            .group_by(SellerSettlement.seller)
            .order_by(SellerSettlement.seller)
        )
        for seller, amount, due_at in session.execute(owed).all():
            session.add(_entry(order, seller, EntryKind.REFUND, -int(amount), due_at))

    def run(self) -> Run:
        """Pay out everything that is due and not paid out yet, each entry once, however often this is called.

        A sale whose refund is under way waits until its outcome is known. A seller whose refunds outweigh
        the sales gets nothing, and the difference waits for the next run.
        """
        run = str(uuid.uuid4())
        now = self._clock()
        with transaction() as session:
            _claim_due(session, run, now)
            payouts = _payouts(session, run)
            owing = [payout for payout in payouts if payout.amount < 0]
            _give_back(session, run, [payout.seller for payout in owing])
        return Run(run, now, [payout for payout in payouts if payout.amount >= 0], owing)

    def entries(self, limit: int) -> Sequence[SellerSettlement]:
        """Return at most `limit` entries, the latest due first."""
        newest = select(SellerSettlement).order_by(SellerSettlement.due_at.desc(), SellerSettlement.id)
        with transaction() as session:
            return session.scalars(newest.limit(limit)).all()


def _shares(order: Order) -> Counter[str]:
    shares: Counter[str] = Counter()
    for line in order.lines:
        shares[line.seller] += line.amount
    if order.reservation is not None:
        shares[CINEMA] += sum(seat.price for seat in order.reservation.seats)
    return shares


def _entry(order: Order, seller: str, kind: EntryKind, amount: int, due_at: datetime) -> SellerSettlement:
    return SellerSettlement(
        id=str(uuid.uuid4()), order_id=order.id, seller=seller, kind=kind, amount=amount, due_at=due_at
    )


def _claim_due(session: Session, run: str, now: datetime) -> None:
    # One UPDATE decides what this run pays: a second run, at the same moment even, finds those rows taken.
    certain = select(Order.id).where(Order.status != OrderStatus.REFUND_PENDING)
    due = update(SellerSettlement).where(
        SellerSettlement.run_id.is_(None),
        SellerSettlement.due_at <= now,
        SellerSettlement.order_id.in_(certain),
    )
    session.execute(due.values(run_id=run, settled_at=now).execution_options(synchronize_session=False))


def _payouts(session: Session, run: str) -> list[Payout]:
    def total(kind: EntryKind) -> ColumnElement[int]:
        return func.sum(case((SellerSettlement.kind == kind, SellerSettlement.amount), else_=0))

    rows = session.execute(
        select(SellerSettlement.seller, total(EntryKind.SALE), total(EntryKind.REFUND))
        .where(SellerSettlement.run_id == run)
        .group_by(SellerSettlement.seller)
        .order_by(SellerSettlement.seller)
    )
    return [Payout(seller, int(sales), -int(refunds)) for seller, sales, refunds in rows]


def _give_back(session: Session, run: str, sellers: Sequence[str]) -> None:
    owing = update(SellerSettlement).where(
        SellerSettlement.run_id == run, SellerSettlement.seller.in_(sellers)
    )
    session.execute(owing.values(run_id=None, settled_at=None).execution_options(synchronize_session=False))
