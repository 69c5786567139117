"""Webhooks: where a sandbox's merchant listens."""

from typing import Any

from flask import current_app

from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import shown
from payments_mock.control.fault_schemas import Removed
from payments_mock.control.requests import context_of_sandbox, sandbox_of
from payments_mock.control.webhooks.schemas import Webhook, WebhookRequest, WebhooksSchema
from payments_mock.domain.webhooks import Endpoint
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.services.webhooks import deliveries as service
from payments_mock.services.webhooks.deliveries import NoWebhooksError, WebhookNotFoundError
from payments_mock.webhooks import check_target_of, watch_deadlines
from payments_mock.webhooks.sender import TargetError

LARGEST_ID = 2**53


def id_in_path(text: str, what: str) -> int:
    """Return the number that stands in a path.

    Raises:
        WebhookNotFoundError: nothing can have it as its id.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 17 and int(text) < LARGEST_ID):
        raise WebhookNotFoundError(f"there is no {what} {text[:100]}")
    return int(text)


def _register(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    service.check_has_webhooks(context.merchant)
    check_target_of(current_app, call.body["url"])
    events = dict.fromkeys(call.body["events"])
    endpoint = service.listen(context, call.body["url"], events, call.body.get("securityKey"))
    watch_deadlines()
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
        answer=Webhook(),
        errors=(SandboxNotFoundError, NoWebhooksError, TargetError),
    ),
    Operation(
        "list-webhooks",
        "GET",
        PATH,
        "List the webhooks of a sandbox",
        _list,
        answer=WebhooksSchema(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhooks",
        "DELETE",
        PATH,
        "Remove all webhooks of a sandbox; what happened before is still delivered",
        _remove_all,
        answer=Removed(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-webhook",
        "DELETE",
        f"{PATH}/<webhook>",
        "Remove a webhook; what happened before is still delivered",
        _remove,
        answer=Removed(),
        errors=(SandboxNotFoundError, WebhookNotFoundError),
    ),
)
