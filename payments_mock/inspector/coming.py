"""What happens next by itself in a sandbox, and when: before the clock is moved there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from marshmallow import Schema, fields, validate

from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import shown
from payments_mock.control.requests import context_of_sandbox
from payments_mock.domain.accounts import deposit_deadline
from payments_mock.domain.faults import Fault
from payments_mock.services.context import Context
from payments_mock.services.faults import list_faults
from payments_mock.services.payments.changes import find_coming_things
from payments_mock.services.sandboxes import SandboxNotFoundError

EXPIRY: Final = "expiry"
ACCOUNT_CLOSES: Final = "account-closes"
WEBHOOK: Final = "webhook"
FAULT_BEGINS: Final = "fault-begins"
FAULT_ENDS: Final = "fault-ends"
KINDS: Final = (EXPIRY, ACCOUNT_CLOSES, WEBHOOK, FAULT_BEGINS, FAULT_ENDS)


class ComingQuery(Schema):
    """How much of what comes is listed."""

    limit = fields.Integer(validate=validate.Range(min=1, max=1000), load_default=100)


class ComingThing(Schema):
    """Something that happens `at` a time of the sandbox, and what it is about; null is what it is not."""

    at = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    delivery = fields.Integer(required=True, allow_none=True)
    attempt = fields.Integer(required=True, allow_none=True)
    fault = fields.String(required=True, allow_none=True)


class Coming(Schema):
    """What comes, the first first, and what time it is now."""

    now = fields.String(required=True)
    coming = fields.List(fields.Nested(ComingThing), required=True)


def _list(call: Call) -> dict[str, Any]:
    context, most = context_of_sandbox(call), call.query["limit"]
    coming = sorted(_coming(context, most), key=lambda thing: thing[0])[:most]
    return {
        "now": shown(context.now()),
        "coming": [{"at": shown(at), **dict.fromkeys(_ABOUT), **about} for at, about in coming],
    }


_ABOUT: Final = ("orderId", "paymentKey", "delivery", "attempt", "fault")


def _coming(context: Context, most: int) -> Iterator[tuple[datetime, dict[str, Any]]]:
    found = find_coming_things(context, most)
    for payment in found.expiring:
        assert payment.expires_at is not None  # noqa: S101
        about = {"kind": EXPIRY, "orderId": payment.order_id, "paymentKey": payment.payment_key}
        yield payment.expires_at, about
    for payment in found.closing:
        about = {"kind": ACCOUNT_CLOSES, "orderId": payment.order_id, "paymentKey": payment.payment_key}
        yield deposit_deadline(payment), about
    for delivery in found.deliveries:
        yield (
            delivery.due_at,
            {
                "kind": WEBHOOK,
                "orderId": delivery.order_id,
                "paymentKey": delivery.payment_key,
                "delivery": delivery.id,
                "attempt": delivery.attempts + 1,
            },
        )
    for armed in list_faults(context.database, context.merchant):
        yield from _turns(armed.fault, context.now())


def _turns(fault: Fault, now: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield when a fault begins to strike, and when it ends to, as far as that is still to come."""
    for at, kind in ((fault.begins_at, FAULT_BEGINS), (fault.ends_at, FAULT_ENDS)):
        if at is not None and at > now:
            yield at, {"kind": kind, "fault": fault.name}


OPERATIONS = (
    Operation(
        "list-coming",
        "GET",
        "/control/sandboxes/<sandbox>/clock/coming",
        "Tell what happens next by itself, and when: payments expire, accounts close, webhooks come again",
        _list,
        query=ComingQuery(),
        answer=Coming(),
        errors=(SandboxNotFoundError,),
    ),
)
