"""The life of a payment: its states, its events, and the one table that joins them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a payment stands; each contract shows these under names of its own."""

    INITIATED = "INITIATED"
    AUTHENTICATED = "AUTHENTICATED"
    AWAITING_DEPOSIT = "AWAITING_DEPOSIT"
    APPROVED = "APPROVED"
    PARTIALLY_CANCELED = "PARTIALLY_CANCELED"
    CANCELED = "CANCELED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


class Event(StrEnum):
    """What can happen to a payment."""

    AUTHENTICATE = "AUTHENTICATE"
    APPROVE = "APPROVE"
    ISSUE_ACCOUNT = "ISSUE_ACCOUNT"
    DEPOSIT = "DEPOSIT"
    REVERSE_DEPOSIT = "REVERSE_DEPOSIT"
    CANCEL_PART = "CANCEL_PART"
    CANCEL = "CANCEL"
    ABORT = "ABORT"
    EXPIRE = "EXPIRE"


TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        (State.INITIATED, Event.AUTHENTICATE): State.AUTHENTICATED,
        (State.INITIATED, Event.ABORT): State.ABORTED,
        (State.INITIATED, Event.EXPIRE): State.EXPIRED,
        (State.AUTHENTICATED, Event.APPROVE): State.APPROVED,
        (State.AUTHENTICATED, Event.ISSUE_ACCOUNT): State.AWAITING_DEPOSIT,
        (State.AUTHENTICATED, Event.ABORT): State.ABORTED,
        (State.AUTHENTICATED, Event.EXPIRE): State.EXPIRED,
        (State.AWAITING_DEPOSIT, Event.DEPOSIT): State.APPROVED,
        (State.AWAITING_DEPOSIT, Event.CANCEL): State.CANCELED,
        (State.APPROVED, Event.REVERSE_DEPOSIT): State.AWAITING_DEPOSIT,
        (State.APPROVED, Event.CANCEL_PART): State.PARTIALLY_CANCELED,
        (State.APPROVED, Event.CANCEL): State.CANCELED,
        (State.PARTIALLY_CANCELED, Event.CANCEL_PART): State.PARTIALLY_CANCELED,
        (State.PARTIALLY_CANCELED, Event.CANCEL): State.CANCELED,
    }
)

PAID_STATES = frozenset({State.APPROVED, State.PARTIALLY_CANCELED})
"""The states in which the shopper's money, or a part of it, is with the merchant."""

ORDER_HOLDING_STATES = PAID_STATES | {State.AWAITING_DEPOSIT}
"""The states that keep an order to one payment: no second payment of it can be approved."""


class IllegalTransitionError(Exception):
    """An event was applied to a state that has no place for it: a fault of the caller's code."""


def next_state(state: State, event: Event) -> State:
    """Return the state that `event` leads to from `state`.

    Raises:
        IllegalTransitionError: the table has no such step.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransitionError(f"{event} is not possible in the state {state}") from None
