"""What entries of the journal are found by, and how long they are.

Revision ID: 0003
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import ROW_ID

revision = "0003"
down_revision = "0002"

_ENTRIES_A_ROW = 1024
_FIELDS = ("operation", "method", "payment_key", "order_id", "amount", "status", "code")


def upgrade() -> None:
    """Make the table and the column, and fill them from the entries that are there."""
    _make_calls()
    op.add_column("journal", sa.Column("bytes", sa.Integer))
    op.drop_index("journal_of_a_merchant", "journal")
    op.create_index("journal_of_a_merchant", "journal", ["merchant_id", "id", "size", "bytes"])
    op.execute(sa.text("UPDATE journal SET bytes = length(entries)"))
    _fill_calls()


def _make_calls() -> None:
    merchant = sa.ForeignKey("merchants.id", ondelete="CASCADE")
    op.create_table(
        "journal_calls",
        sa.Column("merchant_id", ROW_ID, merchant, primary_key=True, autoincrement=False),
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


def _fill_calls() -> None:
    connection = op.get_bind()
    names = ("merchant_id", "id", *_FIELDS, "faults")
    calls = sa.table("journal_calls", *(sa.column(name) for name in names))
    rows = connection.execute(sa.text("SELECT id, merchant_id, entries FROM journal")).all()
    for row_id, merchant_id, entries in rows:
        connection.execute(sa.insert(calls), list(_calls(row_id, merchant_id, json.loads(entries))))


def _calls(row_id: int, merchant_id: int, entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for place, entry in enumerate(entries):
        yield {
            "merchant_id": merchant_id,
            "id": row_id * _ENTRIES_A_ROW + place,
            **{name: entry[name] for name in _FIELDS},
            "faults": len(entry["details"]["faults"]),
        }
