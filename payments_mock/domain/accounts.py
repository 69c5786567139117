"""Virtual accounts: how they are issued, how long they live, and the deposits into them.

PaymentError
    VirtualAccountError
        DueTimeGivenTwiceError
        TooManyValidHoursError
        DueDateTooFarError
        DueDatePastError
        AccountBankError
        AccountTypeError

A part of the tree of `payments_mock.domain.errors`.

PaymentError
    DepositError
        NoDepositAwaitedError
        AlreadyDepositedError
        AccountClosedError
        DepositAmountError
        NothingDepositedError
        RefundUnderwayError
        RefundedError

A part of the tree of `payments_mock.domain.errors`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from payments_mock.domain.errors import PaymentError, differs
from payments_mock.domain.institutions import find_virtual_account_bank
from payments_mock.domain.payments.instruments import AccountType, Instruments, RefundStatus, VirtualAccount
from payments_mock.domain.payments.methods import DEFAULT_DEPOSIT_TIME
from payments_mock.domain.payments.payment import (
    PAID_STATES,
    Event,
    Payment,
    State,
    Transaction,
    TransactionKind,
)
from payments_mock.domain.values import immutable


class VirtualAccountError(PaymentError):
    """The virtual account can't be opened as asked."""


class DueTimeGivenTwiceError(VirtualAccountError):
    """The order gives both a number of hours and a due date."""


class TooManyValidHoursError(VirtualAccountError):
    """The account would wait longer than the most hours allowed."""


class DueDateTooFarError(VirtualAccountError):
    """The due date is later than the latest allowed."""


class DueDatePastError(VirtualAccountError):
    """The due date is in the past."""


class AccountBankError(VirtualAccountError):
    """There is no such bank, or it has no virtual accounts."""


class AccountTypeError(VirtualAccountError):
    """A customer's own fixed account was asked for where none is possible."""


MOST_VALID_HOURS = 2160
"""The longest that an account waits, in hours: 90 days (public reference)."""

LATEST_DUE_DATE = timedelta(days=90)
LONGEST_ACCOUNT_KEY = 13

REFUND_TIME = timedelta(days=2)
"""How long a bank takes to give a deposit back (public reference: two days)."""


@immutable
class AccountOrder:
    """What account the merchant asks for; `bank` is a code, or a Korean or English name.

    At most one of `valid_hours` and `due_at` says how long it waits. With an `account_key` it is the account
    that stays with the customer of that key.
    """

    bank: str
    customer_name: str
    valid_hours: int | None = None
    due_at: datetime | None = None
    account_key: str | None = None
    use_escrow: bool = False


def open_account(order: AccountOrder, merchant_code: str, new_number: str, now: datetime) -> VirtualAccount:
    """Open an account at `now`, with `new_number` unless the customer has one.

    Raises:
        AccountBankError, AccountTypeError, DueTimeGivenTwiceError, TooManyValidHoursError,
        DueDateTooFarError, DueDatePastError: as named.
    """
    bank = find_virtual_account_bank(order.bank)
    if bank is None:
        raise AccountBankError(f"{order.bank} is no bank with virtual accounts")
    due_at = due_time(order, now)
    if order.account_key is None:
        return VirtualAccount(bank.code, new_number, order.customer_name, due_at)
    _check_account_key(order, order.account_key)
    number = fixed_account_number(merchant_code, bank.code, order.account_key)
    return VirtualAccount(bank.code, number, order.customer_name, due_at, AccountType.FIXED)


def due_time(order: AccountOrder, now: datetime) -> datetime:
    """Return the due time, in UTC, of an account that is opened at `now`.

    Raises:
        DueTimeGivenTwiceError, TooManyValidHoursError, DueDateTooFarError, DueDatePastError: as named.
    """
    if order.due_at is not None and order.valid_hours is not None:
        raise DueTimeGivenTwiceError("send validHours or dueDate, not both")
    if order.due_at is not None:
        return _checked_due_date(order.due_at, now)
    if order.valid_hours is None:
        return now + DEFAULT_DEPOSIT_TIME
    if order.valid_hours > MOST_VALID_HOURS:
        raise TooManyValidHoursError(f"validHours must be at most {MOST_VALID_HOURS}")
    return now + timedelta(hours=order.valid_hours)


def fixed_account_number(merchant_code: str, bank_code: str, account_key: str) -> str:
    """Return the number of the account that stays with a customer: the same for the same key."""
    digest = sha256("\n".join((merchant_code, bank_code, account_key)).encode()).digest()
    return f"X{int.from_bytes(digest) % 10**13:013}"


def is_expired(payment: Payment, now: datetime) -> bool:
    """Tell whether the account's due date is over and it is unpaid; the payment's state does not change."""
    account = payment.instruments.virtual_account if payment.instruments else None
    return account is not None and payment.approved_at is None and now >= account.due_at


def deposit_deadline(payment: Payment) -> datetime:
    """Return the due time of a payment's virtual account."""
    assert payment.instruments is not None  # noqa: S101
    assert payment.instruments.virtual_account is not None  # noqa: S101
    return payment.instruments.virtual_account.due_at


def refund_status(payment: Payment, account: VirtualAccount, now: datetime) -> RefundStatus:
    """Tell how far the last refund of a deposit is: the bank takes `REFUND_TIME` for it."""
    if account.refund_status is not RefundStatus.PENDING or payment.canceled_at is None:
        return account.refund_status
    return RefundStatus.COMPLETED if now - payment.canceled_at >= REFUND_TIME else RefundStatus.PENDING


def _checked_due_date(due_at: datetime, now: datetime) -> datetime:
    if due_at <= now:
        raise DueDatePastError("dueDate is over already")
    if due_at - now > LATEST_DUE_DATE:
        raise DueDateTooFarError(f"dueDate must be at most {LATEST_DUE_DATE.days} days ahead")
    return due_at.astimezone(UTC)


def _check_account_key(order: AccountOrder, account_key: str) -> None:
    if len(account_key) > LONGEST_ACCOUNT_KEY:
        raise AccountTypeError(f"accountKey must have at most {LONGEST_ACCOUNT_KEY} characters")
    if order.use_escrow:
        raise AccountTypeError("escrow needs an account of its own: leave accountKey out")


class DepositError(PaymentError):
    """The deposit, or its reversal, is not possible."""


class NoDepositAwaitedError(DepositError):
    """The payment has no virtual account that was issued."""


class AlreadyDepositedError(DepositError):
    """The deposit was made before."""


class AccountClosedError(DepositError):
    """The account is closed, as it is past its due date or its payment was canceled."""


class DepositAmountError(DepositError):
    """The account takes the amount of its payment, no more and no less."""


class NothingDepositedError(DepositError):
    """There is no deposit to take back."""


class RefundUnderwayError(DepositError):
    """The deposit is on its way back to the shopper."""


class RefundedError(DepositError):
    """The deposit was given back to the shopper."""


_NOT_ISSUED = frozenset({State.INITIATED, State.AUTHENTICATED, State.ABORTED, State.EXPIRED})


@immutable
class Deposit:
    """What the shopper does at the bank; None means the exact amount (KRW), or the customer's own name."""

    amount: int | None = None
    depositor_name: str | None = None


def deposit(payment: Payment, paid_in: Deposit, at: datetime, key: str) -> tuple[Payment, Transaction]:
    """Return the payment as the deposit leaves it, and the deposit itself under the transaction key `key`.

    Raises:
        NoDepositAwaitedError, AlreadyDepositedError, AccountClosedError, DepositAmountError: as named; the
            bank takes nothing then.
    """
    account, instruments = _issued_account(payment)
    if payment.state in PAID_STATES:
        raise AlreadyDepositedError("the deposit was made before")
    if payment.state is State.CANCELED:
        raise AccountClosedError("the account was closed when its payment was canceled")
    if is_expired(payment, at):
        raise AccountClosedError("the account was closed at its due date")
    amount = payment.total_amount
    if paid_in.amount not in (None, amount):
        raise DepositAmountError(
            f"amount must be exactly {amount}: the bank takes no other",
            differs("amount", amount, paid_in.amount),
        )
    named = replace(account, depositor_name=paid_in.depositor_name or account.customer_name)
    changed = payment.after(
        Event.DEPOSIT,
        approved_at=at,
        last_transaction_key=key,
        instruments=replace(instruments, virtual_account=named),
    )
    kind = TransactionKind.APPROVAL
    return changed, Transaction(key, kind, changed.state, amount, at, amount, payment.tax_free_amount)


def reverse_deposit(payment: Payment, at: datetime, key: str) -> tuple[Payment, Transaction]:
    """Return the payment as waiting for its deposit again, which the bank had reported in error.

    Raises:
        NoDepositAwaitedError, NothingDepositedError, RefundUnderwayError, RefundedError: as named.
    """
    account, instruments = _issued_account(payment)
    if payment.state is not State.APPROVED:
        raise _why_irreversible(payment, account, at)
    changed = payment.after(
        Event.REVERSE_DEPOSIT,
        approved_at=None,
        last_transaction_key=key,
        instruments=replace(instruments, virtual_account=replace(account, depositor_name="")),
    )
    amount, kind = payment.total_amount, TransactionKind.REVERSAL
    return changed, Transaction(key, kind, changed.state, amount, at, amount, payment.tax_free_amount)


def _issued_account(payment: Payment) -> tuple[VirtualAccount, Instruments]:
    instruments = payment.instruments
    if instruments is None or instruments.virtual_account is None or payment.state in _NOT_ISSUED:
        raise NoDepositAwaitedError("the payment has no virtual account that waits for a deposit")
    return instruments.virtual_account, instruments


def _why_irreversible(payment: Payment, account: VirtualAccount, now: datetime) -> Exception:
    match refund_status(payment, account, now):
        case RefundStatus.PENDING:
            return RefundUnderwayError("the deposit is on its way back to the shopper")
        case RefundStatus.COMPLETED:
            return RefundedError("the deposit was given back to the shopper")
    return NothingDepositedError("nothing was deposited")
