"""The payments that time itself does something to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, true

from payments_mock.domain.payment import Payment
from payments_mock.domain.states import State
from payments_mock.storage.tables import RUNS_OUT, merchants, payments

_PAYMENT = tuple(payments.c[name] for name in Payment.__dataclass_fields__ if name != "cancels")

_next_to_expire: Any = (
    select(payments.c.expires_at)
    .where(payments.c.merchant_id == merchants.c.id, RUNS_OUT)
    .order_by(payments.c.expires_at)
    .limit(1)
    .scalar_subquery()
)
_select_deadlines: Select[Any] = select(merchants.c.code, merchants.c.clock_offset, _next_to_expire).where(
    merchants.c.has_webhooks == true(), merchants.c.clock_frozen_at.is_(None)
)


def find_due(connection: Connection, merchant_id: int, now: datetime) -> list[str]:
    """Read the keys of a merchant's payments that are to expire by `now`, the earliest first."""
    statement = (
        select(payments.c.payment_key)
        .where(payments.c.merchant_id == merchant_id, payments.c.expires_at <= now, RUNS_OUT)
        .order_by(payments.c.expires_at, payments.c.id)
    )
    return list(connection.scalars(statement))


def find_deadlines(connection: Connection) -> list[tuple[str, datetime]]:
    """Read when the next payment expires of each merchant who would be told, by code and the machine's clock.

    A clock that stands still brings no deadline nearer.
    """
    rows = connection.execute(_select_deadlines)
    return [(code, expires_at - offset) for code, offset, expires_at in rows if expires_at is not None]


def is_anybody_told(connection: Connection) -> bool:
    """Tell whether any merchant listens to webhooks."""
    listening = select(merchants.c.id).where(merchants.c.has_webhooks == true()).limit(1)
    return connection.execute(listening).first() is not None


def find_awaiting_deposit(connection: Connection, merchant_id: int) -> list[Payment]:
    """Read a merchant's payments whose virtual account waits for its deposit, the oldest first."""
    statement = (
        select(*_PAYMENT)
        .where(payments.c.merchant_id == merchant_id, payments.c.state == State.AWAITING_DEPOSIT)
        .order_by(payments.c.id)
    )
    return [Payment(*row) for row in connection.execute(statement)]
