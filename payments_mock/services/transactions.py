"""The transactions of use cases, the idempotency keys kept in them, and whether the database takes any."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from payments_mock.domain.errors import PaymentError
from payments_mock.services.context import Context
from payments_mock.storage import idempotency as store
from payments_mock.storage.engine.database import PROBE_SECONDS, Database
from payments_mock.storage.engine.schema import probe_reading, probe_writing
from payments_mock.storage.idempotency import StoredAnswer

__all__ = [
    "Database",
    "check_database",
    "claim_or_find",
    "end_hold",
    "in_transaction",
    "release",
    "take_over",
]

Result = TypeVar("Result")


def in_transaction(database: Database, use_case: Callable[[Connection], Result]) -> Result:
    """Run a use case in a transaction of its own, and commit what it did.

    A refusal is an outcome, too. Rules are judged before anything is written, so a use case that refuses has
    changed nothing but what was due before: a payment whose time ran out stays expired. Any other error
    undoes everything.

    Raises:
        PaymentError: what the use case raises.
    """
    with database.transaction() as connection:
        try:
            return use_case(connection)
        except PaymentError as error:
            refusal = error
    raise refusal


def check_database(database: Database) -> None:
    """Ask the database for an answer out of a table, and now and then to take a write.

    What is written changes no payment. That a disk is full shows only when something is committed. The write
    is one statement, and so a transaction of its own: it need not queue behind the other writers of this
    process, as a check must be answered whatever they do.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: no answer came, or what was written was not taken.
    """
    with database.connection() as connection:
        probe_reading(connection)
        if database.is_probe_due():
            probe_writing(connection, PROBE_SECONDS)
            database.note_probe()


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


def end_hold(database: Database, scope: str, owner: str) -> None:
    """Stop counting a kept answer as in progress, as it has left."""
    with database.transaction() as connection:
        store.end_hold(connection, scope, owner)


def release(database: Database, scope: str, owner: str) -> None:
    """Give up an open claim, so that the next request with its scope is the first one."""
    with database.transaction() as connection:
        store.release(connection, scope, owner)
