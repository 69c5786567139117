"""When a payment may be canceled, what it is afterwards, and the account that a refund goes to."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from payments_mock.domain.errors import (
    AlreadyCanceledError,
    CancelAmountError,
    CancelAmountNotPositiveError,
    CancelTooLateError,
    CurrencyMismatchError,
    NotApprovedError,
    PartialCancelError,
    PartialCancelOfUnpaidError,
    RapidRepeatError,
    RefundableAmountError,
    RefundAccountInvalidError,
    RefundAccountMissingError,
    RefundAccountNumberError,
    RefundBankRefusesError,
    RefundBankUnknownError,
    SettledError,
    differs,
    outside,
)
from payments_mock.domain.institutions import find_bank
from payments_mock.domain.payments.instruments import AcquireStatus, Instruments, RefundAccount, RefundStatus
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import (
    PAID_STATES,
    Event,
    Payment,
    State,
    Transaction,
    TransactionKind,
)
from payments_mock.domain.values import KOREA, immutable

CURRENCY = "KRW"


@immutable
class CancelOrder:
    """What the merchant asks for; amounts in KRW, None means the whole, or unsaid.

    `whole_only` is for contracts that know no partial cancel. `believed_balance`, when given, must be what is
    left. `refund_account` is where a deposit goes back to. `least_pause` is how long it must come after the
    cancel before it.
    """

    reason: str
    amount: int | None = None
    tax_free_amount: int | None = None
    believed_balance: int | None = None
    currency: str | None = None
    refund_account: RefundAccount | None = None
    whole_only: bool = False
    least_pause: timedelta = timedelta()


def cancel(payment: Payment, order: CancelOrder, at: datetime, key: str) -> tuple[Payment, Transaction]:
    """Return the payment as the cancel leaves it, and the cancel itself under the transaction key `key`.

    Raises:
        AlreadyCanceledError, NotApprovedError, PartialCancelError, CancelAmountError, RefundableAmountError,
        RefundAccountMissingError, CancelTooLateError, RapidRepeatError: the rule of that name is broken.
    """
    _check_pause(payment, order, at)
    _check_state(payment)
    amount = payment.balance_amount if order.amount is None else order.amount
    if order.currency not in (None, CURRENCY):
        raise CurrencyMismatchError(
            f"the payment is in {CURRENCY}", differs("currency", CURRENCY, order.currency)
        )
    _check_amount(payment, order, amount)
    _check_not_settled(payment)
    _check_time(payment, at)
    _check_refund_account(payment, order)
    tax_free = _tax_free_part(payment, order, amount)
    remaining = payment.balance_amount - amount
    event = Event.CANCEL if _is_whole(payment, order, remaining) else Event.CANCEL_PART
    changed = payment.after(
        event,
        balance_amount=remaining,
        tax_free_balance=payment.tax_free_balance - tax_free,
        last_transaction_key=key,
        instruments=_instruments_after(payment, order, at, whole=not remaining),
    )
    kind = TransactionKind.CANCEL if payment.state in PAID_STATES else TransactionKind.VOID
    movement = Transaction(key, kind, changed.state, amount, at, remaining, tax_free, order.reason)
    return replace(changed, cancels=(*payment.cancels, movement)), movement


def _is_whole(payment: Payment, order: CancelOrder, remaining: int) -> bool:
    """Tell whether a cancel is one of the whole: parts that use the balance up stay parts, as recorded."""
    return not remaining and (order.amount is None or payment.state is not State.PARTIALLY_CANCELED)


def _check_pause(payment: Payment, order: CancelOrder, at: datetime) -> None:
    if payment.cancels and at - order.least_pause < payment.cancels[-1].at <= at:
        raise RapidRepeatError("the payment was canceled, or a part of it, a moment ago")


def _check_state(payment: Payment) -> None:
    if payment.state is State.CANCELED:
        raise AlreadyCanceledError("the payment is already canceled")
    if payment.state not in PAID_STATES and payment.state is not State.AWAITING_DEPOSIT:
        raise NotApprovedError("the payment is not approved")
    if payment.state is State.PARTIALLY_CANCELED and not payment.balance_amount:
        raise CancelAmountError("nothing is left to cancel: parts have used the balance up")


def _check_amount(payment: Payment, order: CancelOrder, amount: int) -> None:
    if amount <= 0:
        raise CancelAmountNotPositiveError("cancelAmount must be above 0")
    if order.whole_only and amount != payment.total_amount:
        raise PartialCancelError(
            f"cancelAmount must be the whole amount, {payment.total_amount}",
            differs("cancelAmount", payment.total_amount, amount),
        )
    if order.believed_balance is not None and order.believed_balance != payment.balance_amount:
        raise RefundableAmountError(
            f"{payment.balance_amount} is left, not {order.believed_balance}",
            differs("refundableAmount", payment.balance_amount, order.believed_balance),
        )
    if amount > payment.balance_amount:
        raise CancelAmountError(
            f"no more than {payment.balance_amount} is left to cancel",
            outside("cancelAmount", f"at most {payment.balance_amount}", amount),
        )
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
    method = (payment.method or Method.CARD).definition
    if at - approved_at > method.cancel_window:
        days = method.cancel_window.days
        raise CancelTooLateError(f"{days} days after its approval the payment can't be canceled")
    if method.cancels_in_month and _month_in_korea(at) != _month_in_korea(approved_at):
        raise CancelTooLateError(
            f"a payment by {payment.method} can be canceled in the month of its approval only"
        )


def _day_in_korea(moment: datetime) -> date:
    return moment.astimezone(KOREA).date()


def _month_in_korea(moment: datetime) -> tuple[int, int]:
    local = moment.astimezone(KOREA)
    return local.year, local.month


def _check_refund_account(payment: Payment, order: CancelOrder) -> None:
    is_deposit = payment.waits_for_deposit and payment.state in PAID_STATES
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
        most = min(amount, payment.tax_free_balance)
        raise CancelAmountError(
            f"taxFreeAmount must be from {least} to {most} for this cancel",
            outside("taxFreeAmount", f"from {least} to {most}", part),
        )
    return part


def _instruments_after(
    payment: Payment, order: CancelOrder, at: datetime, *, whole: bool
) -> Instruments | None:
    instruments = payment.instruments
    if instruments is None:
        return None
    # On the day of the sale the acquirer knows nothing of it yet.
    is_acquired = payment.approved_at is not None and _day_in_korea(at) != _day_in_korea(payment.approved_at)
    if instruments.card is not None and whole and is_acquired:
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


ACCOUNT_NUMBER = re.compile(r"[0-9]{6,20}")

REFUSING_ACCOUNT_END = "0000"
"""Our own trigger: a bank refuses refunds to an account number that ends so."""

MISMATCHING_HOLDER = "불일치"
"""Our own trigger: no account belongs to a holder of this name, which means "mismatch"."""


def checked_refund_account(bank: str, account_number: str, holder_name: str) -> RefundAccount:
    """Return the account at `bank`, which is a code, or a Korean or English name.

    Raises:
        RefundBankUnknownError, RefundAccountNumberError, RefundAccountInvalidError,
        RefundBankRefusesError: as named.
    """
    found = find_bank(bank)
    if found is None:
        raise RefundBankUnknownError(f"{bank} is not a bank")
    if ACCOUNT_NUMBER.fullmatch(account_number) is None:
        raise RefundAccountNumberError("accountNumber must be 6 to 20 digits")
    if holder_name == MISMATCHING_HOLDER:
        raise RefundAccountInvalidError("the account belongs to somebody else")
    if account_number.endswith(REFUSING_ACCOUNT_END):
        raise RefundBankRefusesError("the bank takes no refund for this account")
    return RefundAccount(found.code, account_number, holder_name)
