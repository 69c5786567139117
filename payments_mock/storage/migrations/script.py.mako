"""${message}.

Revision ID: ${up_revision}
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Say what the step makes."""
    ${upgrades if upgrades else "pass"}
