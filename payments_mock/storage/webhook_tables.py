"""The tables of webhooks; times as `UtcTime`, by the sandbox's clock where nothing else is said."""

from sqlalchemy import Boolean, Column, Enum, ForeignKey, Index, Integer, String, Text, UniqueConstraint, true

from payments_mock.domain.checkout import LONGEST_URL
from payments_mock.domain.delivery_states import DeliveryState
from payments_mock.storage.database import db
from payments_mock.storage.indexes import partial_index
from payments_mock.storage.types import JsonText, RowId, UtcTime


def _merchant_id() -> Column[int]:
    return Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False)


webhook_endpoints = db.Table(
    "webhook_endpoints",
    Column("id", RowId, primary_key=True),
    _merchant_id(),
    Column("url", String(LONGEST_URL), nullable=False),
    Column("events", JsonText, nullable=False),
    Column("security_key", String(200)),
    Column("created_at", UtcTime, nullable=False),
    Index("webhook_endpoints_of_a_merchant", "merchant_id", "id"),
)

webhook_rules = db.Table(
    "webhook_rules",
    Column("id", RowId, primary_key=True),
    _merchant_id(),
    Column("name", String(100), nullable=False),
    Column("rule", JsonText, nullable=False),
    # How many events the rule was applied to.
    Column("applied", Integer, nullable=False),
    UniqueConstraint("merchant_id", "name", name="one_webhook_rule_a_name"),
)

webhook_deliveries = db.Table(
    "webhook_deliveries",
    Column("id", RowId, primary_key=True),
    _merchant_id(),
    Column("transmission_id", String(64), nullable=False),
    Column("event", String(64), nullable=False),
    Column("url", String(LONGEST_URL), nullable=False),
    Column("security_key", String(200)),
    # The very text that is sent, in every attempt.
    Column("body", Text, nullable=False),
    Column("payment_key", String(200)),
    Column("order_id", String(64)),
    Column("status", String(32)),
    Column("is_forged", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Enum(DeliveryState, native_enum=False, length=32), nullable=False),
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
    Index("webhook_deliveries_of_a_merchant", "merchant_id", "id"),
)

partial_index(
    "webhook_deliveries_open", webhook_deliveries.c.id, where=webhook_deliveries.c.is_open == true()
)

webhook_attempts = db.Table(
    "webhook_attempts",
    Column("id", RowId, primary_key=True),
    _merchant_id(),
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
