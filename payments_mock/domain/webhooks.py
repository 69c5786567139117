"""Webhooks: the events that a merchant is told of, their deliveries and retries, and where they may go."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from payments_mock.domain.payments.payment import Payment, PaymentKind, State
from payments_mock.domain.values import immutable


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

USUAL_EVENTS = tuple(kind for kind in EventType if kind not in SIGNED_EVENTS)
"""The default kinds of event for an endpoint."""

TOLD_STATES = frozenset(State) - {State.INITIATED, State.AUTHENTICATED}
"""The states whose beginning is told; those before the shopper has agreed are not."""

API_DELETION = "삭제 API 요청"
"""Why a billing key was deleted, in the words of the real event."""


@immutable
class PaymentEvent:
    """Something that happened to a payment, which is shown as it was then; `at` in UTC."""

    type: EventType
    at: datetime
    payment: Payment


@immutable
class BillingDeleted:
    """A billing key that charges nothing any more; `at` in UTC."""

    at: datetime
    billing_key: str
    reason: str = API_DELETION
    type: EventType = EventType.BILLING_DELETED


@immutable
class UnknownEvent:
    """Something that no reference names, about a payment or none, which merchants are to ignore."""

    at: datetime
    payment: Payment | None
    type: str = "NEW_EVENT"


WebhookEvent = PaymentEvent | BillingDeleted | UnknownEvent


def events_of(before: Payment | None, after: Payment, at: datetime) -> Sequence[PaymentEvent]:
    """Return what is told of a payment that was `before`, None where it is new, and is `after` now.

    A deposit to a virtual account is told twice: by the callback of its own, and as a change of status.
    """
    if after.kind is PaymentKind.BILLING or after.state not in TOLD_STATES or not _has_moved(before, after):
        return ()
    kinds = [EventType.PAYMENT_STATUS_CHANGED]
    if after.waits_for_deposit and after.secret is not None:
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


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


RETRY_AFTER = tuple(timedelta(minutes=4**step) for step in range(7))
"""How long after a failed attempt the next one follows: 1, 4, 16, 64, 256, 1024 and 4096 minutes; source: the
public reference."""

SUCCESS = 200
"""The one status that means the merchant has taken a webhook; source: the public reference."""


class DeliveryOrder(StrEnum):
    """When a webhook goes out, relative to the answer to the call that caused it."""

    AFTER = "after"
    BEFORE = "before"


@immutable
class Endpoint:
    """Where a merchant listens, and for which kinds of event; `security_key` signs those that are signed."""

    url: str
    events: tuple[EventType, ...]
    created_at: datetime
    security_key: str | None = None
    id: int = 0


@immutable
class WebhookMatch:
    """Which events a rule is about: those that agree in everything that is not None."""

    event: str | None = None
    state: State | None = None
    payment_key: str | None = None
    order_id: str | None = None


@immutable
class WebhookSubject:
    """What an event is about, as far as rules ask."""

    event: str
    state: State | None
    payment_key: str | None
    order_id: str | None


@immutable
class WebhookRule:
    """What becomes of the events that match, for the first `times` of them; None means all.

    `copies` is how often each is sent; 0 loses it. `delay_seconds` are the machine's, `delay` is time on the
    sandbox's clock; either parts the webhook from the call. `contradiction` is the state that a second
    event tells right behind the first.
    """

    name: str
    match: WebhookMatch = field(default_factory=WebhookMatch)
    order: DeliveryOrder = DeliveryOrder.AFTER
    copies: int = 1
    delay_seconds: float = 0.0
    delay: timedelta = timedelta()
    contradiction: State | None = None
    code: str = "REJECT_CARD_PAYMENT"
    times: int | None = None

    def meets(self, subject: WebhookSubject) -> bool:
        """Tell whether an event is one of those that the rule is about."""
        match = self.match
        return (
            match.event in (None, subject.event)
            and match.state in (None, subject.state)
            and match.payment_key in (None, subject.payment_key)
            and match.order_id in (None, subject.order_id)
        )

    def has_turns_left(self, applied: int) -> bool:
        """Tell whether the rule still applies after it did so `applied` times."""
        return self.times is None or applied < self.times

    @property
    def is_delayed(self) -> bool:
        """Whether the webhook goes out some time after the call, and not with it."""
        return self.delay_seconds > 0 or self.delay > timedelta()


USUAL = WebhookRule("")
"""What happens to an event without a rule."""


def listeners(endpoints: Iterable[Endpoint], event: str) -> Sequence[Endpoint]:
    """Return the endpoints that are registered for a kind of event."""
    return [endpoint for endpoint in endpoints if event in endpoint.events]


@immutable
class Standing:
    """How a delivery stands: how often it was retried, and when it is due on the sandbox's clock."""

    state: DeliveryState
    retries: int
    due_at: datetime

    def after(self, status: int | None, *, by_hand: bool) -> "Standing":
        """Return the standing after one more attempt, answered with `status`, None where no answer came.

        Each retry counts from the moment at which the attempt before it was due. An attempt that somebody
        asked for changes nothing about the retries, unless it succeeds.
        """
        if status == SUCCESS:
            return Standing(DeliveryState.DELIVERED, self.retries, self.due_at)
        if by_hand:
            return self
        if self.retries == len(RETRY_AFTER):
            return Standing(DeliveryState.FAILED, self.retries, self.due_at)
        due_at = self.due_at + RETRY_AFTER[self.retries]
        return Standing(DeliveryState.PENDING, self.retries + 1, due_at)


ANY = "any"
LOOPBACK = "loopback"
LOCALHOST = "localhost"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@immutable
class WebhookTargets:
    """What the setting `webhook_targets` allows: words, and hosts, each at a port or at any."""

    words: frozenset[str]
    hosts: frozenset[tuple[str, int | None]]

    def allow(self, scheme: str, host: str, port: int | None) -> bool:
        """Tell whether a webhook may go to a host, at a port or, without one, at that of the scheme."""
        if ANY in self.words or (LOOPBACK in self.words and _is_loopback(host)):
            return True
        name = _as_called(host)
        return not self.hosts.isdisjoint({(name, None), (name, port or _DEFAULT_PORTS.get(scheme))})


def read_targets(text: str) -> WebhookTargets:
    """Read what the setting says: any, loopback and host names, separated by commas.

    Raises:
        ValueError: a part of it can't be the host of any URL, or there is none.
    """
    parts = [part.strip().lower() for part in text.split(",")]
    words = frozenset(parts) & {ANY, LOOPBACK}
    return WebhookTargets(words, frozenset(_read_host(part) for part in parts if part not in words))


def _read_host(text: str) -> tuple[str, int | None]:
    # An IPv6 address has colons of its own, and may stand without its brackets.
    if _is_address(text) and ":" in text:
        text = f"[{text}]"
    parts = urlsplit(f"//{text}")
    host, port = parts.hostname, parts.port
    if not host or port == 0 or parts.netloc != text or not (_is_address(host) or _is_name(host)):
        raise ValueError(f"{text} is no host")
    return _as_called(host), port


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    return re.fullmatch(r"[\w-]+(\.[\w-]+)*\.?", host) is not None


def _as_called(host: str) -> str:
    """Return a host as a URL that is called has it: a name in Korean is called by another, in ASCII."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name that has to be looked up is not taken for it."""
    if _is_address(host):
        return ip_address(host).is_loopback
    return host == LOCALHOST or host.endswith(f".{LOCALHOST}")
