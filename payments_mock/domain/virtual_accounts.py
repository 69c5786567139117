"""Which virtual account waits for a deposit, how long, and how its money goes back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from payments_mock.domain.banks import find_virtual_account_bank
from payments_mock.domain.instrument_choice import DEFAULT_DEPOSIT_TIME
from payments_mock.domain.methods import AccountType, RefundStatus, VirtualAccount
from payments_mock.domain.payment import Payment
from payments_mock.domain.virtual_account_errors import (
    AccountBankError,
    AccountTypeError,
    DueDatePastError,
    DueDateTooFarError,
    DueTimeGivenTwiceError,
    TooManyValidHoursError,
)

MOST_VALID_HOURS = 2160
"""The longest that an account waits, in hours: 90 days (public reference)."""

LATEST_DUE_DATE = timedelta(days=90)
LONGEST_ACCOUNT_KEY = 13

REFUND_TIME = timedelta(days=2)
"""How long a bank takes to give a deposit back (public reference: two days)."""


@dataclass(frozen=True, slots=True)
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
    """Return the account that is opened at `now`, under `new_number` unless the customer has one.

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
    """Return until when an account that is opened at `now` waits, in UTC.

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
    """Tell whether the account closed unpaid, as its due date is over; the payment's state stays as it is."""
    account = payment.instruments.virtual_account if payment.instruments else None
    return account is not None and payment.approved_at is None and now >= account.due_at


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
