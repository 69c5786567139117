"""Look at deliveries, ask for one more attempt, and send what never happened."""

from collections.abc import Iterable
from dataclasses import dataclass

from payments_mock.domain.merchant import Merchant
from payments_mock.domain.webhooks import Endpoint, Order, listeners
from payments_mock.services.context import Context
from payments_mock.services.outbox import transmission_id
from payments_mock.services.webhooks import NobodyListensError, WebhookNotFoundError, check_has_webhooks
from payments_mock.storage import webhook_claims
from payments_mock.storage import webhook_deliveries as store
from payments_mock.storage import webhooks as endpoints
from payments_mock.storage.database import reading, writing
from payments_mock.storage.webhook_deliveries import Attempt, Delivery, DeliveryFilter

Found = tuple[Delivery, list[Attempt]]


@dataclass(frozen=True, slots=True)
class Forgery:
    """An event that never happened: the very body, and where it goes if not to those who listen."""

    event: str
    body: str
    url: str | None = None
    security_key: str | None = None
    payment_key: str | None = None
    order_id: str | None = None


def find_deliveries(merchant: Merchant, chosen: DeliveryFilter, limit: int) -> list[Found]:
    """Return the first `limit` deliveries that a filter chooses, the oldest first, with their attempts."""
    with reading() as connection:
        return store.find(connection, merchant.id, chosen, limit)


def find_delivery(merchant: Merchant, delivery_id: int) -> Found:
    """Return the delivery with an id.

    Raises:
        WebhookNotFoundError: the merchant has none.
    """
    found = find_deliveries(merchant, DeliveryFilter(id=delivery_id), 1)
    if not found:
        raise WebhookNotFoundError(f"there is no delivery {delivery_id}")
    return found[0]


def has_open_deliveries(merchant: Merchant) -> bool:
    """Tell whether an attempt is still to be made at anything, whether or not the merchant still listens."""
    with reading() as connection:
        return webhook_claims.has_open(connection, merchant.id)


def clear_deliveries(merchant: Merchant) -> int:
    """Forget all deliveries of the sandbox, those that were not made yet too; returns how many there were."""
    with writing() as connection:
        return store.clear(connection, merchant.id)


def ask_for_attempt(merchant: Merchant, delivery_id: int) -> None:
    """Have an attempt at a delivery made now, whether or not it was delivered before.

    Raises:
        WebhookNotFoundError: the merchant has none of this id.
    """
    with writing() as connection:
        if not store.ask_for_attempt(connection, merchant.id, delivery_id):
            raise WebhookNotFoundError(f"there is no delivery {delivery_id}")


def forge(context: Context, forgery: Forgery) -> list[Delivery]:
    """Send an event that never happened; returns its deliveries, one an endpoint.

    Raises:
        NoWebhooksError: the merchant's contract has none.
        NobodyListensError: no URL was given, and no endpoint is registered for the kind of event.
    """
    check_has_webhooks(context.merchant)
    with writing() as connection:
        targets = _targets(context, forgery, endpoints.list_endpoints(connection, context.merchant.id))
        forged = [_forged(context, forgery, *target) for target in targets]
        if not forged:
            raise NobodyListensError(
                f"no webhook of the sandbox is registered for {forgery.event}; register one, or give a url"
            )
        store.add_all(connection, forged)
    return forged


def _targets(context: Context, forgery: Forgery, known: Iterable[Endpoint]) -> list[tuple[str, str | None]]:
    if forgery.url is not None:
        return [(forgery.url, forgery.security_key)]
    return [
        (endpoint.url, forgery.security_key or endpoint.security_key)
        for endpoint in listeners(known, forgery.event)
    ]


def _forged(context: Context, forgery: Forgery, url: str, security_key: str | None) -> Delivery:
    claim = context.post.claim(context, Order.BEFORE) if context.post else None
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
    )
