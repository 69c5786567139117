"""The tables of webhooks, and where merchants listen."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.payments.payment import State
from payments_mock.domain.values import LONGEST_URL, Cause, immutable
from payments_mock.domain.webhooks import (
    DeliveryOrder,
    DeliveryState,
    Endpoint,
    EventType,
    WebhookMatch,
    WebhookRule,
)
from payments_mock.storage.columns import (
    MICROSECOND,
    JsonText,
    RowId,
    UtcTime,
    enum_as_text,
    make_table,
    merchant_id_column,
    partial_index,
)
from payments_mock.storage.engine.lending import attempting
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.sandboxes import lock_merchant
from payments_mock.storage.tables import merchants

webhook_endpoints = make_table(
    "webhook_endpoints",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("url", String(LONGEST_URL), nullable=False),
    Column("events", JsonText, nullable=False),
    Column("security_key", String(200)),
    Column("created_at", UtcTime, nullable=False),
    Index("webhook_endpoints_of_a_merchant", "merchant_id", "id"),
)

webhook_rules = make_table(
    "webhook_rules",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("name", String(100), nullable=False),
    Column("rule", JsonText, nullable=False),
    # How many events the rule was applied to.
    Column("applied", Integer, nullable=False),
    UniqueConstraint("merchant_id", "name", name="one_webhook_rule_a_name"),
)

webhook_deliveries = make_table(
    "webhook_deliveries",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("transmission_id", String(64), nullable=False),
    Column("event", String(64), nullable=False),
    Column("url", String(LONGEST_URL), nullable=False),
    Column("security_key", String(200)),
    # The exact text that every attempt sends.
    Column("body", Text, nullable=False),
    Column("payment_key", String(200)),
    Column("order_id", String(64)),
    Column("status", String(32)),
    Column("is_forged", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", enum_as_text(DeliveryState), nullable=False),
    Column("retries", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    # By the machine's clock.
    Column("not_before", UtcTime, nullable=False),
    # Whether somebody asked for an attempt now, whatever the state.
    Column("by_hand", Boolean, nullable=False),
    # Whether an attempt is still to be made.
    Column("is_open", Boolean, nullable=False),
    # Who is making an attempt, and until when (by the machine's clock) nobody else does.
    Column("claimed_by", String(200), index=True),
    Column("claimed_until", UtcTime),
    Column("traceparent", String(200)),
    # Null in rows of an earlier release.
    Column("cause", enum_as_text(Cause)),
    # That of the call that caused it, in the journal.
    Column("call_mark", String(32)),
    Index("webhook_deliveries_of_a_merchant", "merchant_id", "id"),
)

partial_index(
    "webhook_deliveries_open", webhook_deliveries.c.id, where=webhook_deliveries.c.is_open == true()
)

webhook_attempts = make_table(
    "webhook_attempts",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column(
        "delivery_id", ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    # By the machine's clock.
    Column("sent_at", UtcTime, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("headers", JsonText, nullable=False),
    Column("status", Integer),
    Column("answer_headers", JsonText),
    Column("answer_body", Text),
    Column("error", String(200)),
)


_ENDPOINT = tuple(Endpoint.__dataclass_fields__)
_select_endpoints = Prepared(
    select(*(webhook_endpoints.c[name] for name in _ENDPOINT))
    .where(webhook_endpoints.c.merchant_id == bindparam("merchant_id"))
    .order_by(webhook_endpoints.c.id)
)
_select_rules = Prepared(
    select(webhook_rules.c.id, webhook_rules.c.rule, webhook_rules.c.applied)
    .where(webhook_rules.c.merchant_id == bindparam("merchant_id"))
    .order_by(webhook_rules.c.id)
)


class WebhookRuleNameTakenError(Exception):
    """The merchant has a rule of this name."""


@immutable
class StoredRule:
    """A rule as it is stored, with how many events it was applied to."""

    id: int
    rule: WebhookRule
    applied: int


def register_endpoint(connection: Connection, merchant_id: int, endpoint: Endpoint) -> int:
    """Store where a merchant listens, instead of what was stored for the same URL; returns its id."""
    remove_endpoints(connection, merchant_id, url=endpoint.url)
    values = {name: getattr(endpoint, name) for name in _ENDPOINT if name != "id"}
    statement = insert(webhook_endpoints).values(merchant_id=merchant_id, **values)
    added: Any = connection.execute(statement).inserted_primary_key
    _set_flag(connection, merchant_id, listens=True)
    endpoint_id: int = added[0]
    return endpoint_id


def list_endpoints(connection: Connection, merchant_id: int) -> list[Endpoint]:
    """Read where a merchant listens, in the order of registration."""
    rows = _select_endpoints.all(connection, {"merchant_id": merchant_id})
    return [_endpoint(dict(zip(_ENDPOINT, row, strict=True))) for row in rows]


def remove_endpoints(
    connection: Connection, merchant_id: int, *, endpoint_id: int | None = None, url: str | None = None
) -> int:
    """Remove the endpoint with this id or URL, or all of them; returns how many there were."""
    # Without the lock, a URL that is registered after this look would get nothing.
    lock_merchant(connection, merchant_id)
    statement = delete(webhook_endpoints).where(webhook_endpoints.c.merchant_id == merchant_id)
    if endpoint_id is not None:
        statement = statement.where(webhook_endpoints.c.id == endpoint_id)
    if url is not None:
        statement = statement.where(webhook_endpoints.c.url == url)
    removed = connection.execute(statement).rowcount
    _set_flag(connection, merchant_id, listens=bool(list_endpoints(connection, merchant_id)))
    return removed


def add_rule(connection: Connection, merchant_id: int, rule: WebhookRule) -> None:
    """Store a rule.

    Raises:
        WebhookRuleNameTakenError: the merchant has one of this name.
    """
    values = {"merchant_id": merchant_id, "name": rule.name, "rule": _stored(rule), "applied": 0}
    try:
        with attempting(connection):
            connection.execute(insert(webhook_rules), values)
    except IntegrityError as error:
        raise WebhookRuleNameTakenError from error


def list_rules(connection: Connection, merchant_id: int) -> list[StoredRule]:
    """Read a merchant's rules in the order in which they were made."""
    rows = _select_rules.all(connection, {"merchant_id": merchant_id})
    return [StoredRule(rule_id, _rule(stored), applied) for rule_id, stored, applied in rows]


def apply_rule(connection: Connection, stored: StoredRule) -> bool:
    """Count one more event that a rule is applied to; returns whether it had turns left."""
    statement = update(webhook_rules).where(webhook_rules.c.id == stored.id)
    if stored.rule.times is not None:
        statement = statement.where(webhook_rules.c.applied < stored.rule.times)
    return connection.execute(statement.values(applied=webhook_rules.c.applied + 1)).rowcount == 1


def remove_rules(connection: Connection, merchant_id: int, name: str | None = None) -> int:
    """Remove the merchant's rule of this name, or all of them; returns how many there were."""
    statement = delete(webhook_rules).where(webhook_rules.c.merchant_id == merchant_id)
    if name is not None:
        statement = statement.where(webhook_rules.c.name == name)
    return connection.execute(statement).rowcount


def _set_flag(connection: Connection, merchant_id: int, *, listens: bool) -> None:
    connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(has_webhooks=listens))


def _endpoint(row: dict[str, Any]) -> Endpoint:
    events = tuple(EventType(name) for name in row.pop("events"))
    return Endpoint(events=events, **row)


def _stored(rule: WebhookRule) -> dict[str, Any]:
    fields = {name: getattr(rule, name) for name in WebhookRule.__dataclass_fields__}
    return fields | {"delay": rule.delay // MICROSECOND}


def _rule(stored: Mapping[str, Any]) -> WebhookRule:
    match, told = dict(stored["match"]), stored["contradiction"]
    state = match.pop("state")
    fields = dict(stored) | {
        "match": WebhookMatch(state=State(state) if state else None, **match),
        "order": DeliveryOrder(stored["order"]),
        "delay": timedelta(microseconds=stored["delay"]),
        "contradiction": State(told) if told else None,
    }
    return WebhookRule(**fields)
