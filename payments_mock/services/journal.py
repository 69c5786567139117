"""Read, count and clear the calls of a sandbox, wait for more, and tell what else is new."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from operator import itemgetter
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import JournalLane, immutable
from payments_mock.storage import journal as store
from payments_mock.storage import journal_writing as writing
from payments_mock.storage import sandboxes as merchants
from payments_mock.storage.columns import EPOCH, NewsRow, NewsSource, Readers
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.schema import others_may_be_connected
from payments_mock.storage.journal import JournalEntry, JournalFilter
from payments_mock.storage.payment_history import NEW_MOVEMENTS, NEW_PAYMENTS
from payments_mock.storage.webhooks.deliveries import NEW_ATTEMPTS, NEW_DELIVERIES


class EntryNotFoundError(PaymentError):
    """The journal of the sandbox has no entry of this number, or no longer."""


def list_entries(
    database: Database, merchant: Merchant, chosen: JournalFilter, limit: int, *, newest_first: bool = False
) -> list[JournalEntry]:
    """Return the first `limit` entries that a filter chooses, the oldest or the newest first."""
    with database.connection() as connection:
        return store.find(connection, merchant.id, chosen, limit, newest_first=newest_first)


def list_newest_entries(
    database: Database, merchant: Merchant, after_id: int, most: int
) -> list[JournalEntry]:
    """Return at most so many of the newest entries after an id, the oldest first."""
    with database.connection() as connection:
        return store.find_newest(connection, merchant.id, after_id, most)


def may_have_others(database: Database) -> bool:
    """Tell whether other processes may have answered calls."""
    with database.connection() as connection:
        return others_may_be_connected(connection)


def count_entries(database: Database, merchant: Merchant, chosen: JournalFilter) -> int:
    """Count the entries that a filter chooses."""
    with database.connection() as connection:
        return store.count(connection, merchant.id, chosen)


def find_entry(database: Database, merchant: Merchant, entry_id: int) -> JournalEntry:
    """Return the entry of this number.

    Raises:
        EntryNotFoundError: there is none.
    """
    found = list_entries(database, merchant, JournalFilter(after_id=entry_id - 1, lane=None), 1)
    if not found or found[0].id != entry_id:
        raise EntryNotFoundError(f"the journal has no entry {entry_id}")
    return found[0]


def clear_entries(database: Database, merchant: Merchant) -> int:
    """Remove all entries of the sandbox; returns how many there were."""
    with database.transaction() as connection:
        return writing.clear(connection, merchant.id)


def write_entries(
    database: Database, entries: Sequence[tuple[int, JournalEntry]], kept: int, *, prunes: bool
) -> None:
    """Store entries, each with the id of its merchant, in one transaction.

    With `prunes`, it removes these merchants' entries beyond the newest `kept`.
    """
    with database.transaction() as connection:
        writing.add_all(connection, entries)
        if prunes:
            for merchant_id in {merchant_id for merchant_id, _ in entries}:
                writing.prune(connection, merchant_id, kept)


LATE_ROWS: Final = 256
"""How far before the newest row another may still appear, as its transaction took longer."""


class Wait:
    """Counts new entries that match a filter, and wakes whoever waits for them.

    It may wake too early, so who is woken looks again. It never counts an entry too few, if it was begun
    before those that are there were counted.
    """

    def __init__(self, merchant_id: int, chosen: JournalFilter, end: Callable[["Wait"], None]) -> None:
        self.merchant_id = merchant_id
        self._chosen = chosen
        self._end = end
        self._came = 0
        self._missing: int | None = None
        self.is_over = False
        """Whether there is a reason to look again."""
        self._wake: Callable[[], None] | None = None

    def until(self, missing: int | None) -> None:
        """End the wait after so many new entries; with None, only when the sandbox changes."""
        self._missing = missing
        self._look()

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` when the wait ends, in whichever thread; at once if it has ended."""
        self._wake = wake
        if self.is_over:
            wake()

    def release(self) -> None:
        """Forget the wait, as nobody waits any more."""
        self._end(self)

    def take(self, entries: Sequence[JournalEntry]) -> None:
        """Count new entries of the sandbox."""
        self._came += sum(1 for entry in entries if self._chosen.chooses(entry))
        self._look()

    def finish(self) -> None:
        """Wake whoever waits: the entries are there, or can't come any more."""
        self.is_over = True
        if self._wake is not None:
            self._wake()

    def _look(self) -> None:
        if self._missing is not None and self._came >= self._missing:
            self.finish()


class JournalWaits:
    """Everybody who waits in this process; one look at the database serves them all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._waits: dict[int, set[Wait]] = {}
        self._known_rows: frozenset[int] | None = None

    def begin(self, merchant_id: int, chosen: JournalFilter) -> Wait:
        """Begin to count the merchant's entries that match a filter, from this moment on."""
        wait = Wait(merchant_id, chosen, self._forget)
        with self._lock:
            if self._known_rows is None:
                with self._database.connection() as connection:
                    floor = store.newest_row(connection) - LATE_ROWS
                    self._known_rows = frozenset(store.rows_behind(connection, floor))
            self._waits.setdefault(merchant_id, set()).add(wait)
        return wait

    @property
    def are_there(self) -> bool:
        """Whether anybody waits."""
        return bool(self._waits)

    def look(self) -> None:
        """Report new entries since the last look, and deleted sandboxes, to those who wait."""
        with self._lock:
            known = self._known_rows
        if known is None:
            return
        with self._database.connection() as connection:
            floor = max(known, default=0) - LATE_ROWS
            rows = store.rows_behind(connection, floor)
            waiting = self._copy()
            news = [row for row, merchant_id in rows.items() if row not in known and merchant_id in waiting]
            entries = [(rows[row], store.entries_of_row(connection, row)) for row in news]
            there = merchants.existing(connection, waiting)
        self._remember(rows)
        for merchant_id, of_row in entries:
            for wait in waiting[merchant_id]:
                wait.take(of_row)
        for merchant_id in waiting.keys() - there:
            self._finish(waiting[merchant_id])

    def finish(self, merchant_id: int) -> None:
        """Wake everybody who waits in a merchant's sandbox."""
        self._finish(self._copy().get(merchant_id, ()))

    @staticmethod
    def _finish(waits: Collection[Wait]) -> None:
        for wait in waits:
            wait.finish()

    def _copy(self) -> Mapping[int, Collection[Wait]]:
        with self._lock:
            return {merchant_id: tuple(waits) for merchant_id, waits in self._waits.items()}

    def _remember(self, rows: Collection[int]) -> None:
        with self._lock:
            if self._known_rows is not None:
                self._known_rows = frozenset(rows) or self._known_rows

    def _forget(self, wait: Wait) -> None:
        with self._lock:
            waits = self._waits.get(wait.merchant_id, set())
            waits.discard(wait)
            if not waits:
                self._waits.pop(wait.merchant_id, None)
            if not self._waits:
                self._known_rows = None


class NewsKind(StrEnum):
    """What is new: an answer, an act of a browser, a payment, moved money, a webhook to be sent or one sent.

    STRAY_CALL is in no sandbox. After FORGOTTEN something was removed: who keeps what it was told looks anew.
    """

    CALL = "call"
    BROWSER = "browser"
    PAYMENT = "payment"
    MOVEMENT = "movement"
    WEBHOOK = "webhook"
    ATTEMPT = "attempt"
    STRAY_CALL = "stray-call"
    FORGOTTEN = "forgotten"


_SOURCES: Final[Mapping[NewsKind, NewsSource]] = {
    NewsKind.PAYMENT: NEW_PAYMENTS,
    NewsKind.MOVEMENT: NEW_MOVEMENTS,
    NewsKind.WEBHOOK: NEW_DELIVERIES,
    NewsKind.ATTEMPT: NEW_ATTEMPTS,
    NewsKind.STRAY_CALL: writing.NEW_STRAY_CALLS,
}

NewsPosition = Mapping[NewsKind, tuple[int, datetime]]
"""How far each table was read: the number of a row, and its time."""

THE_BEGINNING: Final[NewsPosition] = dict.fromkeys((NewsKind.CALL, *_SOURCES), (0, EPOCH))


@immutable
class News:
    """Something that happened: whose it is, and what it is about, as far as that is known.

    `of_id` is the number of the call, of the payment or of the delivery. `position` is behind it.
    """

    kind: NewsKind
    at: datetime | None
    merchant_id: int | None
    order_id: str | None
    payment_key: str | None
    of_id: int | None
    position: NewsPosition


def newest_position(database: Database, merchant_ids: Readers) -> NewsPosition:
    """Return the position behind everything that these merchants' sandboxes have."""
    with database.connection() as connection:
        row = store.newest_row(connection)
        newest = {kind: source.newest(connection, merchant_ids) for kind, source in _SOURCES.items()}
    return {NewsKind.CALL: ((row + 1) * store.LARGEST_BATCH - 1, EPOCH), **newest}


def read_news(database: Database, merchant_ids: Readers, position: NewsPosition, limit: int) -> list[News]:
    """Return what happened first in these merchants' sandboxes behind a position, at most so many.

    Each table's rows are in their order. What happened at one time may come in any.
    """
    with database.connection() as connection:
        if not all(source.is_there(connection, *position[kind]) for kind, source in _SOURCES.items()):
            newest = {kind: source.newest(connection, merchant_ids) for kind, source in _SOURCES.items()}
            behind = {NewsKind.CALL: position[NewsKind.CALL], **newest}
            return [News(NewsKind.FORGOTTEN, None, None, None, None, None, behind)]
        told = [_calls(connection, merchant_ids, position, limit)]
        for kind, source in _SOURCES.items():
            rows = source.behind(connection, merchant_ids, position[kind][0], limit)
            told.append([(row.at, kind, row) for row in rows])
    news = []
    for _, kind, row in islice(merge(*told, key=itemgetter(0)), limit):
        of_table = NewsKind.CALL if kind is NewsKind.BROWSER else kind
        position = {**position, of_table: (row.number, EPOCH if of_table is NewsKind.CALL else row.at)}
        news.append(News(kind, *row[1:], position))
    return news


def _calls(
    connection: Connection, merchant_ids: Readers, position: NewsPosition, limit: int
) -> list[tuple[datetime, NewsKind, NewsRow]]:
    told = []
    for owner, one in store.calls_behind(connection, merchant_ids, position[NewsKind.CALL][0], limit):
        kind = NewsKind.BROWSER if one.lane is JournalLane.SHOPPER else NewsKind.CALL
        told.append((one.at, kind, NewsRow(one.id, one.at, owner, one.order_id, one.payment_key, one.id)))
    return told
