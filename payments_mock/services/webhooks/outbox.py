"""The outbox: write down events, and claim and record the attempts to deliver them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from payments_mock.domain.payments.confirmation import happened_at
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.sandboxes import SandboxClock, Switch
from payments_mock.domain.values import Cause
from payments_mock.domain.webhooks import (
    USUAL,
    BillingDeleted,
    Endpoint,
    PaymentEvent,
    Standing,
    UnknownEvent,
    WebhookEvent,
    WebhookRule,
    WebhookSubject,
    contradiction,
    events_of,
    listeners,
)
from payments_mock.services.context import Claim, Context, PostOffice
from payments_mock.storage.engine.database import Database
from payments_mock.storage.webhooks import claims
from payments_mock.storage.webhooks import deliveries as webhook_deliveries
from payments_mock.storage.webhooks import endpoints as store
from payments_mock.storage.webhooks.deliveries import Attempt, Delivery

TRANSMISSION_ID_PREFIX = "whtrans_"


def announce_payment(
    context: Context, connection: Connection, before: Payment | None, after: Payment
) -> None:
    """Announce a change of a payment; this costs nothing if the merchant has no endpoint."""
    if context.merchant.has_webhooks:
        announce(context, connection, events_of(before, after, happened_at(after, context.now())))


def announce(context: Context, connection: Connection, events: Sequence[WebhookEvent]) -> None:
    """Queue each event for every endpoint that is registered for its kind."""
    if not context.merchant.has_webhooks or context.post is None or not events:
        return
    endpoints = store.list_endpoints(connection, context.merchant.id)
    rules = store.list_rules(connection, context.merchant.id)
    for event in events:
        targets = listeners(endpoints, event.type)
        if targets:
            rule = _apply(connection, rules, _subject(event))
            told = _deliveries(context, context.post, event, rule, targets)
            webhook_deliveries.add_all(connection, told)


def transmission_id(context: Context) -> str:
    """Make the id of one event for one endpoint, which all attempts and copies share."""
    return TRANSMISSION_ID_PREFIX + context.ids.hexadecimal(26)


def _apply(connection: Connection, rules: Iterable[store.StoredRule], subject: WebhookSubject) -> WebhookRule:
    """Return the first rule that matches the event and has uses left."""
    for stored in rules:
        if (
            stored.rule.meets(subject)
            and stored.rule.has_turns_left(stored.applied)
            and store.apply_rule(connection, stored)
        ):
            return stored.rule
    return USUAL


def _subject(event: WebhookEvent) -> WebhookSubject:
    if not isinstance(event, PaymentEvent):
        return WebhookSubject(event.type, None, None, None)
    payment = event.payment
    return WebhookSubject(event.type, payment.state, payment.payment_key, payment.order_id)


def _deliveries(
    context: Context,
    post: PostOffice,
    event: WebhookEvent,
    rule: WebhookRule,
    targets: Iterable[Endpoint],
) -> Iterator[Delivery]:
    claim = None if rule.is_delayed else post.claim(context, rule.order)
    if claim is None:
        context.webhooks.expects_more = True
    targets, cause = list(targets), _cause(context, event)
    mark = context.webhooks.marked(context.ids) if cause in _JOURNALED else None
    for told in _told(context, event, rule):
        body = post.write(context, told)
        for endpoint in targets:
            delivery = _delivery(context, told, endpoint, body, rule, claim)
            yield from [replace(delivery, cause=cause, call_mark=mark)] * rule.copies


_JOURNALED: Final = (Cause.CALL, Cause.SHOPPER)
"""Whose doings the journal has."""


def _cause(context: Context, event: WebhookEvent) -> Cause:
    """Return who causes an event: that a payment's time is over is the clock's doing, whoever notices it."""
    payment = _payment_of(event)
    deadline = payment.expires_at if payment and payment.state is State.EXPIRED else None
    return Cause.CLOCK if deadline is not None and deadline <= context.now() else context.webhooks.cause


def _told(context: Context, event: WebhookEvent, rule: WebhookRule) -> Iterator[WebhookEvent]:
    yield event
    if rule.contradiction is not None and isinstance(event, PaymentEvent):
        yield contradiction(event, rule.contradiction, rule.code)
    if Switch.UNKNOWN_EVENTS in context.merchant.switches:
        yield UnknownEvent(event.at, _payment_of(event))


def _payment_of(event: WebhookEvent) -> Payment | None:
    return None if isinstance(event, BillingDeleted) else event.payment


def _delivery(
    context: Context,
    event: WebhookEvent,
    endpoint: Endpoint,
    body: str,
    rule: WebhookRule,
    claim: Claim | None,
) -> Delivery:
    payment = _payment_of(event)
    return Delivery(
        merchant_id=context.merchant.id,
        transmission_id=transmission_id(context),
        event=event.type,
        url=endpoint.url,
        body=body,
        created_at=event.at,
        due_at=event.at + rule.delay,
        not_before=context.clock() + timedelta(seconds=rule.delay_seconds),
        security_key=endpoint.security_key,
        payment_key=payment.payment_key if payment else None,
        order_id=payment.order_id if payment else None,
        status=payment.state if payment else None,
        claimed_by=claim.holder if claim else None,
        claimed_until=claim.until if claim else None,
        traceparent=context.webhooks.traceparent,
    )


def are_any_left(database: Database) -> bool:
    """Tell whether an earlier process left deliveries, or replicas may leave some."""
    with database.connection() as connection:
        return database.has_replicas or claims.has_open(connection)


def find_clock(database: Database, delivery: Delivery) -> SandboxClock | None:
    """Return the clock of the sandbox that a delivery is of, None where that is gone."""
    with database.connection() as connection:
        return claims.find_clock(connection, delivery.merchant_id)


def record_attempt(database: Database, delivery: Delivery, attempt: Attempt, standing: Standing) -> None:
    """Record an attempt and end its claim; a sandbox that was deleted or reset meanwhile gets no record."""
    with database.transaction() as connection:
        claims.record(connection, delivery, attempt, standing)


def find_claimed(database: Database, holder: str) -> list[Delivery]:
    """Return the deliveries that `holder` has claimed, the oldest first."""
    with database.connection() as connection:
        return claims.find_claimed(connection, holder)


def is_preceded(database: Database, delivery: Delivery) -> bool:
    """Tell whether an earlier event of the same payment is still on its way to the same URL."""
    with database.connection() as connection:
        return claims.is_preceded(connection, delivery)


def renew_claim(database: Database, delivery: Delivery, until: datetime) -> bool:
    """Keep a claimed delivery for longer; returns whether it was still the claimer's."""
    with database.transaction() as connection:
        return claims.renew(connection, delivery, until)


def is_anything_due(database: Database, merchant_id: int, machine_time: datetime) -> bool:
    """Tell whether a delivery of a merchant is due, whoever has claimed it."""
    with database.connection() as connection:
        return bool(claims.find_due(connection, machine_time, 1, merchant_id, with_claimed=True))


def claim_due(
    database: Database, merchant_id: int, machine_time: datetime, new_claim: Callable[[], Claim], most: int
) -> list[Delivery]:
    """Claim deliveries of a merchant that are due, at most so many, and return them, the oldest first."""
    with database.connection() as connection:
        found = claims.find_due(connection, machine_time, 1, merchant_id)
    if not found:
        return []
    claim = new_claim()
    with database.transaction() as connection:
        return claims.claim_due(connection, machine_time, claim.holder, claim.until, most, merchant_id)


def find_due_merchants(database: Database, machine_time: datetime) -> list[int]:
    """Return the ids of the merchants who have a delivery that is due and that nobody has claimed."""
    with database.connection() as connection:
        return claims.find_due_merchants(connection, machine_time)


def next_due(database: Database, except_of: Collection[int]) -> datetime | None:
    """Return when, by the machine's clock, the next delivery is due, but for those of some merchants."""
    with database.connection() as connection:
        return claims.next_due(connection, except_of)


def give_up_claims(database: Database, is_gone: Callable[[str], bool]) -> None:
    """End the claims of all holders that are gone."""
    with database.connection() as connection:
        holders = claims.claim_holders(connection)
    for holder in holders:
        if is_gone(holder):
            with database.transaction() as connection:
                claims.give_up_claims(connection, holder)
