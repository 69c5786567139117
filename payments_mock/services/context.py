"""The context of a use case: who calls, what time it is, and how ids are made."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from payments_mock.clock import Clock
from payments_mock.domain.payments.payment import KeyFamily, Payment, State
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import immutable
from payments_mock.domain.webhooks import DeliveryOrder, WebhookEvent
from payments_mock.ids import Ids
from payments_mock.storage.engine.database import Database

WIDGET_VERSION = "2022-11-16"


@dataclass(slots=True)
class PaymentChange:
    """Which payment a call touched, and its state before and after; None where there was none."""

    payment_key: str | None = None
    order_id: str | None = None
    before: State | None = None
    after: State | None = None

    def note(self, before: Payment | None, after: Payment) -> None:
        """Remember a payment that was read, or changed from `before`; the first state seen stays."""
        if self.payment_key is None:
            self.before = None if before is None else before.state
        self.payment_key, self.order_id, self.after = after.payment_key, after.order_id, after.state


@immutable
class Claim:
    """Who makes a delivery, and until when (by the machine's clock) nobody else may."""

    holder: str
    until: datetime


@dataclass(slots=True)
class CallWebhooks:
    """The webhooks that a call has sent around its answer.

    `claims` are on those that it caused. `due_of` are the ids of merchants all of whose due webhooks leave
    before the answer. With `expects_more`, some become due a while after it. `traceparent` says which trace
    the call is a part of, and they too.
    """

    claims: dict[DeliveryOrder, Claim] = field(default_factory=dict)
    due_of: set[int] = field(default_factory=set)
    expects_more: bool = False
    traceparent: str | None = None


class PostOffice(Protocol):
    """Where the webhooks of a call are written, and wait until its answer leaves."""

    def write(self, context: "Context", event: WebhookEvent) -> str:
        """Return the body that tells the merchant of an event."""

    def claim(self, context: "Context", order: DeliveryOrder) -> Claim:
        """Return the claim of the deliveries that go out before, or after, the answer to the call."""

    def send(self, webhooks: CallWebhooks) -> None:
        """Send what was written outside of any call, once it is committed."""


@immutable
class Context:
    """The context of one call; `key_family` says which pair its key belongs to.

    Without a `post` office, the call sends no webhooks.
    """

    merchant: Merchant
    database: Database
    clock: Clock
    ids: Ids
    key_family: KeyFamily = KeyFamily.API
    change: PaymentChange = field(default_factory=PaymentChange)
    webhooks: CallWebhooks = field(default_factory=CallWebhooks)
    post: PostOffice | None = None

    @property
    def version(self) -> str:
        """The contract's version for this call: widget keys know the first one only (public reference)."""
        return WIDGET_VERSION if self.key_family is KeyFamily.WIDGET else self.merchant.version

    def now(self) -> datetime:
        """Return the time of the merchant's sandbox, in UTC; the call is judged by it."""
        return self.merchant.clock.at(self.clock())
