"""What time brings about in a sandbox by itself, done at once when its clock has been moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from payments_mock.domain.virtual_accounts import is_expired
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment
from payments_mock.storage.database import reading
from payments_mock.storage.due_payments import find_awaiting_deposit, find_due


@dataclass(frozen=True, slots=True)
class Due:
    """What was done: the keys of the payments whose time had run out, and of those whose account closed."""

    expired_payments: Sequence[str]
    closed_accounts: Sequence[str]


def run_due(context: Context, since: datetime) -> Due:
    """Do everything in the context's sandbox that was due by its clock, which showed `since` before."""
    return Due(expire_due(context), _closed_accounts(context, since))


def expire_due(context: Context) -> list[str]:
    """Store the payments as expired whose time is over by the sandbox's clock; returns their keys."""
    with reading() as connection:
        keys = find_due(connection, context.merchant.id, context.now())
    for key in keys:
        # A change that decides nothing still stores what has run out of time.
        change_payment(context, key, lambda _: None)
    return keys


def _closed_accounts(context: Context, since: datetime) -> list[str]:
    """Find the payments whose deposit did not come in time, which leaves their states as they are."""
    now = context.now()
    with reading() as connection:
        waiting = find_awaiting_deposit(connection, context.merchant.id)
    return [
        payment.payment_key
        for payment in waiting
        if is_expired(payment, now) and not is_expired(payment, since)
    ]
