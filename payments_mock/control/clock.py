"""The clock of a sandbox: read, set, advanced, made to stand still, and given back to the machine's."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from isodate import Duration
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.contracts.toss.schemas.values import Flag
from payments_mock.control.operation import Call, Operation
from payments_mock.control.times import LengthOfTime, Moment, moment_after, shown
from payments_mock.http.errors import InvalidFieldsError
from payments_mock.http.gateway import context_of
from payments_mock.services.context import Context
from payments_mock.services.deliveries import has_open_deliveries
from payments_mock.services.due import Due, move_clock
from payments_mock.services.sandboxes import ClockChange, SandboxNotFoundError
from payments_mock.webhooks import deliver_due_before_answer, watch_deadlines


class ClockRequest(Schema):
    """What is to be done, in this order: release, set, advance, freeze or let run."""

    example: Mapping[str, Any] = {"advance": "P1D"}
    rules = ({"minProperties": 1},)

    release = Flag(validate=validate.Equal(True), metadata={"description": "Back to real time."})
    set = Moment(metadata={"description": "The moment that the clock is to show."})
    advance = LengthOfTime(metadata={"description": "How far; no further than the year 2999."})
    freeze = Flag(metadata={"description": "Whether the clock is to stand still."})

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if not data:
            raise ValidationError("Say what to do: advance, set, freeze or release.", "advance")


class Clock(Schema):
    """What time it is in the sandbox, and in the world."""

    now = fields.String(required=True)
    frozen = fields.Boolean(required=True)
    moved = fields.Boolean(required=True)
    machineTime = fields.String(required=True)  # noqa: N815


class DueThings(Schema):
    """The keys of the payments that ran out of time, and of those whose virtual account closed unpaid."""

    expiredPayments = fields.List(fields.String(), required=True)  # noqa: N815
    closedAccounts = fields.List(fields.String(), required=True)  # noqa: N815


class ChangedClock(Clock):
    """The clock after the change, and what became due by it."""

    due = fields.Nested(DueThings, required=True)


def present_clock(context: Context) -> dict[str, Any]:
    """Show the clock of the context's sandbox."""
    machine_time = context.clock()
    clock = context.merchant.clock
    return {
        "now": shown(clock.at(machine_time)),
        "frozen": clock.is_frozen,
        "moved": clock.is_frozen or clock.offset != timedelta(),
        "machineTime": shown(machine_time),
    }


def _read(call: Call) -> dict[str, Any]:
    return present_clock(call.context())


def _change(call: Call) -> dict[str, Any]:
    context = call.context()
    moved, due = move_clock(context, _wanted(context, call.body))
    changed = context_of(moved)
    if changed.merchant.has_webhooks:
        watch_deadlines()
    # What was forged, or told before the merchant stopped listening, comes again too.
    if has_open_deliveries(changed.merchant):
        deliver_due_before_answer(changed.merchant)
    return {**present_clock(changed), "due": _present_due(due)}


def _present_due(due: Due) -> dict[str, Any]:
    return {"expiredPayments": due.expired_payments, "closedAccounts": due.closed_accounts}


def _wanted(context: Context, body: Mapping[str, Any]) -> ClockChange:
    start: datetime = body.get("set") or (context.clock() if body.get("release") else context.now())
    return ClockChange(
        release=body.get("release", False),
        set_to=body.get("set"),
        advance=_advance(start, body["advance"]) if "advance" in body else None,
        freeze=body.get("freeze"),
    )


def _advance(start: datetime, length: Duration) -> timedelta:
    try:
        return moment_after(start, length) - start
    except ValidationError as error:
        raise InvalidFieldsError({"advance": error.messages}) from None


_PATH = "/control/sandboxes/<sandbox>/clock"

OPERATIONS = (
    Operation(
        "read-clock",
        "GET",
        _PATH,
        "Tell what time it is in a sandbox",
        _read,
        answer=Clock(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "change-clock",
        "POST",
        _PATH,
        "Move the clock, or stop it; what becomes due has happened when the answer comes",
        _change,
        body=ClockRequest(),
        answer=ChangedClock(),
        errors=(SandboxNotFoundError,),
    ),
)
