"""When a payment may be canceled, and what it is afterwards."""

from datetime import datetime

from payments_mock.domain.errors import AlreadyCanceledError, NotApprovedError, PartialCancelError
from payments_mock.domain.payment import Payment
from payments_mock.domain.states import PAID_STATES, Event, State


def check_cancelable(payment: Payment) -> None:
    """Refuse a payment that holds no money to give back.

    Raises:
        AlreadyCanceledError: it was canceled in full before.
        NotApprovedError: it was never approved.
    """
    if payment.state is State.CANCELED:
        raise AlreadyCanceledError("the payment is already canceled")
    if payment.state not in PAID_STATES:
        raise NotApprovedError("the payment is not approved")


def check_whole(payment: Payment, amount: int | None) -> None:
    """Refuse to cancel another amount (KRW) than the whole; None means the whole.

    Raises:
        PartialCancelError: the amount differs (`004_908ac13ca74630c0.txt`: 409 PARTIAL_MISMATCH).
    """
    if amount is not None and amount != payment.total_amount:
        raise PartialCancelError(f"cancelAmount must be the whole amount, {payment.total_amount}")


def cancel_whole(payment: Payment, reason: str, at: datetime, transaction_key: str) -> Payment:
    """Return the payment as canceled in full at `at`."""
    return payment.after(
        Event.CANCEL,
        balance_amount=0,
        canceled_at=at,
        cancel_reason=reason,
        last_transaction_key=transaction_key,
    )
