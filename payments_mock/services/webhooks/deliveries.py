"""Register where a merchant listens, read its deliveries, and send one again."""

from collections.abc import Iterable

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import ContractName, Merchant
from payments_mock.domain.values import Cause, immutable
from payments_mock.domain.webhooks import (
    DeliveryOrder,
    Endpoint,
    EventType,
    PaymentEvent,
    WebhookRule,
    listeners,
)
from payments_mock.services.context import Context
from payments_mock.services.webhooks.outbox import transmission_id
from payments_mock.storage.engine.database import Database
from payments_mock.storage.webhooks import claims as webhook_claims
from payments_mock.storage.webhooks import deliveries as deliveries_store
from payments_mock.storage.webhooks import endpoints as store
from payments_mock.storage.webhooks.claims import Unrest
from payments_mock.storage.webhooks.deliveries import Attempt, Delivery, DeliveryFilter
from payments_mock.storage.webhooks.endpoints import StoredRule


class WebhookError(PaymentError):
    """A request about webhooks that can't be carried out."""


class NoWebhooksError(WebhookError):
    """The merchant's contract has no webhooks."""


class WebhookNotFoundError(WebhookError):
    """The sandbox has no such endpoint, rule or delivery."""


class NobodyListensError(WebhookError):
    """A forged event has nowhere to go."""


class WebhookRuleTakenError(WebhookError):
    """The sandbox has a webhook rule of this name."""


def check_has_webhooks(merchant: Merchant) -> None:
    """Refuse a merchant whose contract knows no webhooks; source: the integration guide has none.

    Raises:
        NoWebhooksError: the contract has none.
    """
    if merchant.contract is not ContractName.TOSS:
        raise NoWebhooksError(
            f"the {merchant.contract} contract has no webhooks; make a sandbox on the toss contract"
        )


def listen(
    context: Context, url: str, events: Iterable[EventType], security_key: str | None = None
) -> Endpoint:
    """Register a URL for kinds of event, instead of those that it was registered for.

    Raises:
        NoWebhooksError: the merchant's contract has none.
    """
    check_has_webhooks(context.merchant)
    with context.database.transaction_on_merchants() as connection:
        endpoint = Endpoint(url, tuple(events), context.now(), security_key)
        endpoint_id = store.register_endpoint(connection, context.merchant.id, endpoint)
    return find_endpoint(context.database, context.merchant, endpoint_id)


def list_endpoints(database: Database, merchant: Merchant) -> list[Endpoint]:
    """Return where the merchant listens."""
    with database.connection() as connection:
        return store.list_endpoints(connection, merchant.id)


def find_endpoint(database: Database, merchant: Merchant, endpoint_id: int) -> Endpoint:
    """Return the endpoint with an id.

    Raises:
        WebhookNotFoundError: the merchant has none.
    """
    for endpoint in list_endpoints(database, merchant):
        if endpoint.id == endpoint_id:
            return endpoint
    raise WebhookNotFoundError(f"there is no webhook {endpoint_id}")


def stop_listening(database: Database, merchant: Merchant, endpoint_id: int | None = None) -> int:
    """Remove the endpoint with an id, or all of them; what was not delivered yet still goes out.

    Raises:
        WebhookNotFoundError: there is none of this id.
    """
    with database.transaction_on_merchants() as connection:
        removed = store.remove_endpoints(connection, merchant.id, endpoint_id=endpoint_id)
    if endpoint_id is not None and removed == 0:
        raise WebhookNotFoundError(f"there is no webhook {endpoint_id}")
    return removed


def make_rule(database: Database, merchant: Merchant, rule: WebhookRule) -> StoredRule:
    """Store a rule about how events arrive.

    Raises:
        NoWebhooksError: the merchant's contract has none.
        WebhookRuleTakenError: there is one of this name.
    """
    check_has_webhooks(merchant)
    try:
        with database.transaction() as connection:
            store.add_rule(connection, merchant.id, rule)
    except store.WebhookRuleNameTakenError:
        raise WebhookRuleTakenError(f"there is a webhook rule {rule.name} already; remove it first") from None
    return next(stored for stored in list_rules(database, merchant) if stored.rule.name == rule.name)


def list_rules(database: Database, merchant: Merchant) -> list[StoredRule]:
    """Return the rules of the sandbox, with how many events each was applied to."""
    with database.connection() as connection:
        return store.list_rules(connection, merchant.id)


def remove_rules(database: Database, merchant: Merchant, name: str | None = None) -> int:
    """Remove the rule of a name, or all of them.

    Raises:
        WebhookNotFoundError: there is none of this name.
    """
    with database.transaction() as connection:
        removed = store.remove_rules(connection, merchant.id, name)
    if name is not None and removed == 0:
        raise WebhookNotFoundError(f"there is no webhook rule {name}")
    return removed


Found = tuple[Delivery, list[Attempt]]


@immutable
class Forgery:
    """An event that never happened: its exact body, and its URL unless it goes to the endpoints."""

    event: str
    body: str
    url: str | None = None
    security_key: str | None = None
    payment_key: str | None = None
    order_id: str | None = None


def find_deliveries(
    database: Database, merchant: Merchant, chosen: DeliveryFilter, limit: int, *, newest_first: bool = False
) -> list[Found]:
    """Return the first deliveries that a filter chooses with their attempts, the oldest or newest first."""
    with database.connection() as connection:
        return deliveries_store.find(connection, merchant.id, chosen, limit, newest_first=newest_first)


def find_delivery(database: Database, merchant: Merchant, delivery_id: int) -> Found:
    """Return the delivery with an id.

    Raises:
        WebhookNotFoundError: the merchant has none.
    """
    found = find_deliveries(database, merchant, DeliveryFilter(id=delivery_id), 1)
    if not found:
        raise WebhookNotFoundError(f"there is no delivery {delivery_id}")
    return found[0]


def has_open_deliveries(database: Database, merchant: Merchant) -> bool:
    """Tell whether any attempt is still to come, even if the merchant no longer listens."""
    with database.connection() as connection:
        return webhook_claims.has_open(connection, merchant.id)


def find_unrest(context: Context, order_id: str | None = None) -> Unrest:
    """Return how many deliveries of the sandbox, or of one order, are still to be made."""
    with context.database.connection() as connection:
        return webhook_claims.find_unrest(connection, context.clock(), context.merchant.id, order_id)


def clear_deliveries(database: Database, merchant: Merchant) -> int:
    """Forget all deliveries of the sandbox, those that were not made yet too; returns how many there were."""
    with database.transaction() as connection:
        return deliveries_store.clear(connection, merchant.id)


def ask_for_attempt(database: Database, merchant: Merchant, delivery_id: int) -> None:
    """Attempt a delivery now, whether or not it was delivered before.

    Raises:
        WebhookNotFoundError: the merchant has none of this id.
    """
    with database.transaction() as connection:
        if not deliveries_store.ask_for_attempt(connection, merchant.id, delivery_id):
            raise WebhookNotFoundError(f"there is no delivery {delivery_id}")


def forge(context: Context, forgery: Forgery) -> list[Delivery]:
    """Send an event that never happened; returns its deliveries, one an endpoint.

    Raises:
        NoWebhooksError: the merchant's contract has none.
        NobodyListensError: no URL was given, and no endpoint is registered for the kind of event.
    """
    check_has_webhooks(context.merchant)
    with context.database.transaction() as connection:
        targets = _targets(context, forgery, store.list_endpoints(connection, context.merchant.id))
        forged = [_forged(context, forgery, *target) for target in targets]
        if not forged:
            raise NobodyListensError(
                f"no webhook of the sandbox is registered for {forgery.event}; register one, or give a url"
            )
        deliveries_store.add_all(connection, forged)
    return forged


def write_event(context: Context, event: EventType, payment: Payment) -> str:
    """Return the exact text of an event about a payment's state now, as if that had just changed.

    Raises:
        NoWebhooksError: the merchant's contract has none.
    """
    check_has_webhooks(context.merchant)
    assert context.post is not None  # noqa: S101
    return context.post.write(context, PaymentEvent(event, context.now(), payment))


def _targets(context: Context, forgery: Forgery, known: Iterable[Endpoint]) -> list[tuple[str, str | None]]:
    if forgery.url is not None:
        return [(forgery.url, forgery.security_key)]
    return [
        (endpoint.url, forgery.security_key or endpoint.security_key)
        for endpoint in listeners(known, forgery.event)
    ]


def _forged(context: Context, forgery: Forgery, url: str, security_key: str | None) -> Delivery:
    claim = context.post.claim(context, DeliveryOrder.BEFORE) if context.post else None
    return Delivery(
        merchant_id=context.merchant.id,
        transmission_id=transmission_id(context),
        event=forgery.event,
        url=url,
        body=forgery.body,
        created_at=context.now(),
        due_at=context.now(),
        not_before=context.clock(),
        security_key=security_key,
        payment_key=forgery.payment_key,
        order_id=forgery.order_id,
        is_forged=True,
        claimed_by=claim.holder if claim else None,
        claimed_until=claim.until if claim else None,
        traceparent=context.webhooks.traceparent,
        cause=Cause.FORGERY,
    )
