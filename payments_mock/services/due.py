"""What time brings about in a sandbox by itself, done at once when its clock has been moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from payments_mock.domain.merchant import Merchant
from payments_mock.domain.virtual_accounts import is_expired
from payments_mock.services.context import Context
from payments_mock.services.sandboxes import ClockChange, change_clock
from payments_mock.services.transition import expire_payment
from payments_mock.storage.database import reading, writing
from payments_mock.storage.due_payments import find_awaiting_deposit, find_due


@dataclass(frozen=True, slots=True)
class Due:
    """What was done: the keys of the payments whose time had run out, and of those whose account closed."""

    expired_payments: Sequence[str]
    closed_accounts: Sequence[str]


def move_clock(context: Context, change: ClockChange) -> tuple[Merchant, Due]:
    """Change the clock of the context's sandbox, and do everything that is due by it then.

    Nobody sees the new time before all of it is done, nor moves the clock once more.

    Raises:
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    with writing():
        before, moved = change_clock(context, change)
        there = replace(context, merchant=moved)
        since = before.clock.at(context.clock())
        return moved, Due(expire_due(there), _closed_accounts(there, since))


def expire_due(context: Context) -> list[str]:
    """Store the payments as expired whose time is over by the sandbox's clock; returns their keys.

    One that somebody else has changed meanwhile, so that it lives or has expired already, is left out.
    """
    with reading() as connection:
        keys = find_due(connection, context.merchant.id, context.now())
    return [key for key in keys if expire_payment(context, key)]


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
