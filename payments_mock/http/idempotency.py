"""Idempotency keys: every later request with a key gets the first answer, even if that was an error.

The scope of a key is the caller's key, the method and the path, and never the body; source: the public
reference. A claim is written before anything happens, and the answer is committed with what the operation
did, so that a process that dies in between leaves either both or a claim that is known to have done nothing.
On PostgreSQL the claim is committed in the message in which the operation begins.
A request that lost its claim meanwhile notices when it stores the answer, and is rolled back.

A fault that strikes behind the operation imitates what stands between the merchant and the provider: what is
kept is the provider's own answer, and whoever repeats the request gets that.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from flask import Request, Response
from sqlalchemy import Connection

from payments_mock.api.errors import IdempotentRequestProcessingError, InvalidIdempotencyKeyError
from payments_mock.clock import system_clock
from payments_mock.ids import current_process, is_gone
from payments_mock.services import context as service
from payments_mock.services.context import Context
from payments_mock.storage import idempotency as store
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.pipeline import Statement
from payments_mock.storage.engine.prepared import OUTAGES

HEADER = "Idempotency-Key"
_VARIABLE = "HTTP_IDEMPOTENCY_KEY"
"""The header, as the WSGI environment has it."""

_IN_PROGRESS = "the first request with this key is in progress"
LONGEST_KEY = 300
LEASE = timedelta(seconds=60)
"""How long a claim lasts whose process can't be asked whether it lives."""


def idempotency_scope(request: Request, credentials: str) -> str | None:
    """Return the scope that a request's idempotency key names, None where it has no key."""
    key = request.environ.get(_VARIABLE) if request.method == "POST" else None
    if not key:
        return None
    return sha256("\n".join((credentials, request.method, request.path, key)).encode()).hexdigest()


def check_length(request: Request) -> None:
    """Refuse an idempotency key that is too long.

    Raises:
        InvalidIdempotencyKeyError: it is.
    """
    if len(request.environ[_VARIABLE]) > LONGEST_KEY:
        raise InvalidIdempotencyKeyError(f"{HEADER} must have at most {LONGEST_KEY} characters")


class Claims:
    """The claims of one application: of the requests that it answers now, and those still to be released."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._application = uuid4().hex[:8]
        self._at_work: set[str] = set()
        self._left_over: list[tuple[str, str]] = []

    def new_owner(self) -> str:
        """Name the owner of a new claim by its process, its application and its request."""
        return f"{current_process()}/{self._application}.{uuid4().hex[:8]}"

    def begin(self, owner: str) -> None:
        """Note that a request is being answered, and release what is left over."""
        self.release_left_over()
        self._at_work.add(owner)

    def end(self, owner: str) -> None:
        """Note that a request is not being answered any more."""
        self._at_work.discard(owner)

    def leave(self, scope: str, owner: str) -> None:
        """Release the claim of a request that ended without an answer, as soon as the database lets us."""
        self._left_over.append((scope, owner))
        # A database that is away can't release a claim; the next request finds out whether it is back.
        with contextlib.suppress(*OUTAGES):
            self.release_left_over()

    def release_left_over(self) -> None:
        """Release the claims of requests that ended without an answer."""
        while self._left_over:
            scope, owner = self._left_over[0]
            service.release(self._database, scope, owner)
            # Releasing twice does no harm, so threads need no lock here.
            with contextlib.suppress(ValueError):
                self._left_over.remove((scope, owner))

    def is_left_over(self, owner: str) -> bool:
        """Tell whether a claim is abandoned, as far as this application can know.

        A claim outlives its request where the process died, or where a full disk let nobody release it.
        """
        is_ours = owner.startswith(f"{current_process()}/{self._application}.")
        return owner not in self._at_work if is_ours else is_gone(owner.rpartition("/")[0])


class IdempotencyKey:
    """The idempotency key of one request: `claim` it, then `replay` its first answer, or make and `keep` it.

    It is a context, at whose end a claim is free again if nothing was kept.
    """

    __slots__ = ("_claims", "_context", "_first", "_is_claimed", "_owner", "_scope", "in_advance")

    def __init__(self, claims: Claims, context: Context, scope: str) -> None:
        self._claims = claims
        self._context = context
        self._scope = scope
        self._owner = claims.new_owner()
        self._first: store.StoredAnswer | None = None
        self._is_claimed = False
        self.in_advance: Statement | None = None
        """What claims the key `behind` which the transaction of the operation runs, on PostgreSQL."""

    def claim(self, *, is_taken: bool = False) -> None:
        """Claim the key, unless its first answer is known; whoever knows that it `is_taken` looks first.

        Raises:
            IdempotentRequestProcessingError: the first request with the key is not answered yet.
        """
        # Each round means that another request has made progress with the key, so the loop ends.
        while not self._is_claimed_or_answered(is_taken):
            pass
        self.in_advance = None

    def replay(self) -> Response | None:
        """Return the first answer, None where this is the first request with the key."""
        first = self._first
        if first is None:
            return None
        return Response(first.body or "", first.status, content_type=first.content_type)

    def keep(self, connection: Connection, answer: Response, seconds_held: float) -> None:
        """Keep the first answer, in the transaction that the operation ran in.

        Until it has been held back for so long, it counts as in progress.

        The transaction raises IdempotentRequestProcessingError, by its end, if somebody else has the key now.
        """
        kept = store.KeptAnswer(answer.status_code, answer.content_type, answer.get_data(as_text=True))
        lost = IdempotentRequestProcessingError("another request has taken this key over")
        store.finish(connection, self._scope, self._owner, kept, _open_until(seconds_held), lost)

    def end_hold(self) -> None:
        """Stop counting the kept answer as in progress, as it left before its hold was over."""
        service.end_hold(self._context.database, self._scope, self._owner)

    def __enter__(self) -> IdempotencyKey:
        self._claims.begin(self._owner)
        if not self._context.database.is_sqlite:
            now, merchant_id = self._context.now(), self._context.merchant.id
            self.in_advance = store.claim_in_advance(
                merchant_id, self._scope, self._owner, now, system_clock()
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._claims.end(self._owner)
        is_claimed = self._is_claimed or (self.in_advance is not None and self.in_advance.is_done)
        if kind is not None and is_claimed:
            self._claims.leave(self._scope, self._owner)

    def _is_claimed_or_answered(self, is_taken: bool) -> bool:
        stored = service.claim_or_find(
            self._context, self._scope, self._owner, system_clock(), is_taken=is_taken
        )
        if stored is None:
            self._is_claimed = True
            return True
        if stored.status is None:
            return self._take_over(stored)
        if stored.open_until is not None and system_clock() < stored.open_until:
            raise IdempotentRequestProcessingError(_IN_PROGRESS)
        self._first = stored
        return True

    def _take_over(self, stored: store.StoredAnswer) -> bool:
        """Make an abandoned claim ours; returns whether it still was as it is `stored`.

        Its owner may have answered since: a process may die right after its commit.
        """
        if not (self._claims.is_left_over(stored.owner) or system_clock() - stored.leased_at > LEASE):
            raise IdempotentRequestProcessingError(_IN_PROGRESS)
        database = self._context.database
        self._is_claimed = service.take_over(database, self._scope, stored, self._owner, system_clock())
        return self._is_claimed


def _open_until(seconds: float) -> datetime | None:
    """Return until when an answer counts as in progress; one that is not held back never does."""
    return system_clock() + timedelta(seconds=seconds) if seconds > 0 else None
