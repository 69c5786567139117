"""The one transition table: whatever it does not name is refused."""

from itertools import product

import pytest

from payments_mock.domain.payments.payment import (
    TRANSITIONS,
    Event,
    IllegalTransitionError,
    State,
    next_state,
)
from testkit.inside.payments import make_payment

EVERY_STEP = set(product(State, Event))
ILLEGAL_STEPS = sorted(EVERY_STEP - TRANSITIONS.keys())
ENDS = {State.CANCELED, State.ABORTED, State.EXPIRED}


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_a_step_of_the_table_leads_where_the_table_says(state: State, event: Event) -> None:
    assert make_payment(state=state).after(event).state is TRANSITIONS[state, event]


@pytest.mark.parametrize(("state", "event"), ILLEGAL_STEPS)
def test_a_step_that_is_not_in_the_table_is_refused(state: State, event: Event) -> None:
    with pytest.raises(IllegalTransitionError, match=f"{event} .*{state}"):
        next_state(state, event)


@pytest.mark.parametrize(("state", "event"), ILLEGAL_STEPS)
def test_a_payment_refuses_a_step_that_is_not_in_the_table(state: State, event: Event) -> None:
    with pytest.raises(IllegalTransitionError):
        make_payment(state=state).after(event)


def test_nobody_can_change_the_table() -> None:
    with pytest.raises(TypeError):
        TRANSITIONS[State.CANCELED, Event.APPROVE] = State.APPROVED  # type: ignore[index]


def test_nothing_leads_out_of_the_ends() -> None:
    assert {state for state in State if not any((state, event) in TRANSITIONS for event in Event)} == ENDS


def test_every_state_is_reached_from_the_beginning() -> None:
    reached = {State.INITIATED}
    for _ in State:
        reached |= {after for (before, _event), after in TRANSITIONS.items() if before in reached}

    assert reached == set(State)


@pytest.mark.parametrize(
    "story",
    [
        (Event.AUTHENTICATE, Event.APPROVE, Event.CANCEL),
        (Event.AUTHENTICATE, Event.APPROVE, Event.CANCEL_PART, Event.CANCEL_PART, Event.CANCEL),
        (Event.AUTHENTICATE, Event.ISSUE_ACCOUNT, Event.CANCEL),
        (Event.AUTHENTICATE, Event.ISSUE_ACCOUNT, Event.DEPOSIT, Event.REVERSE_DEPOSIT, Event.CANCEL),
        (Event.ABORT,),
        (Event.AUTHENTICATE, Event.ABORT),
        (Event.EXPIRE,),
    ],
    ids=" ".join,
)
def test_a_story_that_the_provider_knows_ends(story: tuple[Event, ...]) -> None:
    payment = make_payment(state=State.INITIATED)

    for event in story:
        payment = payment.after(event)

    assert payment.state in ENDS


def test_each_step_counts_as_one_revision() -> None:
    payment = make_payment(revision=4).after(Event.APPROVE).after(Event.CANCEL)

    assert payment.revision == 6


def test_a_step_leaves_the_payment_that_it_began_with_as_it_was() -> None:
    payment = make_payment()

    payment.after(Event.APPROVE, method=None)

    assert payment == make_payment()


@pytest.mark.parametrize("state", State)
def test_an_order_is_held_while_money_is_there_or_awaited(state: State) -> None:
    holding = {State.APPROVED, State.PARTIALLY_CANCELED, State.AWAITING_DEPOSIT}

    assert make_payment(state=state).holds_order is (state in holding)
