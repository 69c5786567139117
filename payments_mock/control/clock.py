"""Operations of a sandbox's clock, and how times and durations are read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from isodate import Duration, ISO8601Error, parse_duration
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.api.schemas import DAY_FROM_2000, OFFSET, TIME_OF_DAY, any_of, names, whole
from payments_mock.api.values import Flag
from payments_mock.control.requests import context_of_sandbox, provider_of
from payments_mock.domain.sandboxes import ClockChange
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import Due, foresee_move, move_clock
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.services.webhooks.deliveries import has_open_deliveries

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)


_LENGTH = (
    "P(?:[0-9]{1,3}Y)?(?:[0-9]{1,4}M)?(?:[0-9]{1,5}W)?(?:[0-9]{1,6}D)?"
    "(?:T(?:[0-9]{1,7}H)?(?:[0-9]{1,8}M)?(?:[0-9]{1,9}(?:[.,][0-9]{1,6})?S)?)?"
)
"""Describes a length of time that fits into a calendar."""

_MOMENT = rf"{DAY_FROM_2000}T{TIME_OF_DAY}(?:\.[0-9]{{1,6}})?{OFFSET}?"
"""Describes a moment, to the microsecond at the most."""


def shown(moment: datetime) -> str:
    """Show a moment in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MomentField(fields.AwareDateTime):
    """A moment in ISO 8601; one without an offset is UTC."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **arguments: Any) -> None:
        said = {
            "pattern": whole(_MOMENT),
            "example": "2026-12-24T18:30:00+09:00",
        }
        super().__init__(
            format="iso",
            default_timezone=UTC,
            validate=_in_range,
            metadata={**said, **(metadata or {})},
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        # Libraries differ in what else they take for ISO 8601.
        if not isinstance(value, str) or re.fullmatch(_MOMENT, value) is None:
            raise ValidationError("Not a valid datetime; write it as in 2026-12-24T18:30:00+09:00.")
        return super()._deserialize(value, attr, data, **more)


def _in_range(moment: datetime) -> None:
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("Must be a moment of the years 2000 to 2999.")


class LengthOfTime(fields.Field[Duration]):
    """A positive length of time in ISO 8601, in calendar years and months."""

    default_error_messages = {  # noqa: RUF012
        "invalid": "Must be an ISO 8601 duration of more than nothing, such as PT10M or P15D."
    }

    allows_nothing = False
    nothing = "^[^1-9]*$"
    """Describes lengths of zero."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **arguments: Any) -> None:
        said = {
            "type": "string",
            "pattern": whole(_LENGTH),
            "not": {"pattern": self.nothing},
            "description": "From the sandbox's now, no further than the year 2999.",
            "example": "PT10M",
        }
        super().__init__(metadata={**said, **(metadata or {})}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Duration:
        if not isinstance(value, str) or re.fullmatch(_LENGTH, value) is None:
            raise self.make_error("invalid")
        try:
            # Lengths with months can only be compared when they are counted from a fixed day.
            length = parse_duration(value, as_timedelta_if_possible=False)
            compared = length.totimedelta(start=EARLIEST)
        except (ISO8601Error, TypeError, ArithmeticError, ValueError):
            raise self.make_error("invalid") from None
        if compared < timedelta() or not (compared or self.allows_nothing):
            raise self.make_error("invalid")
        return length


class LengthOrNothing(LengthOfTime):
    """A length of time in ISO 8601 as above, or zero."""

    default_error_messages = {"invalid": "Must be an ISO 8601 duration, such as PT10M; PT0S is none."}  # noqa: RUF012
    allows_nothing = True
    nothing = "^[^0-9]*$"


def moment_after(start: datetime, length: Duration) -> datetime:
    """Return the moment this long after `start`.

    Raises:
        ValidationError: no clock of a sandbox can show it.
    """
    try:
        moment: datetime = start + length.totimedelta(start=start)
    except ArithmeticError:
        raise ValidationError("Must not lead beyond the year 2999.") from None
    _in_range(moment)
    return moment


def end_of_period(body: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when something ends that begins `from` a moment, or now, and is `until` one or `lasts` so long.

    None says that it does not end.

    Raises:
        InvalidFieldsError: it ended before now, or no clock of a sandbox can show when it does.
    """
    begin, end = body.get("from") or now, body.get("until")
    if "lasts" in body:
        try:
            return moment_after(begin, body["lasts"])
        except ValidationError as error:
            raise InvalidFieldsError({"lasts": error.messages}) from None
    if end is not None and end <= now:
        raise InvalidFieldsError({"until": [f"Must be later than the sandbox's now, {shown(now)}."]})
    return end


class ClockRequest(Schema):
    """How to change the clock, in this order: release, set, advance, freeze or let run.

    With `dryRun` nothing changes: the answer says what would.
    """

    example: Mapping[str, Any] = {"advance": "P1D"}
    rules = (any_of(names("release"), names("set"), names("advance"), names("freeze")),)

    release = Flag(validate=validate.Equal(True), metadata={"description": "Back to real time."})
    set = MomentField(metadata={"description": "The moment that the clock is to show."})
    advance = LengthOfTime(metadata={"description": "How far; no further than the year 2999."})
    freeze = Flag(metadata={"description": "Whether the clock is to stand still."})
    dryRun = Flag()  # noqa: N815

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if not data.keys() - {"dryRun"}:
            raise ValidationError("Say what to do: advance, set, freeze or release.", "advance")


class ClockSchema(Schema):
    """The time in the sandbox, and the machine's."""

    now = fields.String(required=True)
    frozen = fields.Boolean(required=True)
    moved = fields.Boolean(required=True)
    machineTime = fields.String(required=True)  # noqa: N815


class DueThings(Schema):
    """The keys of the payments that ran out of time, and of those whose virtual account closed unpaid.

    `deliveries` are the ids of the deliveries of webhooks that were waiting for this time.
    """

    expiredPayments = fields.List(fields.String(), required=True)  # noqa: N815
    closedAccounts = fields.List(fields.String(), required=True)  # noqa: N815
    deliveries = fields.List(fields.Integer(), required=True)


class ChangedClock(ClockSchema):
    """The clock after the change, and what became due; for a dry run, as they would be."""

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
    return present_clock(context_of_sandbox(call))


def _change(call: Call) -> dict[str, Any]:
    context, provider = context_of_sandbox(call), provider_of(call)
    wanted = _wanted(context, call.body)
    if call.body.get("dryRun"):
        moved, due = foresee_move(context, wanted)
        return {**present_clock(provider.context_of(moved, call.record)), "due": _present_due(due)}
    moved, due = move_clock(context, wanted)
    changed = provider.context_of(moved, call.record)
    if changed.merchant.has_webhooks:
        provider.post.watch_deadlines()
    # Forged events, and those from before the merchant stopped listening, are retried, too.
    if has_open_deliveries(call.database, changed.merchant):
        call.record.webhooks.due_of.add(changed.merchant.id)
    return {**present_clock(changed), "due": _present_due(due)}


def _present_due(due: Due) -> dict[str, Any]:
    return {
        "expiredPayments": due.expired_payments,
        "closedAccounts": due.closed_accounts,
        "deliveries": due.deliveries,
    }


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
        answer=ClockSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "change-clock",
        "POST",
        _PATH,
        "Move the clock, or stop it; what becomes due has happened when the answer comes",
        _change,
        body=ClockRequest(),
        answer=ChangedClock,
        errors=(SandboxNotFoundError,),
    ),
)
