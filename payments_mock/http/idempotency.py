"""Idempotency keys: the first answer, an error too, is what every later request with the key gets.

The scope of a key is the caller's key, the method and the path, and never the body; source: the public
reference. A claim is written before anything happens, and the answer is committed with what the operation
did, so that a process that dies in between leaves either both or a claim that is known to have done nothing.

A fault that strikes behind the operation imitates what stands between the merchant and the provider: what is
kept is the provider's own answer, and whoever repeats the request gets that.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from flask import Request, Response

from payments_mock.clock import system_clock
from payments_mock.http.errors import IdempotentRequestProcessingError, InvalidIdempotencyKeyError
from payments_mock.process_identity import current_process, is_gone
from payments_mock.services.context import Context
from payments_mock.storage import idempotency as store
from payments_mock.storage.database import together, writing
from payments_mock.storage.errors import OUTAGES

HEADER = "Idempotency-Key"
_VARIABLE = "HTTP_IDEMPOTENCY_KEY"
"""The header, as the WSGI environment has it."""

LONGEST_KEY = 300
KEPT_FOR = timedelta(days=15)
LEASE = timedelta(seconds=60)
"""How long a claim of a process that can't be asked keeps others away."""

_at_work: set[str] = set()
"""The owners whose requests this process is answering now."""

_left_over: list[tuple[str, str]] = []
"""Scopes and owners whose requests ended without an answer, and whose claims are still to be released."""


def idempotency_scope(request: Request, credentials: str) -> str | None:
    """Return the scope that a request's idempotency key names, None where it has no key.

    Raises:
        InvalidIdempotencyKeyError: the key is longer than 300 characters.
    """
    key = request.environ.get(_VARIABLE) if request.method == "POST" else None
    if not key:
        return None
    if len(key) > LONGEST_KEY:
        raise InvalidIdempotencyKeyError(f"{HEADER} must have at most {LONGEST_KEY} characters")
    return sha256("\n".join((credentials, request.method, request.path, key)).encode()).hexdigest()


def answer_once(
    context: Context,
    scope: str,
    answer: Callable[[], Response],
    strike: Callable[[Response], Response],
    seconds_held: Callable[[], float],
) -> Response:
    """Return what `answer` makes if the scope is new, else what it made then, as `strike` leaves it.

    `seconds_held` tells how long the answer just struck is held back; until then it counts as in progress.

    Raises:
        IdempotentRequestProcessingError: the first request with the scope is not answered yet.
    """
    owner = f"{current_process()}/{uuid4().hex[:8]}"
    _release_what_is_left_over()
    _at_work.add(owner)
    try:
        return _answer_as(owner, context, scope, answer, strike, seconds_held)
    finally:
        _at_work.discard(owner)


def _answer_as(
    owner: str,
    context: Context,
    scope: str,
    answer: Callable[[], Response],
    strike: Callable[[Response], Response],
    seconds_held: Callable[[], float],
) -> Response:
    stored = _claim_or_find(context, scope, owner)
    if stored is not None and stored.status is not None:
        if stored.open_until is not None and system_clock() < stored.open_until:
            raise IdempotentRequestProcessingError("the first request with this key is in progress")
        return strike(Response(stored.body or "", stored.status, content_type=stored.content_type))
    if stored is not None:
        _take_over(scope, stored, owner)
    return _answer_and_keep(scope, owner, answer, strike, seconds_held)


def _claim_or_find(context: Context, scope: str, owner: str) -> store.StoredAnswer | None:
    """Claim the scope and return None, or return what is known of it."""
    now = context.now()
    with writing() as connection:
        stored = store.find(connection, scope)
        if stored is not None and now - stored.claimed_at < KEPT_FOR:
            return stored
        if stored is not None:
            store.release(connection, scope, stored.owner)
        try:
            store.claim(connection, context.merchant.id, scope, owner, now, system_clock())
        except store.ScopeTakenError:
            raise IdempotentRequestProcessingError("the first request with this key is in progress") from None
    return None


def _take_over(scope: str, stored: store.StoredAnswer, owner: str) -> None:
    """Make an abandoned claim ours: nothing was done under it, or the answer would be there."""
    abandoned = _is_left_over(stored.owner) or system_clock() - stored.leased_at > LEASE
    if abandoned:
        with writing() as connection:
            abandoned = store.take_over(connection, scope, stored.owner, owner, system_clock())
    if not abandoned:
        raise IdempotentRequestProcessingError("the first request with this key is in progress")


def _is_left_over(owner: str) -> bool:
    """Tell whether nobody is at work under a claim, as far as this process can know.

    A claim outlives its request where the process died, or where a full disk let nobody release it.
    """
    process = owner.rpartition("/")[0]
    return is_gone(process) or (process == current_process() and owner not in _at_work)


def _answer_and_keep(
    scope: str,
    owner: str,
    answer: Callable[[], Response],
    strike: Callable[[Response], Response],
    seconds_held: Callable[[], float],
) -> Response:
    answered = False
    try:
        with together() as connection:
            if not store.take_over(connection, scope, owner, owner, system_clock()):
                raise IdempotentRequestProcessingError("another request has taken this key over")
            own = answer()
            kept = _kept(own)
            struck = strike(own)
            store.finish(connection, scope, owner, kept, _open_until(seconds_held()))
        answered = True
    finally:
        if not answered:
            _left_over.append((scope, owner))
            # A database that is away lets go of nothing; the next request finds out whether it is back.
            with contextlib.suppress(*OUTAGES):
                _release_what_is_left_over()
    return struck


def _release_what_is_left_over() -> None:
    while _left_over:
        scope, owner = _left_over[0]
        with writing() as connection:
            store.release(connection, scope, owner)
        # Releasing twice does no harm, so that threads need not agree on who does it.
        with contextlib.suppress(ValueError):
            _left_over.remove((scope, owner))


def _open_until(seconds: float) -> datetime | None:
    """Return until when an answer counts as in progress; one that leaves at once never does."""
    return system_clock() + timedelta(seconds=seconds) if seconds > 0 else None


def _kept(response: Response) -> store.KeptAnswer:
    return store.KeptAnswer(response.status_code, response.content_type, response.get_data(as_text=True))
