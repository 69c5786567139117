"""What time brings about in a sandbox by itself, done at once when its clock has been moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment
from payments_mock.storage.database import reading
from payments_mock.storage.due_payments import find_due


@dataclass(frozen=True, slots=True)
class Due:
    """What was done: the keys of the payments whose time had run out."""

    expired_payments: Sequence[str]


def run_due(context: Context) -> Due:
    """Do everything in the context's sandbox that was due by its clock."""
    return Due(_expire_payments(context))


def _expire_payments(context: Context) -> list[str]:
    with reading() as connection:
        keys = find_due(connection, context.merchant.id, context.now())
    for key in keys:
        # A change that decides nothing still stores what has run out of time.
        change_payment(context, key, lambda _: None)
    return keys
