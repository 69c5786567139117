"""When a payment may be confirmed, and what it is afterwards."""

from datetime import datetime

from payments_mock.domain.errors import (
    AlreadyApprovedError,
    AlreadyCanceledError,
    PaymentAbortedError,
    PaymentExpiredError,
    PaymentMismatchError,
)
from payments_mock.domain.payment import Method, Payment
from payments_mock.domain.states import PAID_STATES, Event, State


def check_same_request(payment: Payment, order_id: str, amount: int) -> None:
    """Refuse an order or an amount (KRW) that is not the payment's own, whatever its state.

    Raises:
        PaymentMismatchError: one of them differs (`004_908ac13ca74630c0.txt`: 409 AMOUNT_MISMATCH).
    """
    if payment.order_id != order_id:
        raise PaymentMismatchError("orderId is not the one this payment was created with")
    if payment.total_amount != amount:
        raise PaymentMismatchError("amount is not the one this payment was created with")


def check_confirmable(payment: Payment) -> None:
    """Refuse a payment whose state has no approval ahead.

    Raises:
        AlreadyApprovedError, AlreadyCanceledError, PaymentAbortedError, PaymentExpiredError: as named.
    """
    if payment.state in PAID_STATES:
        raise AlreadyApprovedError("the payment is already approved")
    if payment.state is State.CANCELED:
        raise AlreadyCanceledError("the payment is already canceled")
    if payment.state is State.ABORTED:
        raise PaymentAbortedError(payment.failure_code or "ABORTED", payment.failure_message or "refused")
    if payment.state is State.EXPIRED:
        raise PaymentExpiredError("the payment expired before it was confirmed")


def approve(payment: Payment, at: datetime, transaction_key: str) -> Payment:
    """Return the payment as approved at `at`."""
    return payment.after(
        Event.APPROVE,
        approved_at=at,
        method=payment.method or Method.CARD,
        last_transaction_key=transaction_key,
    )
