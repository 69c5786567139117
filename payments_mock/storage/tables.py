"""The tables; amounts in KRW, times as `UtcTime`."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)

from payments_mock.domain.payments.instruments import CashReceiptKind
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import (
    EXPIRING_STATES,
    KeyFamily,
    PaymentKind,
    State,
    TransactionKind,
)
from payments_mock.domain.receipts import ReceiptStep
from payments_mock.domain.sandboxes import ContractName, KeyKind
from payments_mock.domain.values import LONGEST_URL
from payments_mock.storage.columns import (
    Duration,
    InstrumentsColumn,
    JsonText,
    RowId,
    UtcTime,
    enum_as_text,
    make_table,
    merchant_id_column,
    partial_index,
)

merchants = make_table(
    "merchants",
    Column("id", RowId, primary_key=True),
    Column("code", String(14), nullable=False, unique=True),
    Column("contract", enum_as_text(ContractName), nullable=False),
    Column("version", String(10), nullable=False),
    Column("clock_offset", Duration, nullable=False),
    Column("clock_frozen_at", UtcTime),
    Column("has_faults", Boolean, nullable=False),
    Column("has_webhooks", Boolean, nullable=False),
    # The switches that are on, and those that a reset turns on again; null for none.
    Column("switches", JsonText),
    Column("first_switches", JsonText),
    # A number is never used again: late journal entries of a removed merchant would belong to the next one.
    sqlite_autoincrement=True,
)

api_keys = make_table(
    "api_keys",
    Column("digest", String(64), primary_key=True),
    merchant_id_column(index=True),
    Column("kind", enum_as_text(KeyKind), nullable=False),
    Column("family", enum_as_text(KeyFamily), nullable=False),
)

ONE_PAYMENT_A_KEY = UniqueConstraint("payment_key", "merchant_id", name="one_payment_a_key")
ONE_APPROVAL_AN_ORDER = partial_index(
    "one_approval_an_order",
    "merchant_id",
    "held_order_id",
    unique=True,
    where=text("held_order_id IS NOT NULL"),
)
payments = make_table(
    "payments",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("payment_key", String(200), nullable=False),
    Column("order_id", String(64), nullable=False),
    # The order while this payment holds it, else null: the unique index then lets one payment an order in.
    Column("held_order_id", String(64)),
    Column("revision", Integer, nullable=False),
    Column("kind", enum_as_text(PaymentKind), nullable=False),
    Column("key_family", enum_as_text(KeyFamily)),
    Column("state", enum_as_text(State), nullable=False),
    Column("method", enum_as_text(Method)),
    Column("instruments", InstrumentsColumn),
    Column("order_name", String(100)),
    Column("customer_key", String(300)),
    Column("total_amount", BigInteger, nullable=False),
    Column("balance_amount", BigInteger, nullable=False),
    Column("tax_free_amount", BigInteger, nullable=False),
    Column("tax_free_balance", BigInteger, nullable=False),
    Column("culture_expense", Boolean, nullable=False),
    Column("use_escrow", Boolean, nullable=False),
    Column("frees_order", Boolean, nullable=False),
    Column("metadata", JsonText),
    Column("success_url", String(LONGEST_URL)),
    Column("fail_url", String(LONGEST_URL)),
    Column("secret", String(50)),
    Column("requested_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("approved_at", UtcTime),
    Column("last_transaction_key", String(64)),
    Column("failure_code", String(64)),
    Column("decline_code", String(64)),
    Column("settled_at", UtcTime),
    # When it was last looked up, where a switch refuses to be asked again at once.
    Column("looked_up_at", UtcTime),
    Column("receipt_token", String(64), nullable=False),
    # The key comes first, as payments are also looked up by their key alone.
    ONE_PAYMENT_A_KEY,
    ONE_APPROVAL_AN_ORDER,
    Index("payments_of_an_order", "merchant_id", "order_id"),
    Index("payments_of_a_merchant", "merchant_id", "id"),
)

# What a shopper spent by these methods counts against limits; no other payment is in these indexes.
for _index, _shopper, _method in (
    ("payments_by_phone", payments.c.instruments, Method.MOBILE_PHONE),
    ("payments_by_transfer", payments.c.customer_key, Method.TRANSFER),
):
    _columns = (payments.c.merchant_id, _shopper, payments.c.approved_at)
    partial_index(_index, *_columns, where=payments.c.method == _method)

# Written out, as a statement uses the index only where it says the same.
_EXPIRING = ", ".join(f"'{state}'" for state in sorted(EXPIRING_STATES))
RUNS_OUT = text(f"expires_at IS NOT NULL AND state IN ({_EXPIRING})")
"""Whether a payment expires by itself at `expires_at`."""

partial_index("payments_running_out", payments.c.merchant_id, payments.c.expires_at, where=RUNS_OUT)

# Steps of a payment that are no transaction, each of which is taken once at the most.
payment_turns = make_table(
    "payment_turns",
    Column("payment_id", ForeignKey("payments.id", ondelete="CASCADE"), primary_key=True),
    Column("state", enum_as_text(State), primary_key=True),
    merchant_id_column(index=True),
    Column("at", UtcTime, nullable=False),
)

transactions = make_table(
    "transactions",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("payment_id", ForeignKey("payments.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key", String(64), nullable=False),
    Column("kind", enum_as_text(TransactionKind), nullable=False),
    Column("state", enum_as_text(State), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("remaining_amount", BigInteger, nullable=False),
    Column("tax_free_amount", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", String(200)),
    # Until when, by the machine's clock, a fault holds the answer to the call that took this step.
    Column("held_until", UtcTime),
    UniqueConstraint("merchant_id", "key", name="one_transaction_a_key"),
    Index("transactions_by_time", "merchant_id", "at", "id"),
)

# How late the lists of transactions and settlements are; a merchant without a row sees all at once.
report_lags = make_table(
    "report_lags",
    Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), primary_key=True),
    Column("lag", Duration, nullable=False),
)

idempotent_answers = make_table(
    "idempotent_answers",
    Column("scope", String(64), primary_key=True),
    merchant_id_column(index=True),
    Column("owner", String(120), nullable=False),
    Column("claimed_at", UtcTime, nullable=False),
    Column("leased_at", UtcTime, nullable=False),
    Column("status", Integer),
    Column("content_type", String(100)),
    Column("body", Text),
    Column("open_until", UtcTime),
)

checkout_windows = make_table(
    "checkout_windows",
    # Whoever knows the token may act in the window; the address has it beside the key.
    Column("token", String(64), primary_key=True),
    merchant_id_column(index=True),
    Column("key_family", enum_as_text(KeyFamily), nullable=False),
    # Null where a card is registered, and nothing is paid.
    Column("payment_key", String(200), index=True),
    Column("options", JsonText, nullable=False),
)

faults = make_table(
    "faults",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("name", String(100), nullable=False),
    Column("rule", JsonText, nullable=False),
    # How many calls the fault has met, and how many of them it struck.
    Column("met", Integer, nullable=False),
    Column("struck", Integer, nullable=False),
    UniqueConstraint("merchant_id", "name", name="one_fault_a_name"),
)

journal = make_table(
    "journal",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    # Entries of one moment as a JSON array: one row for many is what makes a journal cheap.
    Column("size", Integer, nullable=False),
    Column("entries", Text, nullable=False),
    # The length of the array.
    Column("bytes", Integer),
    # With the sizes, so that pruning need not read the entries.
    Index("journal_of_a_merchant", "merchant_id", "id", "size", "bytes"),
    # Numbers never start again, so that a reader who continues after an entry misses none.
    sqlite_autoincrement=True,
)

# The fields that entries are found by, so that other entries need not be read.
journal_calls = make_table(
    "journal_calls",
    Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), primary_key=True),
    # The number of the entry, which tells its row in the journal and its place there.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("operation", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("payment_key", String(200)),
    Column("order_id", String(64)),
    Column("amount", BigInteger),
    Column("status", Integer, nullable=False),
    Column("code", Text),
    # How many faults struck.
    Column("faults", Integer, nullable=False),
    # Ordered by its key, as it is written: a sandbox's calls lie together. 10,000 are looked through within a
    # millisecond, while an index more would cost each call 6 microseconds.
    sqlite_with_rowid=False,
)


def _billing_means() -> tuple[Column[Any], ...]:
    return (
        Column("method", enum_as_text(Method), nullable=False),
        Column("instruments", InstrumentsColumn, nullable=False),
        Column("expires_at", UtcTime),
        Column("refusal_code", String(64)),
        Column("refusal_limit", BigInteger),
    )


billing_authorizations = make_table(
    "billing_authorizations",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("auth_key", String(300), nullable=False),
    Column("customer_key", String(300), nullable=False),
    *_billing_means(),
    Column("authenticated_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    UniqueConstraint("merchant_id", "auth_key", name="one_authorization_a_key"),
)

billing_keys = make_table(
    "billing_keys",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("billing_key", String(200), nullable=False),
    Column("customer_key", String(300), nullable=False),
    *_billing_means(),
    Column("authenticated_at", UtcTime, nullable=False),
    # A deleted key is remembered, so that whoever still uses it is told.
    Column("deleted_at", UtcTime),
    UniqueConstraint("merchant_id", "billing_key", name="one_billing_key_a_key"),
)

cash_receipts = make_table(
    "cash_receipts",
    Column("id", RowId, primary_key=True),
    merchant_id_column(),
    Column("receipt_key", String(200), nullable=False),
    Column("order_id", String(64), nullable=False),
    # The order while this receipt stands for it, else null, as with payments.
    Column("held_order_id", String(64)),
    Column("order_name", String(100)),
    Column("kind", enum_as_text(CashReceiptKind), nullable=False),
    Column("identity_number", String(30), nullable=False),
    Column("issue_number", String(9), nullable=False),
    Column("step", enum_as_text(ReceiptStep), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("tax_free_amount", BigInteger, nullable=False),
    Column("balance_amount", BigInteger, nullable=False),
    Column("tax_free_balance", BigInteger, nullable=False),
    Column("cancel_count", Integer, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    UniqueConstraint("receipt_key", "merchant_id", name="one_cash_receipt_a_key"),
    UniqueConstraint("merchant_id", "held_order_id", name="one_cash_receipt_an_order"),
    Index("cash_receipts_by_time", "merchant_id", "requested_at"),
)
