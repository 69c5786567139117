"""The context of a use case: the merchant, the time, the maker of ids, and transactions.

Idempotency keys, the owners of keys and the check of the database are here, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from sqlalchemy import Connection

from payments_mock.clock import Clock
from payments_mock.domain.errors import PaymentError
from payments_mock.domain.payments.payment import KeyFamily, Payment, State
from payments_mock.domain.sandboxes import KeyOwner, Merchant
from payments_mock.domain.values import Cause, Reader, immutable
from payments_mock.domain.webhooks import DeliveryOrder, WebhookEvent
from payments_mock.ids import Ids
from payments_mock.storage import idempotency as store
from payments_mock.storage import sandboxes as owners
from payments_mock.storage.engine.database import PROBE_SECONDS, Database
from payments_mock.storage.engine.lending import flush
from payments_mock.storage.engine.pipeline import StaleRowError, Statement
from payments_mock.storage.engine.schema import probe_reading, probe_writing
from payments_mock.storage.idempotency import StoredAnswer

__all__ = [
    "CallWebhooks",
    "Claim",
    "Context",
    "Database",
    "PaymentChange",
    "PostOffice",
    "check_database",
    "check_owner",
    "claim_or_find",
    "end_hold",
    "find_key_owner",
    "in_transaction",
    "recall_key_owner",
    "release",
    "take_over",
]

WIDGET_VERSION = "2022-11-16"


@dataclass(slots=True)
class PaymentChange:
    """Which payment a call touched, and its state before and after; None where there was none.

    `has_lost` tells that another call changed first what this one was about to change.
    """

    payment_key: str | None = None
    order_id: str | None = None
    before: State | None = None
    after: State | None = None
    has_lost: bool = False

    def note(self, before: Payment | None, after: Payment) -> None:
        """Remember a payment that was read, or changed from `before`; the first state seen stays."""
        if self.payment_key is None:
            self.before = None if before is None else before.state
        self.payment_key, self.order_id, self.after = after.payment_key, after.order_id, after.state

    def forget(self) -> None:
        """Forget the payment, as nothing was done."""
        self.payment_key = self.order_id = self.before = self.after = None


@immutable
class Claim:
    """Who makes a delivery, and until when (by the machine's clock) nobody else may."""

    holder: str
    until: datetime


MARK_DIGITS: Final = 24


@dataclass(slots=True)
class CallWebhooks:
    """The webhooks that a call has sent around its answer.

    `claims` are on those that it caused. `due_of` are the ids of merchants all of whose due webhooks leave
    before the answer. With `expects_more`, some become due a while after it. `traceparent` says which trace
    the call is a part of, and they too. `cause` says who causes them, and `mark` is what the journal finds
    the call by, None where nothing tells of it.
    """

    claims: dict[DeliveryOrder, Claim] = field(default_factory=dict)
    due_of: set[int] = field(default_factory=set)
    expects_more: bool = False
    traceparent: str | None = None
    cause: Cause = Cause.CLOCK
    mark: str | None = None

    def marked(self, ids: Ids) -> str:
        """Return the mark of the call, which has one from now on."""
        if self.mark is None:
            self.mark = ids.hexadecimal(MARK_DIGITS)
        return self.mark


class PostOffice(Protocol):
    """Where the webhooks of a call are written, and wait until its answer leaves."""

    def write(self, context: "Context", event: WebhookEvent) -> str:
        """Return the body that tells the merchant of an event."""

    def claim(self, context: "Context", order: DeliveryOrder) -> Claim:
        """Return the claim of the deliveries that go out before, or after, the answer to the call."""

    def send(self, webhooks: CallWebhooks) -> None:
        """Send what was written outside of any call, once it is committed."""


@immutable
class Context:
    """The context of one call; `key_family` says which pair its key belongs to.

    Without a `post` office, the call sends no webhooks.
    """

    merchant: Merchant
    database: Database
    clock: Clock
    ids: Ids
    reader: Reader
    key_family: KeyFamily = KeyFamily.API
    change: PaymentChange = field(default_factory=PaymentChange)
    webhooks: CallWebhooks = field(default_factory=CallWebhooks)
    post: PostOffice | None = None

    @property
    def version(self) -> str:
        """The contract's version for this call: widget keys know the first one only (public reference)."""
        return WIDGET_VERSION if self.key_family is KeyFamily.WIDGET else self.merchant.version

    def now(self) -> datetime:
        """Return the time of the merchant's sandbox, in UTC; the call is judged by it."""
        return self.merchant.clock.at(self.clock())


Result = TypeVar("Result")


def in_transaction(
    database: Database,
    use_case: Callable[[Connection], Result],
    behind: Statement | None = None,
    *,
    optimistic: bool = False,
) -> Result:
    """Run a use case in a transaction of its own, and commit what it did.

    A refusal is an outcome, too. Rules are judged before anything is written, so a use case that refuses has
    changed nothing but what was due before: a payment whose time ran out stays expired. Any other error
    undoes everything. `behind` and `optimistic` are explained at `Database.transaction`.

    Raises:
        PaymentError: what the use case raises.
        StaleRowError: nothing was done, and is to be tried again, not optimistically.
    """
    with database.transaction(behind, optimistic=optimistic) as connection:
        try:
            return use_case(connection)
        except PaymentError as error:
            refusal = error
    raise refusal


def in_optimistic_transaction(
    database: Database,
    use_case: Callable[[Connection], Result],
    begin_anew: Callable[[], None],
    behind: Statement | None = None,
) -> Result:
    """Run a use case as `in_transaction` does, assuming that nobody else changes its payment meanwhile.

    Fewer answers of the database are waited for then. Where somebody did, nothing was done: `begin_anew`
    is called, and the use case run again.
    """
    try:
        return in_transaction(database, use_case, behind, optimistic=True)
    except StaleRowError:
        begin_anew()
        return in_transaction(database, use_case, behind)


def check_database(database: Database) -> None:
    """Ask the database for an answer out of a table, and now and then to take a write.

    What is written changes no payment. A full disk shows only in a commit. The write
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


def claim_or_find(
    context: Context, scope: str, owner: str, machine_time: datetime, *, is_taken: bool
) -> StoredAnswer | None:
    """Claim a scope for `owner` and return None, or return what is known of it.

    The first look `is_taken` to find it claimed.
    """
    now = context.now()
    while True:
        with context.database.one_change() as connection:
            if not is_taken and store.claim(connection, context.merchant.id, scope, owner, now, machine_time):
                return None
            stored = store.find(connection, scope)
        is_taken = False
        if stored is not None and now - stored.claimed_at < KEPT_FOR:
            return stored
        if stored is not None:
            with context.database.one_change() as connection:
                store.forget(connection, scope, stored)


def take_over(
    database: Database, scope: str, stored: StoredAnswer, owner: str, machine_time: datetime
) -> bool:
    """Make an abandoned claim that of `owner`; returns whether it still was as it is `stored`."""
    with database.one_change() as connection:
        return store.take_over(connection, scope, stored, owner, machine_time)


def end_hold(database: Database, scope: str, owner: str) -> None:
    """Stop counting a kept answer as in progress, as it has left."""
    with database.one_change() as connection:
        store.end_hold(connection, scope, owner)


def release(database: Database, scope: str, owner: str) -> None:
    """Give up an open claim, so that the next request with its scope is the first one."""
    with database.one_change() as connection:
        store.release(connection, scope, owner)


MOST_REMEMBERED: Final = 10_000
"""How many owners of keys a process remembers before it forgets them all."""


def find_key_owner(database: Database, key: str) -> KeyOwner | None:
    """Find who a key belongs to now, in a time that tells nothing about the keys that exist."""
    if database.has_replicas:
        with database.connection() as connection:
            return owners.find_owner(connection, key)
    return recall_key_owner(database, key)[0]


def recall_key_owner(database: Database, key: str) -> tuple[KeyOwner | None, Statement | None]:
    """Return who a key belongs to as this process remembers it, with what checks that in time.

    The check is None where nothing can have changed: nobody else has the database, or it was asked just now.
    """
    digest = owners.key_digest(key)
    # A change meanwhile replaces the dict, so an outdated owner lands in a dict that nobody reads.
    known = None if database.known_owners is None else database.known_owners.owners
    remembered = None if known is None else known.get(digest)
    if remembered is not None:
        owner, mark = remembered
        return owner, None if mark is None else owners.owner_check(digest, owner, mark)
    with database.connection() as connection:
        if database.has_replicas:
            found, mark = owners.find_marked_owner(connection, digest)
        else:
            found, mark = owners.find_owner_by_digest(connection, digest), None
    if found is not None and known is not None:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[digest] = (found, mark)
    return found, None


def check_owner(database: Database) -> None:
    """Check that the cached owner of the caller's key is still true, unless a statement has checked it.

    Raises:
        OwnerChangedError: it is not.
    """
    if database.check is not None and not database.check.is_done:
        with database.connection() as connection:
            flush(connection)
