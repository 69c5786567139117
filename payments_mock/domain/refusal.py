"""How a payment ends without a charge: refused, or run out of time."""

from datetime import datetime

from payments_mock.domain.payment import Payment
from payments_mock.domain.states import Event, State

EXPIRED_CODE = "EXPIRED_PAYMENT"


def abort(payment: Payment, code: str) -> Payment:
    """Return the payment as refused, for the reason that `code` names."""
    return payment.after(Event.ABORT, failure_code=code, expires_at=None)


def expire(payment: Payment) -> Payment:
    """Return the payment as run out of time."""
    return payment.after(Event.EXPIRE, failure_code=EXPIRED_CODE)


def happened_at(after: Payment, now: datetime) -> datetime:
    """Return when a change happened that is stored `now`.

    A payment whose time ran out did so at the end of its time, however much later somebody looked.
    """
    if after.state is State.EXPIRED and after.expires_at is not None:
        return min(now, after.expires_at)
    return now


def expire_if_due(payment: Payment, now: datetime) -> Payment | None:
    """Return the payment as run out of time if it has, else None."""
    return expire(payment) if payment.is_due(now) else None
