"""The payments that time itself does something to."""

from datetime import datetime

from sqlalchemy import Connection, select

from payments_mock.domain.payment import EXPIRING_STATES, Payment
from payments_mock.domain.states import State
from payments_mock.storage.tables import payments

_PAYMENT = tuple(payments.c[name] for name in Payment.__dataclass_fields__ if name != "cancels")


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


def find_awaiting_deposit(connection: Connection, merchant_id: int) -> list[Payment]:
    """Read a merchant's payments whose virtual account waits for its deposit, the oldest first."""
    statement = (
        select(*_PAYMENT)
        .where(payments.c.merchant_id == merchant_id, payments.c.state == State.AWAITING_DEPOSIT)
        .order_by(payments.c.id)
    )
    return [Payment(*row) for row in connection.execute(statement)]
