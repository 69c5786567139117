"""Let a merchant listen for events, and a test decide how they arrive."""

from collections.abc import Iterable

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.events import EventType
from payments_mock.domain.merchant import ContractName, Merchant
from payments_mock.domain.webhooks import Endpoint, WebhookRule
from payments_mock.services.context import Context
from payments_mock.storage import webhooks as store
from payments_mock.storage.database import reading, writing
from payments_mock.storage.webhooks import StoredRule


class WebhookError(PaymentError):
    """Something about webhooks that can't be."""


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
    with writing() as connection:
        endpoint = Endpoint(url, tuple(events), context.now(), security_key)
        endpoint_id = store.register_endpoint(connection, context.merchant.id, endpoint)
    return find_endpoint(context.merchant, endpoint_id)


def list_endpoints(merchant: Merchant) -> list[Endpoint]:
    """Return where the merchant listens."""
    with reading() as connection:
        return store.list_endpoints(connection, merchant.id)


def find_endpoint(merchant: Merchant, endpoint_id: int) -> Endpoint:
    """Return the endpoint with an id.

    Raises:
        WebhookNotFoundError: the merchant has none.
    """
    for endpoint in list_endpoints(merchant):
        if endpoint.id == endpoint_id:
            return endpoint
    raise WebhookNotFoundError(f"there is no webhook {endpoint_id}")


def stop_listening(merchant: Merchant, endpoint_id: int | None = None) -> int:
    """Remove the endpoint with an id, or all of them; what was not delivered yet still goes out.

    Raises:
        WebhookNotFoundError: there is none of this id.
    """
    with writing() as connection:
        removed = store.remove_endpoints(connection, merchant.id, endpoint_id=endpoint_id)
    if endpoint_id is not None and removed == 0:
        raise WebhookNotFoundError(f"there is no webhook {endpoint_id}")
    return removed


def make_rule(merchant: Merchant, rule: WebhookRule) -> StoredRule:
    """Store a rule about how events arrive.

    Raises:
        NoWebhooksError: the merchant's contract has none.
        WebhookRuleTakenError: there is one of this name.
    """
    check_has_webhooks(merchant)
    try:
        with writing() as connection:
            store.add_rule(connection, merchant.id, rule)
    except store.WebhookRuleNameTakenError:
        raise WebhookRuleTakenError(f"there is a webhook rule {rule.name} already; remove it first") from None
    return next(stored for stored in list_rules(merchant) if stored.rule.name == rule.name)


def list_rules(merchant: Merchant) -> list[StoredRule]:
    """Return the rules of the sandbox, with how many events each was applied to."""
    with reading() as connection:
        return store.list_rules(connection, merchant.id)


def remove_rules(merchant: Merchant, name: str | None = None) -> int:
    """Remove the rule of a name, or all of them.

    Raises:
        WebhookNotFoundError: there is none of this name.
    """
    with writing() as connection:
        removed = store.remove_rules(connection, merchant.id, name)
    if name is not None and removed == 0:
        raise WebhookNotFoundError(f"there is no webhook rule {name}")
    return removed
