"""What a deposit does to a payment that waits for it, and what its reversal does."""

from dataclasses import dataclass, replace
from datetime import datetime

from payments_mock.domain.deposit_errors import (
    AccountClosedError,
    AlreadyDepositedError,
    DepositAmountError,
    NoDepositAwaitedError,
    NothingDepositedError,
    RefundedError,
    RefundUnderwayError,
)
from payments_mock.domain.methods import Instruments, RefundStatus, VirtualAccount
from payments_mock.domain.payment import Payment, Transaction, TransactionKind
from payments_mock.domain.states import PAID_STATES, Event, State
from payments_mock.domain.virtual_accounts import is_expired, refund_status

_NOT_ISSUED = frozenset({State.INITIATED, State.AUTHENTICATED, State.ABORTED, State.EXPIRED})


@dataclass(frozen=True, slots=True)
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
        raise DepositAmountError(f"amount must be exactly {amount}: the bank takes no other")
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
