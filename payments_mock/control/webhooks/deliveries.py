"""Deliveries of webhooks: every attempt at them, one more on demand, and events that never happened."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from payments_mock.api.bodies import change_content
from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import shown
from payments_mock.control.fault_schemas import Removed
from payments_mock.control.requests import Patience, context_of_sandbox, provider_of, sandbox_of
from payments_mock.control.webhooks.endpoints import PATH, id_in_path
from payments_mock.control.webhooks.schemas import (
    STATE_OF_STATUS,
    DeliveryQuery,
    ForgedDeliveries,
    ForgeRequest,
    Quiet,
    QuietQuery,
    WebhookDeliveries,
    WebhookDelivery,
)
from payments_mock.domain.errors import PaymentNotFoundError
from payments_mock.domain.payments.payment import State
from payments_mock.domain.webhooks import DeliveryState, EventType
from payments_mock.services.context import Context
from payments_mock.services.payments.lookup import find_payment
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.services.webhooks import deliveries as service
from payments_mock.services.webhooks.deliveries import (
    Forgery,
    Found,
    NobodyListensError,
    NoWebhooksError,
    WebhookNotFoundError,
    check_has_webhooks,
)
from payments_mock.storage.webhooks.deliveries import Attempt, DeliveryFilter
from payments_mock.webhooks.sender import TargetError


def _list(call: Call) -> dict[str, Any]:
    query = call.query
    provider_of(call).journal.write()
    is_newest = query["order"] == "newest"
    found = service.find_deliveries(
        call.database, sandbox_of(call), _filter(query), query["limit"], newest_first=is_newest
    )
    return {"deliveries": [present_delivery(one) for one in found]}


def _clear(call: Call) -> dict[str, Any]:
    return {"removed": service.clear_deliveries(call.database, sandbox_of(call))}


def _show(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    delivery_id = id_in_path(call.path["delivery"], "delivery")
    provider_of(call).journal.write()
    return present_delivery(service.find_delivery(call.database, sandbox, delivery_id))


def _resend(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    delivery_id = id_in_path(call.path["delivery"], "delivery")
    service.ask_for_attempt(call.database, sandbox, delivery_id)
    call.record.webhooks.due_of.add(sandbox.id)
    return present_delivery(service.find_delivery(call.database, sandbox, delivery_id))


def _forge(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    check_has_webhooks(context.merchant)
    if "url" in call.body:
        provider_of(call).post.check_target(call.body["url"])
    body = _of_payment(context, call.body) if "paymentKey" in call.body else call.body
    forged = service.forge(context, _forgery(body))
    return {"transmissionIds": [delivery.transmission_id for delivery in forged]}


def _quiet(call: Call) -> dict[str, Any] | Response:
    unrest = service.find_unrest(context_of_sandbox(call), call.query.get("orderId"))
    if unrest.under_way:
        held = Patience(call.record).look_again(call.query["wait"])
        if held is not None:
            return held
    return {
        "quiet": unrest.under_way == 0,
        "underWay": unrest.under_way,
        "later": unrest.later,
        "nextAttemptAt": shown(unrest.next_at) if unrest.next_at else None,
    }


def _of_payment(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a forged event whose body is made from a real event of a payment."""
    payment = find_payment(context, given["paymentKey"])
    event = given.get("event", EventType.PAYMENT_STATUS_CHANGED)
    if event is EventType.DEPOSIT_CALLBACK and not payment.waits_for_deposit:
        raise InvalidFieldsError({"event": ["The payment has no virtual account to be told of."]})
    real = orjson.loads(service.write_event(context, event, payment))
    forged = change_content(real, given.get("set", {}), given.get("remove", ()))
    return {**given, "event": event, "body": forged}


def _forgery(body: Mapping[str, Any]) -> Forgery:
    content = body.get("body", {})
    said = content.get("eventType")
    data = content.get("data") if isinstance(content.get("data"), dict) else content
    return Forgery(
        event=body.get("event") or (said if said in list(EventType) else EventType.DEPOSIT_CALLBACK),
        body=body["raw"] if "raw" in body else _as_text(content),
        url=body.get("url"),
        security_key=body.get("securityKey"),
        payment_key=_text(data, "paymentKey", 200),
        order_id=_text(data, "orderId", 64),
    )


def _as_text(content: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(content).decode()
    except orjson.JSONEncodeError:
        why = "Is nested too deeply to be written; send the text of it as raw."
        raise InvalidFieldsError({"body": [why]}) from None


def _text(content: Mapping[str, Any], name: str, longest: int) -> str | None:
    """Return a value from a forged body, if it is one that a real event could have."""
    value = content.get(name)
    is_plain = isinstance(value, str) and len(value) <= longest and value.isprintable()
    return value if is_plain else None


def _filter(query: Mapping[str, Any]) -> DeliveryFilter:
    status = query.get("status")
    return DeliveryFilter(
        event=query.get("event"),
        state=query.get("state"),
        status=STATE_OF_STATUS[status] if status else None,
        payment_key=query.get("paymentKey"),
        order_id=query.get("orderId"),
        url=query.get("url"),
        entry_id=query.get("entry"),
        after_id=query.get("after", 0),
        before_id=query.get("before"),
    )


def present_delivery(found: Found) -> dict[str, Any]:
    """Show a delivery with every attempt."""
    delivery, attempts = found
    is_pending = delivery.state is DeliveryState.PENDING
    return {
        "id": delivery.id,
        "transmissionId": delivery.transmission_id,
        "event": delivery.event,
        "url": delivery.url,
        "paymentKey": delivery.payment_key,
        "orderId": delivery.order_id,
        "status": STATUS_OF_STATE[State(delivery.status)] if delivery.status else None,
        "forged": delivery.is_forged,
        "cause": delivery.cause,
        "entry": delivery.entry_id,
        "state": delivery.state,
        "createdAt": shown(delivery.created_at),
        "nextAttemptAt": shown(delivery.due_at) if is_pending else None,
        "body": delivery.body,
        "attempts": [_present_attempt(attempt) for attempt in attempts],
    }


def _present_attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": shown(attempt.at),
        "sentAt": shown(attempt.sent_at),
        "milliseconds": attempt.milliseconds,
        "headers": attempt.headers,
        "status": attempt.status,
        "answerHeaders": attempt.answer_headers,
        "answerBody": attempt.answer_body,
        "error": attempt.error,
    }


_ALL = f"{PATH}/deliveries"
_ONE = f"{_ALL}/<delivery>"

OPERATIONS = (
    Operation(
        "list-webhook-deliveries",
        "GET",
        _ALL,
        "List the deliveries of a sandbox, each with its very text and every attempt",
        _list,
        query=DeliveryQuery(),
        answer=WebhookDeliveries,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "clear-webhook-deliveries",
        "DELETE",
        _ALL,
        "Forget all deliveries of a sandbox; what was not delivered yet never is",
        _clear,
        answer=Removed,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-webhook-delivery",
        "GET",
        _ONE,
        "Show a delivery with every attempt",
        _show,
        answer=WebhookDelivery,
        errors=(SandboxNotFoundError, WebhookNotFoundError),
    ),
    Operation(
        "resend-webhook",
        "POST",
        f"{_ONE}/resend",
        "Make one more attempt now, whatever came of those before; it has been made when the answer comes",
        _resend,
        answer=WebhookDelivery,
        errors=(SandboxNotFoundError, WebhookNotFoundError),
    ),
    Operation(
        "await-quiet-webhooks",
        "GET",
        f"{PATH}/quiet",
        "Tell whether any delivery is under way or due, or wait until none is",
        _quiet,
        query=QuietQuery(),
        answer=Quiet,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "forge-webhook",
        "POST",
        f"{PATH}/forge",
        "Send an event that never happened; it has been sent when the answer comes",
        _forge,
        body=ForgeRequest(),
        answer=ForgedDeliveries,
        errors=(
            SandboxNotFoundError,
            NoWebhooksError,
            NobodyListensError,
            PaymentNotFoundError,
            TargetError,
        ),
    ),
)
