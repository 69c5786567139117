"""Merchants, their payments, and what tests arrange for them.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from payments_mock.storage.migrations import ROW_ID, merchant_id, partial_index, row_id

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_merchants()
    _make_records()
    _make_payments()
    _make_indexes_of_payments()
    _make_steps_of_payments()
    _make_billing()
    _make_cash_receipts()


def _make_merchants() -> None:
    op.create_table(
        "merchants",
        row_id(),
        sa.Column("code", sa.String(14), nullable=False, unique=True),
        sa.Column("contract", sa.String(32), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("clock_offset", sa.BigInteger, nullable=False),
        sa.Column("clock_frozen_at", sa.BigInteger),
        sa.Column("has_faults", sa.Boolean, nullable=False),
        sa.Column("has_webhooks", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "api_keys",
        sa.Column("digest", sa.String(64), primary_key=True),
        merchant_id(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("family", sa.String(32), nullable=False),
    )
    op.create_index("ix_api_keys_merchant_id", "api_keys", ["merchant_id"])
    op.create_table(
        "report_lags",
        sa.Column("merchant_id", ROW_ID, sa.ForeignKey("merchants.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lag", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "faults",
        row_id(),
        merchant_id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("met", sa.Integer, nullable=False),
        sa.Column("struck", sa.Integer, nullable=False),
        sa.UniqueConstraint("merchant_id", "name", name="one_fault_a_name"),
    )


def _make_records() -> None:
    op.create_table(
        "journal",
        row_id(),
        merchant_id(),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("entries", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("journal_of_a_merchant", "journal", ["merchant_id", "id", "size"])
    op.create_table(
        "idempotent_answers",
        sa.Column("scope", sa.String(64), primary_key=True),
        merchant_id(),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("leased_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("content_type", sa.String(100)),
        sa.Column("body", sa.Text),
        sa.Column("open_until", sa.BigInteger),
    )
    op.create_index("ix_idempotent_answers_merchant_id", "idempotent_answers", ["merchant_id"])


def _make_payments() -> None:
    op.create_table(
        "payments",
        row_id(),
        merchant_id(),
        sa.Column("payment_key", sa.String(200), nullable=False),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("held_order_id", sa.String(64)),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key_family", sa.String(32)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("method", sa.String(32)),
        sa.Column("instruments", sa.Text),
        sa.Column("order_name", sa.String(100)),
        sa.Column("customer_key", sa.String(300)),
        sa.Column("total_amount", sa.BigInteger, nullable=False),
        sa.Column("balance_amount", sa.BigInteger, nullable=False),
        sa.Column("tax_free_amount", sa.BigInteger, nullable=False),
        sa.Column("tax_free_balance", sa.BigInteger, nullable=False),
        sa.Column("culture_expense", sa.Boolean, nullable=False),
        sa.Column("use_escrow", sa.Boolean, nullable=False),
        sa.Column("frees_order", sa.Boolean, nullable=False),
        sa.Column("metadata", sa.Text),
        sa.Column("success_url", sa.String(2000)),
        sa.Column("fail_url", sa.String(2000)),
        sa.Column("secret", sa.String(50)),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("approved_at", sa.BigInteger),
        sa.Column("last_transaction_key", sa.String(64)),
        sa.Column("failure_code", sa.String(64)),
        sa.Column("decline_code", sa.String(64)),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("receipt_token", sa.String(64), nullable=False),
        sa.UniqueConstraint("payment_key", "merchant_id", name="one_payment_a_key"),
    )


def _make_indexes_of_payments() -> None:
    partial_index(
        "one_approval_an_order",
        "payments",
        ["merchant_id", "held_order_id"],
        "held_order_id IS NOT NULL",
        unique=True,
    )
    partial_index(
        "payments_by_phone",
        "payments",
        ["merchant_id", "instruments", "approved_at"],
        "method = 'MOBILE_PHONE'",
    )
    partial_index(
        "payments_by_transfer",
        "payments",
        ["merchant_id", "customer_key", "approved_at"],
        "method = 'TRANSFER'",
    )
    op.create_index("payments_of_an_order", "payments", ["merchant_id", "order_id"])
    partial_index(
        "payments_running_out",
        "payments",
        ["merchant_id", "expires_at"],
        "expires_at IS NOT NULL AND state IN ('AUTHENTICATED', 'INITIATED')",
    )


def _make_steps_of_payments() -> None:
    op.create_table(
        "payment_turns",
        sa.Column("payment_id", ROW_ID, sa.ForeignKey("payments.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String(32), primary_key=True),
        merchant_id(),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_payment_turns_merchant_id", "payment_turns", ["merchant_id"])
    op.create_table(
        "transactions",
        row_id(),
        merchant_id(),
        sa.Column("payment_id", ROW_ID, sa.ForeignKey("payments.id", ondelete="CASCADE"), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("remaining_amount", sa.BigInteger, nullable=False),
        sa.Column("tax_free_amount", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.UniqueConstraint("merchant_id", "key", name="one_transaction_a_key"),
    )
    op.create_index("ix_transactions_payment_id", "transactions", ["payment_id"])
    op.create_index("transactions_by_time", "transactions", ["merchant_id", "at", "id"])
    op.create_table(
        "checkout_windows",
        sa.Column("token", sa.String(64), primary_key=True),
        merchant_id(),
        sa.Column("key_family", sa.String(32), nullable=False),
        sa.Column("payment_key", sa.String(200)),
        sa.Column("options", sa.Text, nullable=False),
    )
    op.create_index("ix_checkout_windows_merchant_id", "checkout_windows", ["merchant_id"])
    op.create_index("ix_checkout_windows_payment_key", "checkout_windows", ["payment_key"])


def _make_billing() -> None:
    op.create_table(
        "billing_authorizations",
        row_id(),
        merchant_id(),
        sa.Column("auth_key", sa.String(300), nullable=False),
        sa.Column("customer_key", sa.String(300), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("instruments", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("refusal_code", sa.String(64)),
        sa.Column("refusal_limit", sa.BigInteger),
        sa.Column("authenticated_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.UniqueConstraint("merchant_id", "auth_key", name="one_authorization_a_key"),
    )
    op.create_table(
        "billing_keys",
        row_id(),
        merchant_id(),
        sa.Column("billing_key", sa.String(200), nullable=False),
        sa.Column("customer_key", sa.String(300), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("instruments", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("refusal_code", sa.String(64)),
        sa.Column("refusal_limit", sa.BigInteger),
        sa.Column("authenticated_at", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.UniqueConstraint("merchant_id", "billing_key", name="one_billing_key_a_key"),
    )


def _make_cash_receipts() -> None:
    op.create_table(
        "cash_receipts",
        row_id(),
        merchant_id(),
        sa.Column("receipt_key", sa.String(200), nullable=False),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("held_order_id", sa.String(64)),
        sa.Column("order_name", sa.String(100)),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("identity_number", sa.String(30), nullable=False),
        sa.Column("issue_number", sa.String(9), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("tax_free_amount", sa.BigInteger, nullable=False),
        sa.Column("balance_amount", sa.BigInteger, nullable=False),
        sa.Column("tax_free_balance", sa.BigInteger, nullable=False),
        sa.Column("cancel_count", sa.Integer, nullable=False),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("receipt_key", "merchant_id", name="one_cash_receipt_a_key"),
        sa.UniqueConstraint("merchant_id", "held_order_id", name="one_cash_receipt_an_order"),
    )
    op.create_index("cash_receipts_by_time", "cash_receipts", ["merchant_id", "requested_at"])
