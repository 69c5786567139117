"""When a payment may be canceled as a whole, and what it is afterwards."""

from datetime import timedelta

import pytest

from payments_mock.domain.errors import AlreadyCanceledError, NotApprovedError, PartialCancelError
from payments_mock.domain.payments.payment import State
from testkit.inside.payments import NOON, approved, canceled, make_payment


@pytest.mark.parametrize("state", [State.INITIATED, State.AUTHENTICATED, State.ABORTED, State.EXPIRED])
def test_a_payment_without_money_has_nothing_to_cancel(state: State) -> None:
    with pytest.raises(NotApprovedError):
        canceled(make_payment(state=state))


def test_a_canceled_payment_is_not_canceled_again() -> None:
    with pytest.raises(AlreadyCanceledError):
        canceled(canceled(approved(make_payment())))


@pytest.mark.parametrize("amount", [1, 9_999, 10_001])
def test_where_only_the_whole_can_be_canceled_another_amount_is_refused(amount: int) -> None:
    with pytest.raises(PartialCancelError, match="10000"):
        canceled(approved(make_payment()), amount)


@pytest.mark.parametrize("state", [State.AUTHENTICATED, State.CANCELED])
def test_the_state_is_judged_before_the_amount(state: State) -> None:
    with pytest.raises((NotApprovedError, AlreadyCanceledError)):
        canceled(make_payment(state=state), 1)


@pytest.mark.parametrize("amount", [None, 10_000])
def test_a_cancel_gives_everything_back(amount: int | None) -> None:
    payment = canceled(approved(make_payment()), amount)

    assert payment.state is State.CANCELED
    assert payment.balance_amount == 0
    assert payment.total_amount == 10_000


def test_a_cancel_notes_its_reason_its_moment_and_its_transaction() -> None:
    payment = canceled(approved(make_payment()))

    assert payment.cancel_reason == "USER_REQUEST"
    assert payment.canceled_at == NOON + timedelta(hours=1)
    assert payment.last_transaction_key == "cancel-key"


def test_a_cancel_leaves_the_approval_on_record() -> None:
    assert canceled(approved(make_payment())).approved_at == NOON
