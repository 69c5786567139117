"""Read, count and clear what was asked and answered in a sandbox."""

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.merchant import Merchant
from payments_mock.storage import journal as store
from payments_mock.storage.database import reading, writing
from payments_mock.storage.journal import JournalEntry, JournalFilter


class EntryNotFoundError(PaymentError):
    """The journal of the sandbox has no entry of this number, or has it no more."""


def list_entries(merchant: Merchant, chosen: JournalFilter, limit: int) -> list[JournalEntry]:
    """Return the first `limit` entries that a filter chooses, the oldest first."""
    with reading() as connection:
        return store.find(connection, merchant.id, chosen, limit)


def list_newest_entries(merchant: Merchant, after_id: int, most: int) -> list[JournalEntry]:
    """Return the newest entries behind an id, at most so many, the oldest first."""
    with reading() as connection:
        return store.find_newest(connection, merchant.id, after_id, most)


def count_entries(merchant: Merchant, chosen: JournalFilter) -> int:
    """Count the entries that a filter chooses."""
    with reading() as connection:
        return store.count(connection, merchant.id, chosen)


def find_entry(merchant: Merchant, entry_id: int) -> JournalEntry:
    """Return the entry of this number.

    Raises:
        EntryNotFoundError: there is none.
    """
    found = list_entries(merchant, JournalFilter(after_id=entry_id - 1), limit=1)
    if not found or found[0].id != entry_id:
        raise EntryNotFoundError(f"the journal has no entry {entry_id}")
    return found[0]


def clear_entries(merchant: Merchant) -> int:
    """Remove all entries of the sandbox; returns how many there were."""
    with writing() as connection:
        return store.clear(connection, merchant.id)
