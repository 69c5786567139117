"""The payments whose time has run out, and whom nobody has told."""

from datetime import datetime

from sqlalchemy import Connection, select

from payments_mock.domain.payment import EXPIRING_STATES
from payments_mock.storage.tables import payments


def find_due(connection: Connection, merchant_id: int, now: datetime) -> list[str]:
    """Read the keys of a merchant's payments that are to expire by `now`, the earliest first."""
    statement = (
        select(payments.c.payment_key)
        .where(
            payments.c.merchant_id == merchant_id,
            payments.c.expires_at <= now,
            payments.c.state.in_(EXPIRING_STATES),
        )
        .order_by(payments.c.expires_at, payments.c.id)
    )
    return list(connection.scalars(statement))
