"""When a payment may be canceled, in whole or in part, and what it is afterwards."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payments_mock.domain.errors import (
    AlreadyCanceledError,
    CancelAmountError,
    CancelAmountNotPositiveError,
    CancelTooLateError,
    CurrencyMismatchError,
    NotApprovedError,
    PartialCancelError,
    PartialCancelOfUnpaidError,
    RefundableAmountError,
    RefundAccountMissingError,
    SettledError,
)
from payments_mock.domain.payments.methods import (
    AcquireStatus,
    Instruments,
    Method,
    RefundAccount,
    RefundStatus,
)
from payments_mock.domain.payments.payment import (
    PAID_STATES,
    Event,
    Payment,
    State,
    Transaction,
    TransactionKind,
)
from payments_mock.domain.values import KOREA

CURRENCY = "KRW"

CANCEL_WINDOW = timedelta(days=365)
"""How long after its approval a payment can be canceled."""

TRANSFER_CANCEL_WINDOW = timedelta(days=180)
"""The same for transfers (public reference, cancel guide)."""


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """What the merchant asks for; amounts in KRW, None means the whole, or unsaid.

    `whole_only` is for contracts that know no partial cancel. `believed_balance`, when given, must be what is
    left. `refund_account` is where a deposit goes back to.
    """

    reason: str
    amount: int | None = None
    tax_free_amount: int | None = None
    believed_balance: int | None = None
    currency: str | None = None
    refund_account: RefundAccount | None = None
    whole_only: bool = False


def cancel(payment: Payment, order: CancelOrder, at: datetime, key: str) -> tuple[Payment, Transaction]:
    """Return the payment as the cancel leaves it, and the cancel itself under the transaction key `key`.

    Raises:
        AlreadyCanceledError, NotApprovedError, PartialCancelError, CancelAmountError, RefundableAmountError,
        RefundAccountMissingError, CancelTooLateError: the rule of that name is broken.
    """
    _check_state(payment)
    amount = payment.balance_amount if order.amount is None else order.amount
    if order.currency not in (None, CURRENCY):
        raise CurrencyMismatchError(f"the payment is in {CURRENCY}")
    _check_amount(payment, order, amount)
    _check_not_settled(payment)
    _check_time(payment, at)
    _check_refund_account(payment, order)
    tax_free = _tax_free_part(payment, order, amount)
    remaining = payment.balance_amount - amount
    event = Event.CANCEL_PART if remaining else Event.CANCEL
    changed = payment.after(
        event,
        balance_amount=remaining,
        tax_free_balance=payment.tax_free_balance - tax_free,
        last_transaction_key=key,
        instruments=_instruments_after(payment, order, whole=not remaining),
    )
    kind = TransactionKind.CANCEL if payment.state in PAID_STATES else TransactionKind.VOID
    movement = Transaction(key, kind, changed.state, amount, at, remaining, tax_free, order.reason)
    return replace(changed, cancels=(*payment.cancels, movement)), movement


def _check_state(payment: Payment) -> None:
    if payment.state is State.CANCELED:
        raise AlreadyCanceledError("the payment is already canceled")
    if payment.state not in PAID_STATES and payment.state is not State.AWAITING_DEPOSIT:
        raise NotApprovedError("the payment is not approved")


def _check_amount(payment: Payment, order: CancelOrder, amount: int) -> None:
    if amount <= 0:
        raise CancelAmountNotPositiveError("cancelAmount must be above 0")
    if order.whole_only and amount != payment.total_amount:
        raise PartialCancelError(f"cancelAmount must be the whole amount, {payment.total_amount}")
    if order.believed_balance is not None and order.believed_balance != payment.balance_amount:
        raise RefundableAmountError(f"{payment.balance_amount} is left, not {order.believed_balance}")
    if amount > payment.balance_amount:
        raise CancelAmountError(f"no more than {payment.balance_amount} is left to cancel")
    if amount < payment.balance_amount and payment.state is State.AWAITING_DEPOSIT:
        raise PartialCancelOfUnpaidError("nothing was deposited, so only the whole can be canceled")
    if amount < payment.balance_amount and not payment.is_partial_cancelable:
        raise PartialCancelError(f"a payment by {payment.method} can only be canceled as a whole")


def _check_not_settled(payment: Payment) -> None:
    if payment.settled_at is not None:
        raise SettledError("the money was paid out to the merchant already")


def _check_time(payment: Payment, at: datetime) -> None:
    """Refuse what the method's company no longer takes back: a phone bill closes with its month in Korea."""
    approved_at = payment.approved_at
    if approved_at is None:
        return
    window = TRANSFER_CANCEL_WINDOW if payment.method is Method.TRANSFER else CANCEL_WINDOW
    if at - approved_at > window:
        raise CancelTooLateError(f"{window.days} days after its approval the payment can't be canceled")
    if payment.method is Method.MOBILE_PHONE and _month_in_korea(at) != _month_in_korea(approved_at):
        raise CancelTooLateError("a payment by phone bill can be canceled in the month of its approval only")


def _month_in_korea(moment: datetime) -> tuple[int, int]:
    local = moment.astimezone(KOREA)
    return local.year, local.month


def _check_refund_account(payment: Payment, order: CancelOrder) -> None:
    is_deposit = payment.method is Method.VIRTUAL_ACCOUNT and payment.state in PAID_STATES
    if is_deposit and order.refund_account is None:
        raise RefundAccountMissingError(
            "a deposit is given back to an account: refundReceiveAccount is missing"
        )


def _tax_free_part(payment: Payment, order: CancelOrder, amount: int) -> int:
    """Return how much of a cancel is untaxed; unsaid, the taxed part is given back first."""
    taxed_balance = payment.balance_amount - payment.tax_free_balance
    least = max(0, amount - taxed_balance)
    if amount == payment.balance_amount and order.tax_free_amount is None:
        return payment.tax_free_balance
    part = least if order.tax_free_amount is None else order.tax_free_amount
    if not least <= part <= min(amount, payment.tax_free_balance):
        raise CancelAmountError(
            f"taxFreeAmount must be from {least} to {min(amount, payment.tax_free_balance)} for this cancel"
        )
    return part


def _instruments_after(payment: Payment, order: CancelOrder, *, whole: bool) -> Instruments | None:
    instruments = payment.instruments
    if instruments is None:
        return None
    if instruments.card is not None and whole:
        card = replace(instruments.card, acquire_status=AcquireStatus.CANCELED)
        instruments = replace(instruments, card=card)
    if instruments.virtual_account is not None and payment.state in PAID_STATES:
        account = replace(
            instruments.virtual_account,
            refund_status=RefundStatus.PENDING,
            refund_account=order.refund_account,
        )
        instruments = replace(instruments, virtual_account=account)
    return instruments
