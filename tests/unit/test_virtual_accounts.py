"""Which virtual account is opened, how long it waits, and how far a refund of its deposit is."""

from datetime import timedelta
from typing import Any

import pytest

from payments_mock.domain.accounts import (
    AccountBankError,
    AccountOrder,
    AccountTypeError,
    Deposit,
    DueDatePastError,
    DueDateTooFarError,
    DueTimeGivenTwiceError,
    TooManyValidHoursError,
    VirtualAccountError,
    deposit,
    is_expired,
    open_account,
    refund_status,
)
from payments_mock.domain.payments.cancellation import CancelOrder, cancel
from payments_mock.domain.payments.instruments import (
    AccountType,
    Instruments,
    RefundAccount,
    RefundStatus,
    VirtualAccount,
)
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.values import KOREA
from testkit.inside.payments import NOON, make_payment


def opened(**wanted: Any) -> VirtualAccount:
    order = AccountOrder(**{"bank": "20", "customer_name": "박토스"} | wanted)
    return open_account(order, "toss", "X0000000000001", NOON)


def awaiting(due_in: timedelta = timedelta(hours=1)) -> Payment:
    account = VirtualAccount("20", "X0000000000001", "박토스", NOON + due_in)
    return make_payment(
        state=State.AWAITING_DEPOSIT,
        method=Method.VIRTUAL_ACCOUNT,
        instruments=Instruments(virtual_account=account),
    )


def status_of_refund(payment: Payment, after: timedelta) -> RefundStatus:
    assert payment.instruments is not None
    assert payment.instruments.virtual_account is not None
    return refund_status(payment, payment.instruments.virtual_account, NOON + after)


def test_an_account_waits_a_week_unless_said_otherwise() -> None:
    assert opened().due_at == NOON + timedelta(hours=168)


def test_a_due_date_is_kept_to_the_second() -> None:
    due_at = (NOON + timedelta(days=90)).astimezone(KOREA)

    assert opened(due_at=due_at).due_at == due_at


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"valid_hours": 1, "due_at": NOON + timedelta(hours=1)}, DueTimeGivenTwiceError),
        ({"valid_hours": 2161}, TooManyValidHoursError),
        ({"due_at": NOON}, DueDatePastError),
        ({"due_at": NOON + timedelta(days=90, seconds=1)}, DueDateTooFarError),
        ({"bank": "nobody"}, AccountBankError),
        ({"account_key": "k" * 14}, AccountTypeError),
        ({"account_key": "k", "use_escrow": True}, AccountTypeError),
    ],
)
def test_an_account_that_can_not_be_is_not_opened(
    wanted: dict[str, Any], error: type[VirtualAccountError]
) -> None:
    with pytest.raises(error):
        opened(**wanted)


def test_a_general_account_has_the_new_number() -> None:
    account = opened()

    assert (account.account_type, account.account_number) == (AccountType.GENERAL, "X0000000000001")


def test_a_fixed_account_s_number_is_its_customer_s_at_its_bank() -> None:
    numbers = {opened(account_key=key, bank=bank).account_number for key in "ab" for bank in ("20", "88")}

    assert len(numbers) == 4
    assert opened(account_key="a").account_number in numbers


def test_an_account_expires_at_its_due_date() -> None:
    payment = awaiting()

    assert not is_expired(payment, NOON + timedelta(minutes=59))
    assert is_expired(payment, NOON + timedelta(hours=1))


def test_a_payment_without_an_account_has_none_that_expires() -> None:
    assert not is_expired(make_payment(), NOON + timedelta(days=999))


def test_a_refund_is_pending_for_two_days() -> None:
    paid, _ = deposit(awaiting(), Deposit(), NOON, "deposit-key")
    order = CancelOrder("USER_REQUEST", refund_account=RefundAccount("88", "110123456789", "박토스"))
    refunded, _ = cancel(paid, order, NOON, "cancel-key")

    assert status_of_refund(paid, timedelta()) is RefundStatus.NONE
    assert status_of_refund(refunded, timedelta(hours=47)) is RefundStatus.PENDING
    assert status_of_refund(refunded, timedelta(hours=48)) is RefundStatus.COMPLETED
