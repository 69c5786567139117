"""What is told beside orders: what happens next by itself in a sandbox, and calls that are in no sandbox."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final

from marshmallow import Schema, fields, validate

from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import shown
from payments_mock.control.requests import context_of_sandbox, provider_of
from payments_mock.control.sandboxes import NewSandbox, make_sandbox
from payments_mock.control.schemas import SandboxRequest
from payments_mock.domain.accounts import deposit_deadline
from payments_mock.domain.faults import Fault
from payments_mock.domain.sandboxes import family_of
from payments_mock.services.context import Context, in_transaction
from payments_mock.services.faults import list_faults
from payments_mock.services.journal import EntryNotFoundError
from payments_mock.services.payments.changes import find_coming_things
from payments_mock.services.sandboxes import (
    SandboxNotFoundError,
    SandboxTakenError,
    adopt_key,
    delete_sandbox,
    find_sandbox,
)
from payments_mock.storage.journal_writing import MOST_STRAY_CALLS, StrayCall, list_stray_calls

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


def _list_coming(call: Call) -> dict[str, Any]:
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


COMING_OPERATIONS = (
    Operation(
        "list-coming",
        "GET",
        "/control/sandboxes/<sandbox>/clock/coming",
        "Tell what happens next by itself, and when: payments expire, accounts close, webhooks come again",
        _list_coming,
        query=ComingQuery(),
        answer=Coming,
        errors=(SandboxNotFoundError,),
    ),
)


class StrayCallsQuery(Schema):
    """How many are listed."""

    limit = fields.Integer(validate=validate.Range(min=1, max=MOST_STRAY_CALLS), load_default=50)


class StrayCallSchema(Schema):
    """A call of nobody: `key` is how its key begins; `adoptable` tells whether a sandbox can be given it."""

    id = fields.Integer(required=True)
    at = fields.String(required=True)
    method = fields.String(required=True)
    path = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)
    key = fields.String(required=True, allow_none=True)
    adoptable = fields.Boolean(required=True)


class StrayCalls(Schema):
    """The newest calls of nobody, the newest first."""

    strayCalls = fields.List(fields.Nested(StrayCallSchema), required=True)  # noqa: N815


def _list_strays(call: Call) -> dict[str, Any]:
    found = _found(call, call.query["limit"])
    return {"strayCalls": [_present_stray(one) for one in found]}


def _found(call: Call, most: int) -> list[StrayCall]:
    provider_of(call).journal.write()
    return in_transaction(call.database, partial(list_stray_calls, most=most))


def _present_stray(stray: StrayCall) -> dict[str, Any]:
    return {
        "id": stray.id,
        "at": shown(stray.at),
        "method": stray.method,
        "path": stray.path,
        "status": stray.status,
        "code": stray.code,
        "why": stray.why,
        "key": stray.key,
        "adoptable": stray.digest is not None,
    }


def _adopt(call: Call) -> dict[str, Any]:
    number = call.path["call"]
    stray = next((one for one in _found(call, MOST_STRAY_CALLS) if str(one.id) == number), None)
    if stray is None or stray.digest is None or stray.key is None:
        raise EntryNotFoundError(f"no call {number} came with a secret test key that nobody has")
    made = make_sandbox(call)
    sandbox = find_sandbox(call.database, made["id"])
    try:
        adopt_key(call.database, sandbox, stray.digest, family_of(stray.key))
    except SandboxTakenError:
        delete_sandbox(call.database, sandbox)
        raise
    return made


STRAY_OPERATIONS = (
    Operation(
        "list-stray-calls",
        "GET",
        "/control/stray-calls",
        "List the newest calls that came with no key, or with one that nobody has",
        _list_strays,
        query=StrayCallsQuery(),
        answer=StrayCalls,
    ),
    Operation(
        "adopt-key",
        "POST",
        "/control/stray-calls/<call>/sandbox",
        "Make a sandbox that has the key of such a call: the next call with it is answered",
        _adopt,
        body=SandboxRequest(),
        answer=NewSandbox,
        errors=(EntryNotFoundError, SandboxTakenError),
    ),
)
