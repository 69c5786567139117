"""The trace that a webhook is a part of, and calls that came with a key that nobody has.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import row_id

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the column and the table; webhooks of before are a part of no trace."""
    op.add_column("webhook_deliveries", sa.Column("traceparent", sa.String(200)))
    op.create_table(
        "stray_calls",
        row_id(),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("key", sa.String(32)),
        sa.Column("digest", sa.String(64)),
        sqlite_autoincrement=True,
    )
    op.create_index("payments_of_a_merchant", "payments", ["merchant_id", "id"])
