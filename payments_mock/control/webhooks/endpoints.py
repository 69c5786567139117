"""Operations of a merchant's webhook endpoints, and of the rules for its webhooks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from isodate import duration_isoformat
from marshmallow import ValidationError

from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import moment_after, shown
from payments_mock.control.fault_schemas import Removed
from payments_mock.control.requests import ALWAYS, context_of_sandbox, provider_of, sandbox_of
from payments_mock.control.webhooks.schemas import (
    CONTRADICTORY,
    STATE_OF_STATUS,
    Webhook,
    WebhookRequest,
    WebhookRuleRequest,
    WebhookRules,
    WebhookRuleSchema,
    WebhooksSchema,
)
from payments_mock.domain import webhooks as domain
from payments_mock.domain.payments.payment import State
from payments_mock.domain.webhooks import Endpoint
from payments_mock.ids import Ids
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.services.webhooks import deliveries as service
from payments_mock.services.webhooks.deliveries import (
    NoWebhooksError,
    WebhookNotFoundError,
    WebhookRuleTakenError,
)
from payments_mock.storage.webhooks.endpoints import StoredRule
from payments_mock.webhooks.sender import TargetError

LARGEST_ID = 2**53


def id_in_path(text: str, what: str) -> int:
    """Return the number in a path.

    Raises:
        WebhookNotFoundError: nothing can have it as its id.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 17 and int(text) < LARGEST_ID):
        raise WebhookNotFoundError(f"there is no {what} {text[:100]}")
    return int(text)


def _register(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    service.check_has_webhooks(context.merchant)
    post = provider_of(call).post
    post.check_target(call.body["url"])
    events = dict.fromkeys(call.body["events"])
    endpoint = service.listen(context, call.body["url"], events, call.body.get("securityKey"))
    post.watch_deadlines()
    return _present(endpoint)


def _list(call: Call) -> dict[str, Any]:
    endpoints = service.list_endpoints(call.database, sandbox_of(call))
    return {"webhooks": [_present(endpoint) for endpoint in endpoints]}


def _remove(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    webhook_id = id_in_path(call.path["webhook"], "webhook")
    return {"removed": service.stop_listening(call.database, sandbox, webhook_id)}


def _remove_all(call: Call) -> dict[str, Any]:
    return {"removed": service.stop_listening(call.database, sandbox_of(call))}


def _present(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "createdAt": shown(endpoint.created_at),
    }


PATH = "/control/sandboxes/<sandbox>/webhooks"

OPERATIONS = (
    Operation(
        "register-webhook",
        "POST",
        PATH,
        "Register a URL for events; one that is registered already gets these events instead",
        _register,
        body=WebhookRequest(),
        answer=Webhook,
        errors=(SandboxNotFoundError, NoWebhooksError, TargetError),
    ),
    Operation(
        "list-webhooks",
        "GET",
        PATH,
        "List the webhooks of a sandbox",
        _list,
        answer=WebhooksSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhooks",
        "DELETE",
        PATH,
        "Remove all webhooks of a sandbox; what happened before is still delivered",
        _remove_all,
        answer=Removed,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhook",
        "DELETE",
        f"{PATH}/<webhook>",
        "Remove a webhook; what happened before is still delivered",
        _remove,
        answer=Removed,
        errors=(SandboxNotFoundError, WebhookNotFoundError),
    ),
)


def _make(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    rule = _rule(call.body, context.now(), context.ids)
    return _present_rule(service.make_rule(call.database, context.merchant, rule))


def _list_rules(call: Call) -> dict[str, Any]:
    return {
        "rules": [_present_rule(stored) for stored in service.list_rules(call.database, sandbox_of(call))]
    }


def _remove_rule(call: Call) -> dict[str, Any]:
    return {"removed": service.remove_rules(call.database, sandbox_of(call), call.path["name"])}


def _remove_all_rules(call: Call) -> dict[str, Any]:
    return {"removed": service.remove_rules(call.database, sandbox_of(call))}


def _rule(body: Mapping[str, Any], now: datetime, ids: Ids) -> domain.WebhookRule:
    order, times = body["order"], body["times"]
    told = body.get("contradiction", "ABORTED") if order == CONTRADICTORY else None
    return domain.WebhookRule(
        name=body.get("name") or f"{order}-{ids.hexadecimal(8)}",
        match=_match(body["match"]),
        order=domain.DeliveryOrder.AFTER if order == CONTRADICTORY else domain.DeliveryOrder(order),
        copies=body["copies"],
        delay_seconds=body.get("delaySeconds", 0.0),
        delay=_delay(body, now),
        contradiction=STATE_OF_STATUS[told] if told else None,
        code=body.get("code", domain.USUAL.code),
        times=None if times == ALWAYS else times,
    )


def _match(match: Mapping[str, Any]) -> domain.WebhookMatch:
    status = match.get("status")
    return domain.WebhookMatch(
        event=match.get("event"),
        state=STATE_OF_STATUS[status] if status else None,
        payment_key=match.get("paymentKey"),
        order_id=match.get("orderId"),
    )


def _delay(body: Mapping[str, Any], now: datetime) -> timedelta:
    if "delay" not in body:
        return timedelta()
    try:
        return moment_after(now, body["delay"]) - now
    except ValidationError as error:
        raise InvalidFieldsError({"delay": error.messages}) from None


def _present_rule(stored: StoredRule) -> dict[str, Any]:
    rule = stored.rule
    return {
        "name": rule.name,
        "match": _present_match(rule.match),
        "order": rule.order if rule.contradiction is None else CONTRADICTORY,
        "contradiction": _status(rule.contradiction),
        "copies": rule.copies,
        "delaySeconds": rule.delay_seconds,
        "delay": duration_isoformat(rule.delay),
        "times": ALWAYS if rule.times is None else rule.times,
        "applied": stored.applied,
    }


def _present_match(match: domain.WebhookMatch) -> dict[str, Any]:
    said = {
        "event": match.event,
        "status": _status(match.state),
        "paymentKey": match.payment_key,
        "orderId": match.order_id,
    }
    return {name: value for name, value in said.items() if value is not None}


def _status(state: State | None) -> str | None:
    return None if state is None else STATUS_OF_STATE[state]


_ALL = f"{PATH}/rules"

RULE_OPERATIONS = (
    Operation(
        "make-webhook-rule",
        "POST",
        _ALL,
        "Decide how events arrive: before the answer, twice, late, contradicted or never",
        _make,
        body=WebhookRuleRequest(),
        answer=WebhookRuleSchema,
        errors=(SandboxNotFoundError, NoWebhooksError, WebhookRuleTakenError),
    ),
    Operation(
        "list-webhook-rules",
        "GET",
        _ALL,
        "List the webhook rules of a sandbox; of those that match an event the first applies",
        _list_rules,
        answer=WebhookRules,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhook-rules",
        "DELETE",
        _ALL,
        "Remove all webhook rules of a sandbox",
        _remove_all_rules,
        answer=Removed,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhook-rule",
        "DELETE",
        f"{_ALL}/<name>",
        "Remove a webhook rule",
        _remove_rule,
        answer=Removed,
        errors=(SandboxNotFoundError, WebhookNotFoundError),
    ),
)
