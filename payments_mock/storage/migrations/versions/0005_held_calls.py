"""Calls that a fault holds until somebody ends them.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import merchant_id, row_id

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "held_calls",
        row_id(),
        merchant_id(),
        sa.Column("fault", sa.String(100), nullable=False),
        sa.Column("moment", sa.String(32), nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("payment_key", sa.String(200)),
        sa.Column("order_id", sa.String(64)),
        sa.Column("amount", sa.BigInteger),
        sa.Column("held_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("ending", sa.String(32)),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_held_calls_merchant_id", "held_calls", ["merchant_id"])
