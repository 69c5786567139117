"""What a merchant is told of its payments and billing keys as it happens.

Sources: the public reference, "webhook events", and its flow of virtual accounts, which marks the issue of an
account, the deposit, its reversal and the cancel as told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from payments_mock.domain.methods import Method
from payments_mock.domain.payment import Payment, PaymentKind
from payments_mock.domain.states import State


class EventType(StrEnum):
    """The kinds of event, by the names that merchants register for."""

    PAYMENT_STATUS_CHANGED = "PAYMENT_STATUS_CHANGED"
    DEPOSIT_CALLBACK = "DEPOSIT_CALLBACK"
    CANCEL_STATUS_CHANGED = "CANCEL_STATUS_CHANGED"
    BILLING_DELETED = "BILLING_DELETED"
    PAYOUT_CHANGED = "payout.changed"
    SELLER_CHANGED = "seller.changed"


SIGNED_EVENTS = frozenset({EventType.PAYOUT_CHANGED, EventType.SELLER_CHANGED})
"""The kinds that are sent with a signature; no other webhook has one."""

TOLD_STATES = frozenset(State) - {State.INITIATED, State.AUTHENTICATED}
"""The states whose beginning is told; those before the shopper has agreed are not."""

API_DELETION = "삭제 API 요청"
"""Why a billing key was deleted, in the words of the real event."""


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """Something that happened to a payment, which is shown as it was then; `at` in UTC."""

    type: EventType
    at: datetime
    payment: Payment


@dataclass(frozen=True, slots=True)
class BillingDeleted:
    """A billing key that charges nothing any more; `at` in UTC."""

    at: datetime
    billing_key: str
    reason: str = API_DELETION
    type: EventType = EventType.BILLING_DELETED


WebhookEvent = PaymentEvent | BillingDeleted


def events_of(before: Payment | None, after: Payment, at: datetime) -> Sequence[PaymentEvent]:
    """Return what is told of a payment that was `before`, None where it is new, and is `after` now.

    A deposit to a virtual account is told twice: by the callback of its own, and as a change of status.
    """
    if after.kind is PaymentKind.BILLING or after.state not in TOLD_STATES or not _has_moved(before, after):
        return ()
    kinds = [EventType.PAYMENT_STATUS_CHANGED]
    if after.method is Method.VIRTUAL_ACCOUNT and after.secret is not None:
        kinds.insert(0, EventType.DEPOSIT_CALLBACK)
    return [PaymentEvent(kind, at, after) for kind in kinds]


def contradiction(event: PaymentEvent, state: State, code: str) -> PaymentEvent:
    """Return the event that tells of the same payment in another state; a failure has `code` as its reason.

    Real merchants have seen DONE and ABORTED of one payment within 50 ms.
    """
    failed = state in (State.ABORTED, State.EXPIRED)
    told = replace(
        event.payment,
        state=state,
        approved_at=None if failed else event.payment.approved_at,
        failure_code=code if failed else None,
    )
    return replace(event, payment=told)


def _has_moved(before: Payment | None, after: Payment) -> bool:
    """Tell whether anything happened that the merchant can see; each partial cancel is something."""
    return before is None or (before.state, before.last_transaction_key) != (
        after.state,
        after.last_transaction_key,
    )
