"""The claims on webhooks in the outbox: what is due, who delivers it, and the end of a claim.

Whoever makes an attempt has claimed the delivery before, by a compare-and-set that lets one of many in. A
claim ends with the attempt's record, when its time is up, or when its process is known to be gone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    update,
)

from payments_mock.domain.sandboxes import SandboxClock
from payments_mock.domain.values import immutable
from payments_mock.domain.webhooks import DeliveryState, Standing
from payments_mock.storage.columns import UtcTime
from payments_mock.storage.tables import merchants
from payments_mock.storage.webhooks.deliveries import ATTEMPT_FIELDS, Attempt, Delivery, select_delivery
from payments_mock.storage.webhooks.endpoints import webhook_attempts as attempts
from payments_mock.storage.webhooks.endpoints import webhook_deliveries as deliveries

_machine_now = bindparam("machine_now", type_=UtcTime)
_sandbox_now = func.coalesce(merchants.c.clock_frozen_at, _machine_now + merchants.c.clock_offset)
_is_due = and_(
    deliveries.c.is_open == true(),
    or_(
        deliveries.c.by_hand == true(),
        and_(deliveries.c.due_at <= _sandbox_now, deliveries.c.not_before <= _machine_now),
    ),
)
_is_free = or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= _machine_now)


def find_claimed(connection: Connection, holder: str) -> list[Delivery]:
    """Read the deliveries that `holder` has claimed, the oldest first."""
    statement = select_delivery.where(deliveries.c.claimed_by == holder).order_by(deliveries.c.id)
    return [Delivery(*row) for row in connection.execute(statement)]


def has_open(connection: Connection, merchant_id: int | None = None) -> bool:
    """Tell whether any delivery, of all merchants or of one, is still to be made, now or later."""
    statement = select(deliveries.c.id).where(deliveries.c.is_open == true()).limit(1)
    if merchant_id is not None:
        statement = statement.where(deliveries.c.merchant_id == merchant_id)
    return connection.execute(statement).first() is not None


def find_due(
    connection: Connection,
    machine_now: datetime,
    limit: int,
    merchant_id: int,
    *,
    with_claimed: bool = False,
) -> list[int]:
    """Return the ids of a merchant's deliveries that are due, the oldest first.

    Those that somebody has claimed are left out unless `with_claimed`.
    """
    statement = _due(merchant_id, with_claimed).order_by(deliveries.c.id).limit(limit)
    return list(connection.scalars(statement, {"machine_now": machine_now}))


@immutable
class Unrest:
    """How many deliveries are under way, or about to be, how many wait for the clock, and until when."""

    under_way: int
    later: int
    next_at: datetime | None


def find_unrest(
    connection: Connection, machine_now: datetime, merchant_id: int, order_id: str | None
) -> Unrest:
    """Count a merchant's deliveries that are still to be made, those of one order or all.

    A delivery that waits for real seconds counts as under way: no clock need be moved for it.
    """
    is_near = or_(
        deliveries.c.by_hand == true(),
        deliveries.c.claimed_by.is_not(None),
        deliveries.c.due_at <= _sandbox_now,
    )
    near = func.count(case((is_near, 1)))
    next_at = func.min(case((not_(is_near), deliveries.c.due_at)), type_=UtcTime)
    statement = (
        select(near, func.count() - near, next_at)
        .join_from(deliveries, merchants)
        .where(deliveries.c.is_open == true(), deliveries.c.merchant_id == merchant_id)
    )
    if order_id is not None:
        statement = statement.where(deliveries.c.order_id == order_id)
    return Unrest(*connection.execute(statement, {"machine_now": machine_now}).one())


def find_due_merchants(connection: Connection, machine_now: datetime) -> list[int]:
    """Return the ids of the merchants who have a delivery that is due and that nobody has claimed."""
    statement = (
        select(deliveries.c.merchant_id).join_from(deliveries, merchants).where(_is_due, _is_free).distinct()
    )
    return list(connection.scalars(statement, {"machine_now": machine_now}))


def next_due(connection: Connection, except_of: Collection[int] = ()) -> datetime | None:
    """Return when, by the machine's clock, the next delivery is due that nobody has claimed, if any is.

    Those of the merchants `except_of` don't count. A clock that stands still brings none nearer.
    """
    by_clock = deliveries.c.due_at - merchants.c.clock_offset
    due: ColumnElement[datetime] = case(
        (by_clock > deliveries.c.not_before, by_clock), else_=deliveries.c.not_before
    )
    statement = (
        select(func.min(due, type_=UtcTime))
        .join_from(deliveries, merchants)
        .where(
            deliveries.c.is_open == true(),
            deliveries.c.claimed_by.is_(None),
            deliveries.c.merchant_id.not_in(except_of),
            or_(merchants.c.clock_frozen_at.is_(None), deliveries.c.due_at <= merchants.c.clock_frozen_at),
        )
    )
    return connection.execute(statement).scalar_one()


def claim_due(
    connection: Connection,
    machine_now: datetime,
    holder: str,
    until: datetime,
    limit: int,
    merchant_id: int,
) -> list[Delivery]:
    """Claim deliveries of a merchant that are due and return them, the oldest first, but none of others."""
    statement = _due(merchant_id, with_claimed=False).order_by(deliveries.c.id).limit(limit)
    # SQLite has no row locks and needs none: it lets one transaction write at a time.
    locked = statement.with_for_update(skip_locked=True, of=deliveries)
    found = list(connection.scalars(locked, {"machine_now": machine_now}))
    for delivery_id in found:
        same = (deliveries.c.id == delivery_id, deliveries.c.is_open == true(), _is_free)
        claim = update(deliveries).where(*same).values(claimed_by=holder, claimed_until=until)
        connection.execute(claim, {"machine_now": machine_now})
    return find_claimed(connection, holder) if found else []


def is_preceded(connection: Connection, delivery: Delivery) -> bool:
    """Tell whether an earlier event of the same payment is still on its way to the same URL."""
    earlier = select(deliveries.c.id).where(
        deliveries.c.claimed_by.is_not(None),
        deliveries.c.claimed_by != delivery.claimed_by,
        deliveries.c.id < delivery.id,
        deliveries.c.payment_key == delivery.payment_key,
        deliveries.c.merchant_id == delivery.merchant_id,
        deliveries.c.url == delivery.url,
        deliveries.c.attempts == 0,
    )
    return connection.execute(earlier.limit(1)).first() is not None


def find_clock(connection: Connection, merchant_id: int) -> SandboxClock | None:
    """Read the clock of a merchant's sandbox, None where the merchant is gone."""
    clock = select(merchants.c.clock_offset, merchants.c.clock_frozen_at)
    row = connection.execute(clock.where(merchants.c.id == merchant_id)).first()
    return None if row is None else SandboxClock(*row)


def renew(connection: Connection, delivery: Delivery, until: datetime) -> bool:
    """Keep a claimed delivery for longer; returns whether it was still the claimer's."""
    return connection.execute(_own(delivery).values(claimed_until=until)).rowcount == 1


def record(connection: Connection, delivery: Delivery, attempt: Attempt, standing: Standing) -> bool:
    """Store an attempt at a delivery and end its claim; returns whether it was still the claimer's."""
    is_pending = standing.state is DeliveryState.PENDING
    changed = _own(delivery).values(
        state=standing.state,
        retries=standing.retries,
        due_at=standing.due_at,
        attempts=attempt.number,
        # An attempt that was asked for during this one is still to be made.
        by_hand=False if delivery.by_hand else deliveries.c.by_hand,
        is_open=is_pending or (False if delivery.by_hand else deliveries.c.by_hand),
        claimed_by=None,
        claimed_until=None,
    )
    if connection.execute(changed).rowcount != 1:
        return False
    values = {name: getattr(attempt, name) for name in ATTEMPT_FIELDS}
    owner = {"merchant_id": delivery.merchant_id, "delivery_id": delivery.id}
    connection.execute(insert(attempts), values | owner)
    return True


def claim_holders(connection: Connection) -> list[str]:
    """Return everybody who has claimed a delivery."""
    return list(
        connection.scalars(
            select(deliveries.c.claimed_by).where(deliveries.c.claimed_by.is_not(None)).distinct()
        )
    )


def give_up_claims(connection: Connection, holder: str) -> int:
    """End the claims of a holder that is gone; returns how many there were."""
    statement = update(deliveries).where(deliveries.c.claimed_by == holder)
    return connection.execute(statement.values(claimed_by=None, claimed_until=None)).rowcount


def _due(merchant_id: int, with_claimed: bool) -> Any:
    conditions: list[ColumnElement[bool]] = [_is_due, deliveries.c.merchant_id == merchant_id]
    if not with_claimed:
        conditions.append(_is_free)
    return select(deliveries.c.id).join_from(deliveries, merchants).where(*conditions)


def _own(delivery: Delivery) -> Any:
    return update(deliveries).where(
        deliveries.c.id == delivery.id, deliveries.c.claimed_by == delivery.claimed_by
    )
