"""A payment, its states, and the one table of transitions between them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType

from payments_mock.domain.payments.instruments import Instruments
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.values import Split, immutable, split


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

CONFIRMED_STATES = PAID_STATES | {State.AWAITING_DEPOSIT}
"""The states that a confirm leads to, and that are not over."""

ORDER_HOLDING_STATES = CONFIRMED_STATES
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


class PaymentKind(StrEnum):
    """How a payment came about: in the window, or by a billing key."""

    NORMAL = "NORMAL"
    BILLING = "BILLING"


class KeyFamily(StrEnum):
    """Which pair of a merchant's keys a payment belongs to: it is confirmed with the key it began with."""

    API = "API"
    WIDGET = "WIDGET"


class TransactionKind(StrEnum):
    """What a transaction did: only approvals and cancels move money."""

    ISSUE = "ISSUE"
    APPROVAL = "APPROVAL"
    REVERSAL = "REVERSAL"
    CANCEL = "CANCEL"
    VOID = "VOID"


CANCELS = frozenset({TransactionKind.CANCEL, TransactionKind.VOID})
"""The kinds that a payment lists as its cancels; a void one gives back nothing, as nothing was paid."""


@immutable
class Transaction:
    """One step of a payment that has a key of its own; amounts in KRW, never negative.

    `state` is the payment's afterwards, `remaining_amount` what is left to cancel then.
    """

    key: str
    kind: TransactionKind
    state: State
    amount: int
    at: datetime
    remaining_amount: int = 0
    tax_free_amount: int = 0
    reason: str | None = None


@immutable
class Payment:
    """A payment of one order of one merchant; amounts in KRW, times in UTC.

    `tax_free_balance` is the untaxed part of `balance_amount`. `expires_at` is when the shopper's or the
    merchant's time to act runs out, None where it never does. `frees_order` says whether the order can be
    paid again once this payment is canceled. `revision` counts the changes; storage writes a change only
    where the revision is still the one that the change was decided on. `id` is 0 until it is stored.
    `decline_code` is why the issuer is going to refuse the confirm, `failure_code` why the payment ended.
    `settled_at` is when a test had the money paid out early, after which nothing can be canceled.
    """

    merchant_id: int
    payment_key: str
    order_id: str
    total_amount: int
    balance_amount: int
    state: State
    requested_at: datetime
    receipt_token: str
    kind: PaymentKind = PaymentKind.NORMAL
    key_family: KeyFamily | None = None
    order_name: str | None = None
    customer_key: str | None = None
    method: Method | None = None
    instruments: Instruments | None = None
    tax_free_amount: int = 0
    tax_free_balance: int = 0
    culture_expense: bool = False
    use_escrow: bool = False
    frees_order: bool = True
    metadata: Mapping[str, str] | None = None
    success_url: str | None = None
    fail_url: str | None = None
    secret: str | None = None
    expires_at: datetime | None = None
    approved_at: datetime | None = None
    last_transaction_key: str | None = None
    failure_code: str | None = None
    decline_code: str | None = None
    settled_at: datetime | None = None
    revision: int = 0
    id: int = 0
    cancels: tuple[Transaction, ...] = ()

    @property
    def split(self) -> Split:
        """The division of what is left of the amount."""
        return split(self.balance_amount, self.tax_free_balance)

    @property
    def holds_order(self) -> bool:
        """Whether no other payment of the same order can be approved now."""
        return self.state in ORDER_HOLDING_STATES or (self.state is State.CANCELED and not self.frees_order)

    @property
    def waits_for_deposit(self) -> bool:
        """Whether the method has the shopper pay later, into an account."""
        return self.method is not None and self.method.definition.waits_for_deposit

    @property
    def is_partial_cancelable(self) -> bool:
        """Whether a part of the payment can be canceled, going by the method."""
        return self.method is None or not self.method.definition.whole_cancel_only

    @property
    def canceled_at(self) -> datetime | None:
        """When the last cancel was."""
        return self.cancels[-1].at if self.cancels else None

    @property
    def cancel_reason(self) -> str | None:
        """Why the last cancel was."""
        return self.cancels[-1].reason if self.cancels else None

    def is_due(self, now: datetime) -> bool:
        """Tell whether the time to act has run out and the payment only has to be told."""
        return self.expires_at is not None and now >= self.expires_at and self.state in EXPIRING_STATES

    def after(self, event: Event, **changes: object) -> "Payment":
        """Return the payment as `event` leaves it, with `changes` to its other fields.

        Raises:
            IllegalTransitionError: the payment's state has no place for the event.
        """
        changes |= {"state": next_state(self.state, event), "revision": self.revision + 1}
        # `dataclasses.replace` looks each field up anew, which is dearer than the rest of an approval.
        values = list(_values_of(self))
        for name, changed in changes.items():
            values[_PLACE[name]] = changed
        return Payment(*values)


_PLACE = {name: place for place, name in enumerate(Payment.__dataclass_fields__)}
_values_of = attrgetter(*_PLACE)


EXPIRING_STATES = frozenset({State.INITIATED, State.AUTHENTICATED})
"""The states that end by themselves when the time runs out; an unpaid virtual account stays as it is."""
