"""Switches of a sandbox, and what is to be known of calls that follow one another at once.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the columns; nothing is switched on, and nothing is under way."""
    op.add_column("merchants", sa.Column("switches", sa.Text))
    op.add_column("merchants", sa.Column("first_switches", sa.Text))
    op.add_column("payments", sa.Column("looked_up_at", sa.BigInteger))
    op.add_column("transactions", sa.Column("held_until", sa.BigInteger))
