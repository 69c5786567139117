"""What a deposit does to a payment, what its reversal does, and which of them the bank refuses."""

from datetime import timedelta

import pytest

from payments_mock.domain.accounts import (
    AccountClosedError,
    AlreadyDepositedError,
    Deposit,
    DepositAmountError,
    NoDepositAwaitedError,
    NothingDepositedError,
    deposit,
    reverse_deposit,
)
from payments_mock.domain.payments.instruments import Instruments, VirtualAccount
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, State, TransactionKind
from testkit.inside.payments import NOON, make_payment

EXACT = Deposit()


def account_payment(state: State = State.AWAITING_DEPOSIT) -> Payment:
    account = VirtualAccount("20", "X0000000000001", "박토스", NOON + timedelta(hours=1))
    instruments = Instruments(virtual_account=account)
    return make_payment(state=state, method=Method.VIRTUAL_ACCOUNT, instruments=instruments)


def depositor_of(payment: Payment) -> str:
    assert payment.instruments is not None
    assert payment.instruments.virtual_account is not None
    return payment.instruments.virtual_account.depositor_name


def test_a_deposit_approves() -> None:
    payment, movement = deposit(account_payment(), EXACT, NOON, "deposit-key")

    assert (payment.state, payment.approved_at) == (State.APPROVED, NOON)
    assert payment.last_transaction_key == movement.key == "deposit-key"
    assert (movement.kind, movement.amount) == (TransactionKind.APPROVAL, 10_000)


def test_a_reversal_takes_the_approval_back() -> None:
    approved, _ = deposit(account_payment(), Deposit(depositor_name="홍길동"), NOON, "deposit-key")

    payment, movement = reverse_deposit(approved, NOON, "reversal-key")

    assert (payment.state, payment.approved_at) == (State.AWAITING_DEPOSIT, None)
    assert (depositor_of(approved), depositor_of(payment)) == ("홍길동", "")
    assert movement.kind is TransactionKind.REVERSAL
    assert payment.cancels == ()


@pytest.mark.parametrize("amount", [0, 9_999, 10_001])
def test_no_other_amount_is_taken(amount: int) -> None:
    with pytest.raises(DepositAmountError, match="10000"):
        deposit(account_payment(), Deposit(amount), NOON, "deposit-key")


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (State.INITIATED, NoDepositAwaitedError),
        (State.AUTHENTICATED, NoDepositAwaitedError),
        (State.APPROVED, AlreadyDepositedError),
        (State.PARTIALLY_CANCELED, AlreadyDepositedError),
        (State.CANCELED, AccountClosedError),
        (State.ABORTED, NoDepositAwaitedError),
        (State.EXPIRED, NoDepositAwaitedError),
    ],
)
def test_in_another_state_no_deposit_is_taken(state: State, error: type[Exception]) -> None:
    with pytest.raises(error):
        deposit(account_payment(state), EXACT, NOON, "deposit-key")


def test_after_the_due_date_no_deposit_is_taken() -> None:
    with pytest.raises(AccountClosedError):
        deposit(account_payment(), EXACT, NOON + timedelta(hours=1), "deposit-key")


@pytest.mark.parametrize("state", [State.AWAITING_DEPOSIT, State.CANCELED])
def test_without_a_deposit_nothing_is_reversed(state: State) -> None:
    with pytest.raises(NothingDepositedError):
        reverse_deposit(account_payment(state), NOON, "reversal-key")


def test_a_payment_without_an_account_takes_no_deposit() -> None:
    with pytest.raises(NoDepositAwaitedError):
        deposit(make_payment(state=State.APPROVED), EXACT, NOON, "deposit-key")
