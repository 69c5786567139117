"""What is told of a payment: every step that the merchant can see, once it has begun to count."""

import pytest

from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, PaymentKind, State
from payments_mock.domain.webhooks import EventType, contradiction, events_of
from testkit.inside.payments import NOON, make_payment

TOLD = (
    State.AWAITING_DEPOSIT,
    State.APPROVED,
    State.PARTIALLY_CANCELED,
    State.CANCELED,
    State.ABORTED,
    State.EXPIRED,
)


def kinds(before: Payment | None, after: Payment) -> list[EventType]:
    return [event.type for event in events_of(before, after, NOON)]


@pytest.mark.parametrize("state", TOLD)
def test_a_change_of_status_is_told(state: State) -> None:
    assert kinds(make_payment(), make_payment(state=state)) == [EventType.PAYMENT_STATUS_CHANGED]


@pytest.mark.parametrize("state", [State.INITIATED, State.AUTHENTICATED])
def test_what_comes_before_the_charge_is_not_told(state: State) -> None:
    assert kinds(None, make_payment(state=state)) == []


def test_a_payment_that_begins_as_approved_is_told() -> None:
    assert kinds(None, make_payment(state=State.APPROVED)) == [EventType.PAYMENT_STATUS_CHANGED]


def test_a_payment_by_billing_key_is_not_told() -> None:
    after = make_payment(state=State.APPROVED, kind=PaymentKind.BILLING)

    assert kinds(None, after) == []


def test_a_payment_that_stays_as_it_is_is_not_told() -> None:
    payment = make_payment(state=State.APPROVED, last_transaction_key="one")

    assert kinds(payment, payment) == []


def test_a_second_partial_cancel_is_told_although_the_status_stays() -> None:
    before = make_payment(state=State.PARTIALLY_CANCELED, last_transaction_key="one")
    after = make_payment(state=State.PARTIALLY_CANCELED, last_transaction_key="two")

    assert kinds(before, after) == [EventType.PAYMENT_STATUS_CHANGED]


def test_a_virtual_account_is_told_by_a_callback_too() -> None:
    account = {"method": Method.VIRTUAL_ACCOUNT, "secret": "ps_secret"}
    before = make_payment(state=State.AWAITING_DEPOSIT, **account)

    assert kinds(before, make_payment(state=State.APPROVED, **account)) == [
        EventType.DEPOSIT_CALLBACK,
        EventType.PAYMENT_STATUS_CHANGED,
    ]


def test_a_virtual_account_that_was_never_issued_has_no_callback() -> None:
    after = make_payment(state=State.EXPIRED, method=Method.VIRTUAL_ACCOUNT)

    assert kinds(make_payment(method=Method.VIRTUAL_ACCOUNT), after) == [EventType.PAYMENT_STATUS_CHANGED]


def test_a_contradiction_that_failed_has_a_reason_and_no_approval() -> None:
    [event] = events_of(None, make_payment(state=State.APPROVED, approved_at=NOON), NOON)

    told = contradiction(event, State.ABORTED, "REJECT_CARD_PAYMENT").payment

    assert (told.state, told.approved_at, told.failure_code) == (State.ABORTED, None, "REJECT_CARD_PAYMENT")


def test_a_contradiction_that_did_not_fail_keeps_the_approval() -> None:
    [event] = events_of(None, make_payment(state=State.APPROVED, approved_at=NOON), NOON)

    told = contradiction(event, State.CANCELED, "REJECT_CARD_PAYMENT").payment

    assert (told.state, told.approved_at, told.failure_code) == (State.CANCELED, NOON, None)
