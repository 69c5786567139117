"""The way from the tables of any release to those of this one; read when a kept database needs it.

Here is what every step makes alike, written for the steps alone, so that what is past stays as it was.
"""

import sqlalchemy as sa
from alembic import op

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""The number of a row; SQLite gives numbers by itself only for the type INTEGER."""


def row_id() -> "sa.Column[int]":
    """Return the column of generated numbers."""
    return sa.Column("id", ROW_ID, primary_key=True)


def merchant_id() -> "sa.Column[int]":
    """Return the column that tells whose a row is; it goes with its merchant."""
    return sa.Column("merchant_id", ROW_ID, sa.ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False)


def partial_index(
    name: str, table: str, columns: list[str], where: "str | sa.ColumnElement[bool]", *, unique: bool = False
) -> None:
    """Make an index of the rows that `where` is true of."""
    condition = sa.text(where) if isinstance(where, str) else where
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
