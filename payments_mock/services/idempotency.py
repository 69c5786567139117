"""Claim the scope of an idempotency key, find out who has it, and let it go."""

from datetime import datetime, timedelta

from payments_mock.services.context import Context
from payments_mock.storage import idempotency as store
from payments_mock.storage.engine.database import Database
from payments_mock.storage.idempotency import StoredAnswer

KEPT_FOR = timedelta(days=15)


def claim_or_find(context: Context, scope: str, owner: str, machine_time: datetime) -> StoredAnswer | None:
    """Claim a scope for `owner` and return None, or return what is known of it.

    Raises:
        ScopeTakenError: somebody has claimed it this very moment.
    """
    now = context.now()
    with context.database.transaction() as connection:
        stored = store.find(connection, scope)
        if stored is not None and now - stored.claimed_at < KEPT_FOR:
            return stored
        if stored is not None:
            store.forget(connection, scope, stored)
        store.claim(connection, context.merchant.id, scope, owner, now, machine_time)
    return None


def take_over(
    database: Database, scope: str, stored: StoredAnswer, owner: str, machine_time: datetime
) -> bool:
    """Make an abandoned claim that of `owner`; returns whether it still was as it is `stored`."""
    with database.transaction() as connection:
        return store.take_over(connection, scope, stored, owner, machine_time)


def release(database: Database, scope: str, owner: str) -> None:
    """Give up an open claim, so that the next request with its scope is the first one."""
    with database.transaction() as connection:
        store.release(connection, scope, owner)
