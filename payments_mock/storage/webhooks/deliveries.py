"""The outbox of webhooks: what is to be delivered, and every attempt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from payments_mock.domain.values import Cause, immutable
from payments_mock.domain.webhooks import DeliveryState, Standing
from payments_mock.storage.columns import NewsSource, one_of
from payments_mock.storage.journal_writing import journal_marks
from payments_mock.storage.webhooks.endpoints import webhook_attempts as attempts
from payments_mock.storage.webhooks.endpoints import webhook_deliveries as deliveries


@immutable
class Delivery:
    """One event on its way to one endpoint; times by the sandbox's clock, `not_before` by the machine's.

    `attempts` is how many were made, `retries` how many of those came by the ladder. `by_hand` says that
    somebody asked for an attempt now. `traceparent` is that of the call that caused the event. The journal
    knows that call by its `call_mark`, and `entry_id` is its number there; None where it was not looked for.
    """

    merchant_id: int
    transmission_id: str
    event: str
    url: str
    body: str
    created_at: datetime
    due_at: datetime
    not_before: datetime
    security_key: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    status: str | None = None
    is_forged: bool = False
    state: DeliveryState = DeliveryState.PENDING
    retries: int = 0
    attempts: int = 0
    by_hand: bool = False
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    traceparent: str | None = None
    cause: Cause | None = None
    call_mark: str | None = None
    id: int = 0
    entry_id: int | None = None

    @property
    def standing(self) -> Standing:
        """The state of the delivery."""
        return Standing(self.state, self.retries, self.due_at)


@immutable
class Attempt:
    """One attempt at a delivery; `at` by the sandbox's clock, `sent_at` by the machine's.

    `status` and what belongs to it are None where no answer came; `error` says why.
    """

    number: int
    at: datetime
    sent_at: datetime
    milliseconds: int
    headers: Mapping[str, str]
    status: int | None = None
    answer_headers: Mapping[str, str] | None = None
    answer_body: str | None = None
    error: str | None = None


@immutable
class DeliveryFilter:
    """Which deliveries are meant: those that agree in everything that is not None, behind and before ids.

    `entry_id` is the number in the journal of the call that caused them.
    """

    event: str | None = None
    state: DeliveryState | None = None
    status: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    url: str | None = None
    id: int | None = None
    entry_id: int | None = None
    after_id: int = 0
    before_id: int | None = None

    def values(self) -> dict[str, Any]:
        """Return the values that a delivery must have, by field."""
        fields = (name for name in self.__dataclass_fields__ if name not in _NO_COLUMNS)
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}


_NO_COLUMNS: Final = ("entry_id", "after_id", "before_id")
_FIELDS = tuple(name for name in Delivery.__dataclass_fields__ if name not in _NO_COLUMNS)
ATTEMPT_FIELDS = tuple(Attempt.__dataclass_fields__)
select_delivery = select(*(deliveries.c[name] for name in _FIELDS))


def add_all(connection: Connection, new: Iterable[Delivery]) -> None:
    """Store deliveries that are to be made."""
    rows = [{name: getattr(one, name) for name in _FIELDS if name != "id"} | {"is_open": True} for one in new]
    if rows:
        connection.execute(insert(deliveries), rows)


def ask_for_attempt(connection: Connection, merchant_id: int, delivery_id: int) -> bool:
    """Ask for an attempt now, whatever the state; returns whether the merchant has such a delivery."""
    same = (deliveries.c.merchant_id == merchant_id, deliveries.c.id == delivery_id)
    return (
        connection.execute(update(deliveries).where(*same).values(by_hand=True, is_open=True)).rowcount == 1
    )


def find(
    connection: Connection,
    merchant_id: int,
    chosen: DeliveryFilter,
    limit: int,
    *,
    newest_first: bool = False,
) -> list[tuple[Delivery, list[Attempt]]]:
    """Read the first `limit` deliveries that a filter chooses, the oldest or newest first, with attempts.

    It is one statement, so that no delivery is seen with an attempt that was made after it was read.
    """
    same = [deliveries.c[name] == value for name, value in chosen.values().items()]
    if chosen.before_id is not None:
        same.append(deliveries.c.id < chosen.before_id)
    if chosen.entry_id is not None:
        of_entry = (journal_marks.c.merchant_id == merchant_id, journal_marks.c.entry_id == chosen.entry_id)
        same.append(deliveries.c.call_mark == select(journal_marks.c.mark).where(*of_entry).scalar_subquery())
    mine = (deliveries.c.merchant_id == merchant_id, deliveries.c.id > chosen.after_id)
    order = deliveries.c.id.desc() if newest_first else deliveries.c.id
    found = _read(connection, select_delivery.where(*mine, *same).order_by(order).limit(limit))
    return found[::-1] if newest_first else found


def find_next(connection: Connection, merchant_id: int, limit: int) -> list[Delivery]:
    """Read the deliveries of a merchant that wait for their next attempt, the first that is due first."""
    mine = (deliveries.c.merchant_id == merchant_id, deliveries.c.state == DeliveryState.PENDING)
    statement = select_delivery.where(*mine).order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
    return [Delivery(*row) for row in connection.execute(statement)]


def find_of_orders(
    connection: Connection, merchant_id: int, order_ids: Collection[str], most: int
) -> list[tuple[Delivery, list[Attempt]]]:
    """Read the newest deliveries about these orders, at most so many, the oldest first."""
    mine = (deliveries.c.merchant_id == merchant_id, one_of(connection, deliveries.c.order_id, order_ids))
    return _read(connection, select_delivery.where(*mine).order_by(deliveries.c.id.desc()).limit(most))


def _read(connection: Connection, chosen: Select[Any]) -> list[tuple[Delivery, list[Attempt]]]:
    found = chosen.subquery()
    made = attempts.c.delivery_id == found.c.id
    of_attempts = (attempts.c[name] for name in ATTEMPT_FIELDS)
    statement = select(found, journal_marks.c.entry_id, *of_attempts).outerjoin(attempts, made)
    statement = statement.outerjoin(journal_marks, journal_marks.c.mark == found.c.call_mark)
    rows = connection.execute(statement.order_by(found.c.id, attempts.c.id))
    return [_with_attempts(list(of_one)) for _, of_one in groupby(rows, attrgetter("id"))]


_NEWS = (deliveries.c.merchant_id, deliveries.c.order_id, deliveries.c.payment_key, deliveries.c.id)

NEW_DELIVERIES = NewsSource(deliveries, select(deliveries.c.id, deliveries.c.created_at, *_NEWS))
NEW_ATTEMPTS = NewsSource(
    attempts, select(attempts.c.id, attempts.c.at, *_NEWS).join_from(attempts, deliveries)
)


def clear(connection: Connection, merchant_id: int) -> int:
    """Remove all deliveries of a merchant with their attempts; returns how many there were."""
    connection.execute(delete(attempts).where(attempts.c.merchant_id == merchant_id))
    return connection.execute(delete(deliveries).where(deliveries.c.merchant_id == merchant_id)).rowcount


def _with_attempts(rows: Sequence[Row[Any]]) -> tuple[Delivery, list[Attempt]]:
    """Make a delivery of the rows that join it to its attempts; without any, there is one row of NULLs."""
    ends = len(_FIELDS) + 1
    return Delivery(*rows[0][:ends]), [Attempt(*row[ends:]) for row in rows if row[ends] is not None]
