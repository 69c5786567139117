"""Answers stored by idempotency key, and the claims of requests that are making one."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from payments_mock.domain.values import immutable
from payments_mock.storage.columns import EPOCH, MICROSECOND
from payments_mock.storage.engine.pipeline import Statement, demanding, encoded
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.tables import idempotent_answers as answers


@immutable
class StoredAnswer:
    """What is known of a scope: who claimed it when, and the answer once there is one.

    `claimed_at` is by the merchant's clock, `leased_at` and `open_until`, until when the answer counts as
    in progress, by the machine's.
    """

    owner: str
    claimed_at: datetime
    leased_at: datetime
    status: int | None
    content_type: str | None
    body: str | None
    open_until: datetime | None


class ScopeTakenError(Exception):
    """Another request has claimed the scope, or answered in it; nothing was done."""


@immutable
class KeptAnswer:
    """An answer as it is given again."""

    status: int
    content_type: str | None
    body: str


_select = Prepared(
    select(*(answers.c[name] for name in StoredAnswer.__dataclass_fields__)).where(
        answers.c.scope == bindparam("of_scope")
    )
)
_CLAIM = ("scope", "merchant_id", "owner", "claimed_at", "leased_at")
_UNLESS_CLAIMED = " ON CONFLICT (scope) DO NOTHING"
_insert = Prepared(
    insert(answers).values({name: bindparam(name) for name in _CLAIM}).inline(), ending=_UNLESS_CLAIMED
)
_CLAIM_IN_ADVANCE = demanding(
    f"INSERT INTO {answers.name} ({', '.join(_CLAIM)}) VALUES ($1, $2, $3, $4, $5){_UNLESS_CLAIMED}"  # noqa: S608
)
_claim_of = and_(answers.c.scope == bindparam("of_scope"), answers.c.owner == bindparam("of_owner"))
_open_claim_of = and_(_claim_of, answers.c.status.is_(None))
"""A claim that is still open: finishing it is committed together with the work."""

_take_over = Prepared(
    update(answers)
    .where(_open_claim_of, answers.c.leased_at == bindparam("of_lease"))
    .values(owner=bindparam("owner"), leased_at=bindparam("leased_at"))
)
_finish = Prepared(
    update(answers)
    .where(_open_claim_of)
    .values({name: bindparam(name) for name in ("status", "content_type", "body", "open_until")})
)
_open = Prepared(update(answers).where(_claim_of).values(open_until=None))
_release = Prepared(delete(answers).where(_open_claim_of))
_forget = Prepared(delete(answers).where(_claim_of, answers.c.claimed_at == bindparam("of_time")))


def find(connection: Connection, scope: str) -> StoredAnswer | None:
    """Read what is known of a scope."""
    row = _select.first(connection, {"of_scope": scope})
    return None if row is None else StoredAnswer(*row)


def claim(
    connection: Connection,
    merchant_id: int,
    scope: str,
    owner: str,
    claimed_at: datetime,
    leased_at: datetime,
) -> bool:
    """Claim a scope for `owner`; returns whether nobody has it."""
    values = {"merchant_id": merchant_id, "scope": scope, "owner": owner}
    return _insert.run(connection, values | {"claimed_at": claimed_at, "leased_at": leased_at}) == 1


def claim_in_advance(
    merchant_id: int, scope: str, owner: str, claimed_at: datetime, leased_at: datetime
) -> Statement:
    """Return the statement for PostgreSQL that claims a scope for `owner` in the message of what follows.

    It raises ScopeTakenError where somebody has it.
    """
    moments = [(moment - EPOCH) // MICROSECOND for moment in (claimed_at, leased_at)]
    values = [scope, merchant_id, owner, *moments]
    return Statement(_CLAIM_IN_ADVANCE, [encoded(value) for value in values], ScopeTakenError())


def take_over(
    connection: Connection, scope: str, stored: StoredAnswer, owner: str, leased_at: datetime
) -> bool:
    """Make an open claim that of `owner`; returns whether it still was what is `stored`, and open."""
    of = {"of_scope": scope, "of_owner": stored.owner, "of_lease": stored.leased_at}
    return _take_over.run(connection, of | {"owner": owner, "leased_at": leased_at}) == 1


def finish(
    connection: Connection,
    scope: str,
    owner: str,
    answer: KeptAnswer,
    open_until: datetime | None,
    otherwise: Exception,
) -> None:
    """Keep the answer of a claimed scope.

    The transaction raises `otherwise`, by its end, if the claim is no more open, or not that of `owner`.
    """
    kept = {"status": answer.status, "content_type": answer.content_type, "body": answer.body}
    claim_of = {"of_scope": scope, "of_owner": owner}
    _finish.demand(connection, kept | claim_of | {"open_until": open_until}, otherwise)


def end_hold(connection: Connection, scope: str, owner: str) -> None:
    """Stop counting an answer that `owner` has kept as in progress."""
    _open.run(connection, {"of_scope": scope, "of_owner": owner})


def release(connection: Connection, scope: str, owner: str) -> None:
    """Give up an open claim, so that the next request with its scope is the first one."""
    _release.run(connection, {"of_scope": scope, "of_owner": owner})


def forget(connection: Connection, scope: str, stored: StoredAnswer) -> None:
    """Forget the `stored` answer of a scope, unless it was replaced."""
    of = {"of_scope": scope, "of_owner": stored.owner, "of_time": stored.claimed_at}
    _forget.run(connection, of)
