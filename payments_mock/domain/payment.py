"""The payment itself: what was asked for, where it stands, what is left of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from payments_mock.domain.amounts import Split, split
from payments_mock.domain.states import ORDER_HOLDING_STATES, Event, State, next_state


class Method(StrEnum):
    """How the shopper pays."""

    CARD = "CARD"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of one order of one merchant; amounts in KRW, times in UTC.

    `revision` counts its changes; storage writes a change only where the revision is still the one
    that the change was decided on. `id` and `revision` are 0 until it is stored.
    """

    merchant_id: int
    payment_key: str
    order_id: str
    total_amount: int
    balance_amount: int
    state: State
    requested_at: datetime
    receipt_token: str
    method: Method | None = None
    approved_at: datetime | None = None
    canceled_at: datetime | None = None
    cancel_reason: str | None = None
    last_transaction_key: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    revision: int = 0
    id: int = 0

    @property
    def split(self) -> Split:
        """The division of what is left of the amount."""
        return split(self.balance_amount)

    @property
    def holds_order(self) -> bool:
        """Whether no other payment of the same order can be approved now."""
        return self.state in ORDER_HOLDING_STATES

    def after(self, event: Event, **changes: object) -> "Payment":
        """Return the payment as `event` leaves it, with `changes` to its other fields.

        Raises:
            IllegalTransitionError: the payment's state has no place for the event.
        """
        state = next_state(self.state, event)
        return replace(self, state=state, revision=self.revision + 1, **changes)  # type: ignore[arg-type]


class TransactionKind(StrEnum):
    """Which way the money went."""

    APPROVAL = "APPROVAL"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of money of a payment: its approval, or one cancel; `amount` in KRW, never negative."""

    key: str
    kind: TransactionKind
    amount: int
    at: datetime
    reason: str | None = None
