"""Who caused a webhook, and by what the journal finds the call that did.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import ROW_ID

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the columns and the table; of webhooks of before, it is known which were forged."""
    op.add_column("webhook_deliveries", sa.Column("cause", sa.String(32)))
    op.add_column("webhook_deliveries", sa.Column("call_mark", sa.String(32)))
    op.execute(sa.text("UPDATE webhook_deliveries SET cause = 'FORGERY' WHERE is_forged"))
    merchant = sa.ForeignKey("merchants.id", ondelete="CASCADE")
    op.create_table(
        "journal_marks",
        sa.Column("merchant_id", ROW_ID, merchant, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(32), nullable=False, unique=True),
        sqlite_with_rowid=False,
    )
