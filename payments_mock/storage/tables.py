"""The tables; amounts in KRW, times as `UtcTime`."""

from sqlalchemy import BigInteger, Column, Enum, ForeignKey, Index, Integer, String, UniqueConstraint

from payments_mock.domain.merchant import ContractName
from payments_mock.domain.payment import Method, TransactionKind
from payments_mock.domain.states import State
from payments_mock.storage.database import db
from payments_mock.storage.types import RowId, UtcTime


def _enum(kind: type) -> Enum:
    return Enum(kind, native_enum=False, length=24)


merchants = db.Table(
    "merchants",
    Column("id", RowId, primary_key=True),
    Column("code", String(14), nullable=False, unique=True),
    Column("contract", _enum(ContractName), nullable=False),
    Column("version", String(10), nullable=False),
)

api_keys = db.Table(
    "api_keys",
    Column("digest", String(64), primary_key=True),
    Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
)

payments = db.Table(
    "payments",
    Column("id", RowId, primary_key=True),
    Column("merchant_id", ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False),
    Column("payment_key", String(200), nullable=False),
    Column("order_id", String(64), nullable=False),
    # The order while this payment holds it, else null: the unique index then lets one payment an order in.
    Column("held_order_id", String(64)),
    Column("revision", Integer, nullable=False),
    Column("state", _enum(State), nullable=False),
    Column("method", _enum(Method)),
    Column("total_amount", BigInteger, nullable=False),
    Column("balance_amount", BigInteger, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("approved_at", UtcTime),
    Column("canceled_at", UtcTime),
    Column("cancel_reason", String(200)),
    Column("last_transaction_key", String(64)),
    Column("failure_code", String(64)),
    Column("failure_message", String(500)),
    Column("receipt_token", String(64), nullable=False),
    UniqueConstraint("merchant_id", "payment_key", name="one_payment_a_key"),
    UniqueConstraint("merchant_id", "held_order_id", name="one_approval_an_order"),
    Index("payments_of_an_order", "merchant_id", "order_id"),
    Index("payments_by_key", "payment_key"),
)

transactions = db.Table(
    "transactions",
    Column("id", RowId, primary_key=True),
    Column("payment_id", ForeignKey("payments.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key", String(64), nullable=False),
    Column("kind", _enum(TransactionKind), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", String(200)),
)
