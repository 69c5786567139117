"""Payments made by hand; the one place in the tests that knows what a payment needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from payments_mock.domain.payments.cancellation import CancelOrder, cancel
from payments_mock.domain.payments.confirmation import approve
from payments_mock.domain.payments.payment import Payment, State, Transaction, TransactionKind

NOON = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)


def make_payment(**values: Any) -> Payment:
    """Make a payment of 10,000 KRW that is ready to be confirmed, but for what `values` say."""
    amount = values.get("total_amount", 10_000)
    defaults: dict[str, Any] = {
        "merchant_id": 1,
        "payment_key": "pay_123",
        "order_id": "order_123",
        "total_amount": amount,
        "balance_amount": amount,
        "state": State.AUTHENTICATED,
        "requested_at": NOON,
        "receipt_token": "receipt-token",
    }
    return Payment(**defaults | values)


def make_movement(**values: Any) -> Transaction:
    """Make the movement of money that goes with an approval of 10,000 KRW."""
    defaults: dict[str, Any] = {
        "key": "transaction-key",
        "kind": TransactionKind.APPROVAL,
        "state": State.APPROVED,
        "amount": 10_000,
        "at": NOON,
    }
    return Transaction(**defaults | values)


def approved(payment: Payment, at: datetime = NOON) -> Payment:
    """Return the payment as its approval leaves it."""
    return approve(payment, at, "approval-key")[0]


def canceled(payment: Payment, amount: int | None = None, *, whole_only: bool = True) -> Payment:
    """Return the payment as a cancel an hour after noon leaves it; None cancels the whole."""
    order = CancelOrder("USER_REQUEST", amount, whole_only=whole_only)
    return cancel(payment, order, NOON + timedelta(hours=1), "cancel-key")[0]
