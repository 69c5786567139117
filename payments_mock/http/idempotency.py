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

_at_work: set[str] = set()
"""The owners whose requests this process is answering now."""

_left_over: list[tuple[Database, str, str]] = []
"""Databases, scopes and owners of requests that ended without an answer; their claims are to be released."""


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


class IdempotencyKey:
    """The idempotency key of one request: `claim` it, then `replay` its first answer, or make and `keep` it.

    It is a context, at whose end a claim is free again if nothing was kept.
    """

    __slots__ = ("_context", "_first", "_is_claimed", "_owner", "_scope", "in_advance")

    def __init__(self, context: Context, scope: str) -> None:
        self._context = context
        self._scope = scope
        self._owner = f"{current_process()}/{uuid4().hex[:8]}"
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
        _release_what_is_left_over()
        _at_work.add(self._owner)
        if not self._context.database.is_sqlite:
            now, merchant_id = self._context.now(), self._context.merchant.id
            self.in_advance = store.claim_in_advance(
                merchant_id, self._scope, self._owner, now, system_clock()
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        _at_work.discard(self._owner)
        is_claimed = self._is_claimed or (self.in_advance is not None and self.in_advance.is_done)
        if kind is not None and is_claimed:
            _left_over.append((self._context.database, self._scope, self._owner))
            # A database that is away can't release a claim; the next request finds out whether it is back.
            with contextlib.suppress(*OUTAGES):
                _release_what_is_left_over()

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
        if not (_is_left_over(stored.owner) or system_clock() - stored.leased_at > LEASE):
            raise IdempotentRequestProcessingError(_IN_PROGRESS)
        database = self._context.database
        self._is_claimed = service.take_over(database, self._scope, stored, self._owner, system_clock())
        return self._is_claimed


def _is_left_over(owner: str) -> bool:
    """Tell whether a claim is abandoned, as far as this process can know.

    A claim outlives its request where the process died, or where a full disk let nobody release it.
    """
    process = owner.rpartition("/")[0]
    return is_gone(process) or (process == current_process() and owner not in _at_work)


def _release_what_is_left_over() -> None:
    while _left_over:
        database, scope, owner = _left_over[0]
        service.release(database, scope, owner)
        # Releasing twice does no harm, so threads need no lock here.
        with contextlib.suppress(ValueError):
            _left_over.remove((database, scope, owner))


def _open_until(seconds: float) -> datetime | None:
    """Return until when an answer counts as in progress; one that is not held back never does."""
    return system_clock() + timedelta(seconds=seconds) if seconds > 0 else None
