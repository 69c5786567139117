"""When a payment may be confirmed, and what it is afterwards."""

from datetime import timedelta

import pytest

from payments_mock.domain.errors import (
    AlreadyApprovedError,
    AlreadyCanceledError,
    PaymentAbortedError,
    PaymentError,
    PaymentExpiredError,
    PaymentMismatchError,
)
from payments_mock.domain.payments.confirmation import approve, check_confirmable, check_same_request
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import State, TransactionKind
from testkit.inside.payments import NOON, approved, make_payment


@pytest.mark.parametrize("state", State)
def test_another_amount_is_refused_whatever_the_state(state: State) -> None:
    with pytest.raises(PaymentMismatchError, match="amount"):
        check_same_request(make_payment(state=state), "order_123", 9_999)


@pytest.mark.parametrize("state", State)
def test_another_order_is_refused_whatever_the_state(state: State) -> None:
    with pytest.raises(PaymentMismatchError, match="orderId"):
        check_same_request(make_payment(state=state), "order_124", 10_000)


@pytest.mark.parametrize("state", State)
def test_the_same_values_are_no_mismatch_whatever_the_state(state: State) -> None:
    payment = make_payment(state=state)

    check_same_request(payment, "order_123", 10_000)

    assert payment == make_payment(state=state)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (State.APPROVED, AlreadyApprovedError),
        (State.PARTIALLY_CANCELED, AlreadyApprovedError),
        (State.CANCELED, AlreadyCanceledError),
        (State.ABORTED, PaymentAbortedError),
        (State.EXPIRED, PaymentExpiredError),
    ],
)
def test_a_payment_with_no_approval_ahead_is_refused(state: State, error: type[PaymentError]) -> None:
    with pytest.raises(error):
        check_confirmable(make_payment(state=state))


def test_an_aborted_payment_is_refused_with_the_code_it_was_aborted_with() -> None:
    payment = make_payment(state=State.ABORTED, failure_code="REJECT_CARD_COMPANY")

    with pytest.raises(PaymentAbortedError, match="REJECT_CARD_COMPANY") as refusal:
        check_confirmable(payment)

    assert refusal.value.code == "REJECT_CARD_COMPANY"


def test_an_approval_notes_its_moment_and_its_transaction() -> None:
    payment, transaction = approve(make_payment(), NOON + timedelta(minutes=1), "transaction-key")

    assert payment.state is State.APPROVED
    assert payment.approved_at == transaction.at == NOON + timedelta(minutes=1)
    assert payment.last_transaction_key == transaction.key == "transaction-key"


def test_an_approval_moves_the_whole_amount() -> None:
    payment, transaction = approve(make_payment(), NOON, "transaction-key")

    assert transaction.kind is TransactionKind.APPROVAL
    assert payment.balance_amount == transaction.amount == 10_000


def test_a_payment_without_a_method_is_approved_as_one_by_card() -> None:
    assert approved(make_payment(method=None)).method is Method.CARD
