"""The attempts at deliveries: which are due, who makes them, and what came of each."""

from collections.abc import Callable, Collection
from datetime import datetime

from payments_mock.domain.sandboxes import SandboxClock
from payments_mock.domain.webhooks import Standing
from payments_mock.services.context import Claim
from payments_mock.storage.engine.database import Database
from payments_mock.storage.webhooks import claims as store
from payments_mock.storage.webhooks.deliveries import Attempt, Delivery


def are_any_left(database: Database) -> bool:
    """Tell whether an earlier process left deliveries, or replicas may leave some."""
    with database.connection() as connection:
        return database.has_replicas or store.has_open(connection)


def find_clock(database: Database, delivery: Delivery) -> SandboxClock | None:
    """Return the clock of the sandbox that a delivery is of, None where that is gone."""
    with database.connection() as connection:
        return store.find_clock(connection, delivery.merchant_id)


def record_attempt(database: Database, delivery: Delivery, attempt: Attempt, standing: Standing) -> None:
    """Record an attempt and end its claim; a sandbox that was deleted or reset meanwhile gets no record."""
    with database.transaction() as connection:
        store.record(connection, delivery, attempt, standing)


def find_claimed(database: Database, holder: str) -> list[Delivery]:
    """Return the deliveries that `holder` has claimed, the oldest first."""
    with database.connection() as connection:
        return store.find_claimed(connection, holder)


def is_preceded(database: Database, delivery: Delivery) -> bool:
    """Tell whether somebody is about to tell the same URL something earlier about the same payment."""
    with database.connection() as connection:
        return store.is_preceded(connection, delivery)


def renew_claim(database: Database, delivery: Delivery, until: datetime) -> bool:
    """Keep a claimed delivery for longer; returns whether it was still the claimer's."""
    with database.transaction() as connection:
        return store.renew(connection, delivery, until)


def is_anything_due(database: Database, merchant_id: int, machine_time: datetime) -> bool:
    """Tell whether a delivery of a merchant is due, whoever has claimed it."""
    with database.connection() as connection:
        return bool(store.find_due(connection, machine_time, 1, merchant_id, with_claimed=True))


def claim_due(
    database: Database, merchant_id: int, machine_time: datetime, new_claim: Callable[[], Claim], most: int
) -> list[Delivery]:
    """Claim deliveries of a merchant that are due, at most so many, and return them, the oldest first."""
    with database.connection() as connection:
        found = store.find_due(connection, machine_time, 1, merchant_id)
    if not found:
        return []
    claim = new_claim()
    with database.transaction() as connection:
        return store.claim_due(connection, machine_time, claim.holder, claim.until, most, merchant_id)


def find_due_merchants(database: Database, machine_time: datetime) -> list[int]:
    """Return the ids of the merchants who have a delivery that is due and that nobody has claimed."""
    with database.connection() as connection:
        return store.find_due_merchants(connection, machine_time)


def next_due(database: Database, except_of: Collection[int]) -> datetime | None:
    """Return when, by the machine's clock, the next delivery is due, but for those of some merchants."""
    with database.connection() as connection:
        return store.next_due(connection, except_of)


def give_up_claims(database: Database, is_gone: Callable[[str], bool]) -> None:
    """End the claims of all holders that are gone."""
    with database.connection() as connection:
        holders = store.claim_holders(connection)
    for holder in holders:
        if is_gone(holder):
            with database.transaction() as connection:
                store.give_up_claims(connection, holder)
