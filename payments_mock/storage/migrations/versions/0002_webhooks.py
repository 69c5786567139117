"""Where merchants listen, and what they are told.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import ROW_ID, merchant_id, partial_index, row_id

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    _make_endpoints()
    _make_outbox()


def _make_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        row_id(),
        merchant_id(),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("security_key", sa.String(200)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("webhook_endpoints_of_a_merchant", "webhook_endpoints", ["merchant_id", "id"])
    op.create_table(
        "webhook_rules",
        row_id(),
        merchant_id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("applied", sa.Integer, nullable=False),
        sa.UniqueConstraint("merchant_id", "name", name="one_webhook_rule_a_name"),
    )


def _make_outbox() -> None:
    op.create_table(
        "webhook_deliveries",
        row_id(),
        merchant_id(),
        sa.Column("transmission_id", sa.String(64), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("security_key", sa.String(200)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("payment_key", sa.String(200)),
        sa.Column("order_id", sa.String(64)),
        sa.Column("status", sa.String(32)),
        sa.Column("is_forged", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("retries", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("claimed_by", sa.String(200)),
        sa.Column("claimed_until", sa.BigInteger),
    )
    op.create_index("ix_webhook_deliveries_claimed_by", "webhook_deliveries", ["claimed_by"])
    op.create_index("webhook_deliveries_of_a_merchant", "webhook_deliveries", ["merchant_id", "id"])
    partial_index(
        "webhook_deliveries_open", "webhook_deliveries", ["id"], sa.column("is_open", sa.Boolean) == sa.true()
    )
    op.create_table(
        "webhook_attempts",
        row_id(),
        merchant_id(),
        sa.Column(
            "delivery_id", ROW_ID, sa.ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer_headers", sa.Text),
        sa.Column("answer_body", sa.Text),
        sa.Column("error", sa.String(200)),
    )
    op.create_index("ix_webhook_attempts_delivery_id", "webhook_attempts", ["delivery_id"])
