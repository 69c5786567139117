"""Who caused a webhook, by what the journal finds the call that did, and what shoppers' browsers did.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import ROW_ID

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the columns and the tables; of webhooks of before, it is known which were forged."""
    op.add_column("webhook_deliveries", sa.Column("cause", sa.String(32)))
    op.add_column("webhook_deliveries", sa.Column("call_mark", sa.String(32)))
    op.execute(sa.text("UPDATE webhook_deliveries SET cause = 'FORGERY' WHERE is_forged"))
    op.create_table(
        "journal_marks",
        _merchant_id(),
        sa.Column("entry_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(32), nullable=False, unique=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_acts",
        _merchant_id(),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("payment_key", sa.String(200)),
        sa.Column("order_id", sa.String(64)),
        sa.Column("amount", sa.BigInteger),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("faults", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _merchant_id() -> "sa.Column[int]":
    merchant = sa.ForeignKey("merchants.id", ondelete="CASCADE")
    return sa.Column("merchant_id", ROW_ID, merchant, primary_key=True, autoincrement=False)
