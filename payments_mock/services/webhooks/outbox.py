"""Put what a merchant is to be told into the outbox, in the transaction of the change that is told."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from payments_mock.domain.payments.confirmation import happened_at
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.webhooks import (
    USUAL,
    Endpoint,
    PaymentEvent,
    WebhookEvent,
    WebhookRule,
    WebhookSubject,
    contradiction,
    events_of,
    listeners,
)
from payments_mock.services.context import Claim, Context, PostOffice
from payments_mock.storage.webhooks import deliveries as webhook_deliveries
from payments_mock.storage.webhooks import endpoints as store
from payments_mock.storage.webhooks.deliveries import Delivery

TRANSMISSION_ID_PREFIX = "whtrans_"


def announce_payment(
    context: Context, connection: Connection, before: Payment | None, after: Payment
) -> None:
    """Announce what became of a payment; merchants that listen to nothing pay nothing for it."""
    if context.merchant.has_webhooks:
        announce(context, connection, events_of(before, after, happened_at(after, context.now())))


def announce(context: Context, connection: Connection, events: Sequence[WebhookEvent]) -> None:
    """Have each event delivered to every endpoint that is registered for its kind."""
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
    """Make the id of one event on its way to one endpoint, the same in every attempt and copy."""
    return TRANSMISSION_ID_PREFIX + context.ids.hexadecimal(26)


def _apply(connection: Connection, rules: Iterable[store.StoredRule], subject: WebhookSubject) -> WebhookRule:
    """Return the first rule that is about the event and has turns left."""
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
    targets = list(targets)
    for told in _told(event, rule):
        body = post.write(context, told)
        for endpoint in targets:
            delivery = _delivery(context, told, endpoint, body, rule, claim)
            yield from [delivery] * rule.copies


def _told(event: WebhookEvent, rule: WebhookRule) -> Iterator[WebhookEvent]:
    yield event
    if rule.contradiction is not None and isinstance(event, PaymentEvent):
        yield contradiction(event, rule.contradiction, rule.code)


def _delivery(
    context: Context,
    event: WebhookEvent,
    endpoint: Endpoint,
    body: str,
    rule: WebhookRule,
    claim: Claim | None,
) -> Delivery:
    payment = event.payment if isinstance(event, PaymentEvent) else None
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
    )
