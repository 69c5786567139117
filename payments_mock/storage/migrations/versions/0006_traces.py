"""The trace that a webhook is a part of.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the column; webhooks of before are a part of none."""
    op.add_column("webhook_deliveries", sa.Column("traceparent", sa.String(200)))
