"""The bodies of webhooks; source: the public reference, "webhook events"."""

from datetime import datetime
from typing import Any

import orjson

from payments_mock.contracts.toss.language import KOREAN
from payments_mock.contracts.toss.present.payment import STATUS_OF_STATE, present_payment
from payments_mock.domain.events import BillingDeleted, EventType, PaymentEvent, WebhookEvent
from payments_mock.domain.korea import KOREA
from payments_mock.services.context import Context


def event_body(context: Context, event: WebhookEvent) -> str:
    """Return the body that tells the merchant of an event, always in Korean words."""
    return orjson.dumps(_present(context, event)).decode()


def present_event_time(moment: datetime) -> str:
    """Show a moment on the Korean clock, to the microsecond and without an offset."""
    return moment.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="microseconds")


def _present(context: Context, event: WebhookEvent) -> dict[str, Any]:
    if isinstance(event, BillingDeleted):
        return _with_data(event, {"billingKey": event.billing_key, "reason": event.reason})
    if event.type is EventType.DEPOSIT_CALLBACK:
        return _deposit_callback(event)
    return _with_data(event, present_payment(context, event.payment, KOREAN))


def _with_data(event: WebhookEvent, data: dict[str, Any]) -> dict[str, Any]:
    return {"eventType": event.type, "createdAt": present_event_time(event.at), "data": data}


def _deposit_callback(event: PaymentEvent) -> dict[str, Any]:
    payment = event.payment
    return {
        "createdAt": present_event_time(event.at),
        "secret": payment.secret,
        "status": STATUS_OF_STATE[payment.state],
        "transactionKey": payment.last_transaction_key,
        "orderId": payment.order_id,
    }
