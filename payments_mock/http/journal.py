"""The journal: every call of a sandbox with its answer and faults, and whoever waits for calls."""

import asyncio
import atexit
import logging
import os
import time
from collections import deque
from datetime import datetime
from functools import partial
from threading import Event, Lock, Thread
from typing import Any, Final

from flask import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.api.errors import AuthenticationError
from payments_mock.api.wire import CallRecord
from payments_mock.clock import Clock
from payments_mock.domain.faults import RequestFacts
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import keys_that_belong_to
from payments_mock.http.authentication import read_credentials
from payments_mock.http.masking import mask_fields, mask_keys, mask_path, mask_reason
from payments_mock.http.request_facts import kept_body, kept_headers
from payments_mock.services.context import Context, in_transaction
from payments_mock.services.journal import JournalWaits, Wait, write_entries
from payments_mock.storage import journal as store
from payments_mock.storage.columns import storable
from payments_mock.storage.engine.database import Database
from payments_mock.storage.journal import JournalFilter
from payments_mock.storage.journal_writing import MOST_STRAY_CALLS, StrayCall, add_stray_calls
from payments_mock.storage.sandboxes import key_digest

LOOK_SECONDS: Final = 0.1
"""The time between two looks for entries that other processes wrote or removed."""

_log = logging.getLogger(__name__)


class JournalWatch:
    """Watches the journal for the waiting calls of this process, and sleeps while there are none.

    It sees what this process writes at once, and what others write a moment later.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._process: int | None = None
        self._waits = JournalWaits(database)
        self._has_waits = Event()
        self._has_news = Event()

    def begin(self, merchant_id: int, chosen: JournalFilter) -> Wait:
        """Begin to count a merchant's new entries that a filter chooses."""
        with self._lock:
            if self._process != os.getpid():
                self._process, self._waits = os.getpid(), JournalWaits(self._database)
                Thread(target=self._keep_looking, name="journal waits", daemon=True).start()
        wait = self._waits.begin(merchant_id, chosen)
        self._has_waits.set()
        return wait

    def tell(self) -> None:
        """Look at once, as something was written."""
        if self._waits.are_there:
            self._has_news.set()

    def finish(self, merchant_id: int) -> None:
        """Wake everybody who waits in a merchant's sandbox, as its entries were removed."""
        self._waits.finish(merchant_id)

    def _keep_looking(self) -> None:
        while True:
            self._has_waits.wait()
            self._has_waits.clear()
            while self._waits.are_there:
                self._has_news.wait(LOOK_SECONDS)
                self._has_news.clear()
                self._look()

    def _look(self) -> None:
        try:
            self._waits.look()
        except SQLAlchemyError as error:
            _log.warning("waits for the journal: tried again in a moment: %s", error.__class__.__name__)


PRUNE_EVERY = 64
"""How many entries a process writes before it removes old ones: often and little is fast."""

WRITE_BEHIND_SECONDS = 0.02
"""How long an entry may wait to be written together with others."""


class CallJournal:
    """Keeps the newest `kept` entries of each sandbox; 0 keeps none.

    Entries are written after the answers, many in one transaction, which is far cheaper than one by one.
    What a process has not written yet is lost if it is killed: the journal of its last moment, never a
    payment.

    With SQLite, writing hardly ever waits for a disk, so the event loop does it itself: a thread would
    compete with it for the interpreter, which makes the slowest answers twice as slow.
    """

    def __init__(self, database: Database, kept: int, clock: Clock) -> None:
        self._database = database
        self._kept = kept
        self._clock = clock
        self._waiting: deque[tuple[int, store.JournalEntry]] = deque()
        # Bounded, so that a flood of calls with wrong keys costs no more than a few.
        self._strays: deque[StrayCall] = deque(maxlen=MOST_STRAY_CALLS)
        self._lock = Lock()
        self._writer_of: int | None = None
        self._has_entries = Event()
        self._until_pruning = PRUNE_EVERY
        self.watch = JournalWatch(database)
        atexit.register(self.write_or_lose)

    def add(self, call: CallRecord, context: Context | None, request: Request, response: Response) -> None:
        """Add an entry for a call that asked for an operation."""
        if self._kept == 0:
            return
        if context is None and response.status_code in _STRAY_STATUSES:
            self.add_stray(_stray(call, request, response, self._clock()))
        if call.facts is None or context is None:
            return
        entry = _entry(call, call.facts, context, request, response)
        if entry.payment_key is not None:
            entry.payment_key = mask_keys(entry.payment_key)
        self.add_entry(context.merchant.id, entry)

    def now(self) -> datetime:
        """Return the machine's time, by which calls of nobody are told."""
        return self._clock()

    def add_entry(self, merchant_id: int, entry: store.JournalEntry) -> None:
        """Add an entry that is made, and masked."""
        if self._kept:
            # Appending is atomic, so answers need no lock here.
            self._waiting.append((merchant_id, entry))
            self._wake()

    def add_stray(self, stray: StrayCall) -> None:
        """Add a call of nobody."""
        if self._kept:
            self._strays.append(stray)
            self._wake()

    def _wake(self) -> None:
        if not self._has_entries.is_set():
            self._wake_writer()

    def _wake_writer(self) -> None:
        loop = _running_loop() if self._database.is_sqlite else None
        if loop is not None:
            loop.call_later(WRITE_BEHIND_SECONDS, self.write_or_lose)
        elif self._writer_of != os.getpid():
            self._writer_of = os.getpid()
            Thread(target=self._keep_writing, name="journal", daemon=True).start()
        self._has_entries.set()

    def write(self) -> None:
        """Write the waiting entries; afterwards every call that this process has answered can be read."""
        with self._lock:
            self._has_entries.clear()
            waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if waiting:
                write_entries(
                    self._database, waiting, self._kept, prunes=self._is_time_to_prune(len(waiting))
                )
                self.watch.tell()
            strays = [self._strays.popleft() for _ in range(len(self._strays))]
            if strays:
                in_transaction(self._database, partial(add_stray_calls, calls=strays))

    def _is_time_to_prune(self, written: int) -> bool:
        self._until_pruning -= written
        if self._until_pruning > 0:
            return False
        self._until_pruning = PRUNE_EVERY
        return True

    def _keep_writing(self) -> None:
        while True:
            self._has_entries.wait()
            time.sleep(WRITE_BEHIND_SECONDS)
            self.write_or_lose()

    def write_or_lose(self) -> None:
        """Write the waiting entries, or log that they are lost if the database takes no writes."""
        try:
            self.write()
        except SQLAlchemyError as error:
            _log.warning("entries of the journal are lost: %s", error.__class__.__name__)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread, None where there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


_STRAY_STATUSES: Final = (401, 403)
_SHOWN_OF_KEY: Final = len("test_sk_") + 2


def shown_of_key(key: str) -> str | None:
    """Return how a key begins, which is all that is kept of one that nobody has."""
    return f"{storable(key, _SHOWN_OF_KEY)}..." if key else None


def _stray(call: CallRecord, request: Request, response: Response, at: datetime) -> StrayCall:
    """Note a call without a key, or with an unknown one; the key itself is not stored."""
    try:
        key = read_credentials(request.environ.get("HTTP_AUTHORIZATION")).partition(":")[0]
    except AuthenticationError:
        key = ""
    is_test_key = key.startswith(("test_sk_", "test_gsk_")) and bool(list(keys_that_belong_to(key)))
    return StrayCall(
        at=at,
        method=request.method,
        path=mask_path(request.full_path.rstrip("?"))[:_LONGEST_PATH].replace("\0", ""),
        status=response.status_code,
        code=call.outcome,
        why=None if call.reason is None else mask_keys(call.reason.message),
        key=shown_of_key(key),
        digest=key_digest(key) if is_test_key else None,
    )


_LONGEST_PATH: Final = 500


def _entry(
    call: CallRecord, facts: RequestFacts, context: Context, request: Request, response: Response
) -> store.JournalEntry:
    change, environ = call.change, request.environ
    query, now = environ["QUERY_STRING"], context.clock()
    path = f"{request.path}?{query}" if query else request.path
    masked = mask_path(path)
    return store.JournalEntry(
        at=context.merchant.clock.at(now),
        received_at=now,
        milliseconds=round((time.perf_counter() - call.began) * 1000),
        operation=facts.operation,
        method=environ["REQUEST_METHOD"],
        path=masked,
        payment_key=change.payment_key or storable(facts.payment_key, 200),
        order_id=change.order_id or storable(facts.order_id, 64),
        amount=facts.amount,
        status=response.status_code,
        code=call.outcome,
        state_before=change.before,
        state_after=change.after,
        details=_details(call, request, response, is_masked=masked != path),
    )


def _details(call: CallRecord, request: Request, response: Response, *, is_masked: bool) -> dict[str, Any]:
    body, lacks = kept_body(request)
    details: dict[str, Any] = {
        "requestHeaders": kept_headers(request.environ),
        "requestBody": body,
        "responseHeaders": dict(response.headers.to_wsgi_list()),
        "responseBody": mask_fields(response.get_data(as_text=True)),
        "faults": [strike.fault.name for strike in call.strikes],
    }
    if call.reason is not None or call.strikes:
        details |= {"fault": call.fault, "sent": call.sent, "reason": mask_reason(call.reason)}
    if is_masked:
        lacks = "the journal masks a secret in its address"
    _note_seldom(details, call, request, lacks)
    return details


def _note_seldom(details: dict[str, Any], call: CallRecord, request: Request, lacks: str | None) -> None:
    """Add what few calls have, such as what one must know to make them again."""
    path = request.path
    # A path is kept decoded, so these may be others than those that came.
    if "?" in path or "\ufffd" in path:
        lacks = lacks or "its address can't be told from another one"
    if lacks is not None:
        details["lacks"] = lacks
    if call.webhooks.mark is not None:
        details["mark"] = call.webhooks.mark
    if call.key_family is not KeyFamily.API:
        details["keyFamily"] = call.key_family
    if call.replay is not None:
        details["replayOf"] = call.replay.entry
    if call.scope is not None:
        details["scope"] = call.scope
