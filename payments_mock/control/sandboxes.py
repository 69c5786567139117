"""Sandboxes: made, shown, reset and deleted; and how late their reports are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response
from isodate import duration_isoformat
from marshmallow import Schema, ValidationError, fields

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import ClockSchema, LengthOrNothing, moment_after, present_clock
from payments_mock.control.journal.searches import await_written
from payments_mock.control.requests import context_of_sandbox, provider_of, sandbox_of
from payments_mock.control.schemas import KEY_FIELDS, SandboxRequest, SandboxSwitches, SwitchesRequest
from payments_mock.domain.sandboxes import Kept, Merchant, Switch
from payments_mock.ids import Ids
from payments_mock.services import sandboxes as service
from payments_mock.services.reports import NoReportsError, find_report_lag, set_report_lag
from payments_mock.services.sandboxes import SandboxKeys, SandboxNotFoundError, SandboxTakenError


class SandboxSchema(Schema):
    """A sandbox; `id` is the merchant's `mId` too."""

    id = fields.String(required=True)
    contract = fields.String(required=True)
    version = fields.String(required=True)
    clock = fields.Nested(ClockSchema, required=True)
    switches = fields.Nested(SandboxSwitches, required=True)


class NewSandbox(SandboxSchema):
    """A sandbox with its keys, which are shown only once; only toss sandboxes have widget keys."""

    secretKey = fields.String(required=True)  # noqa: N815
    clientKey = fields.String(required=True)  # noqa: N815
    widgetSecretKey = fields.String(required=True, allow_none=True)  # noqa: N815
    widgetClientKey = fields.String(required=True, allow_none=True)  # noqa: N815


class Sandboxes(Schema):
    """All sandboxes, the oldest first."""

    sandboxes = fields.List(fields.Nested(SandboxSchema), required=True)


class ResetRequest(Schema):
    """What a reset keeps beside the keys; nothing by default."""

    example: Mapping[str, Any] = {"keep": ["webhooks"]}

    keep = fields.List(fields.Enum(Kept, by_value=True), load_default=list)


class DeletedSandbox(Schema):
    """The sandbox that was deleted."""

    deleted = fields.String(required=True)


def _present(sandbox: Merchant, call: Call) -> dict[str, Any]:
    return {
        "id": sandbox.code,
        "contract": sandbox.contract,
        "version": sandbox.version,
        "clock": present_clock(provider_of(call).context_of(sandbox, call.record)),
        "switches": _present_switches(sandbox),
    }


def _present_switches(sandbox: Merchant) -> dict[str, bool]:
    return {switch.value: switch in sandbox.switches for switch in Switch}


def _turned(body: Mapping[str, Any]) -> dict[Switch, bool]:
    return {Switch(name): is_on for name, is_on in body.items()}


def make_sandbox(call: Call) -> dict[str, Any]:
    """Make the sandbox that the body of a call describes; returns it with its keys.

    Raises:
        SandboxTakenError: its id or a key is in use.
    """
    body, ids = call.body, provider_of(call).ids
    keys = _keys(body, ids)
    code = body.get("id") or service.new_code(ids)
    on = frozenset(switch for switch, is_on in _turned(body.get("switches", {})).items() if is_on)
    try:
        sandbox = service.create_sandbox(call.database, code, body["contract"], body["version"], keys, on)
    except SandboxTakenError as error:
        raise _taken(error) from None
    return _present(sandbox, call) | {name: getattr(keys, field) for name, field in KEY_FIELDS.items()}


def _taken(error: SandboxTakenError) -> SandboxTakenError:
    """Say which field has the key that is taken, and by whom, without repeating the key."""
    if error.key is None:
        return error
    holder = f", by the sandbox {error.holder}" if error.holder else ""
    return SandboxTakenError(f"the {tuple(KEY_FIELDS)[error.key]} is in use already{holder}", error.key)


def _keys(body: Mapping[str, Any], ids: Ids) -> SandboxKeys:
    made = service.new_keys(ids, body["contract"])
    return SandboxKeys(**{field: body.get(name, getattr(made, field)) for name, field in KEY_FIELDS.items()})


def _list(call: Call) -> dict[str, Any]:
    return {"sandboxes": [_present(sandbox, call) for sandbox in service.list_sandboxes(call.database)]}


def _show(call: Call) -> dict[str, Any]:
    return _present(sandbox_of(call), call)


def _reset(call: Call) -> dict[str, Any] | Response:
    context = context_of_sandbox(call)
    # Entries that are still to be written belong to what the reset forgets.
    held = await_written(call)
    if held is not None:
        return held
    listens_at = provider_of(call).post.listens_at(context.merchant)
    service.reset_sandbox(context, listens_at, call.body["keep"])
    return _present(service.find_sandbox(call.database, context.merchant.code), call)


def _delete(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    service.delete_sandbox(call.database, sandbox)
    return {"deleted": sandbox.code}


def _read_switches(call: Call) -> dict[str, bool]:
    return _present_switches(sandbox_of(call))


def _change_switches(call: Call) -> dict[str, bool]:
    return _present_switches(service.change_switches(call.database, sandbox_of(call), _turned(call.body)))


_ALL = "/control/sandboxes"
_ONE = "/control/sandboxes/<sandbox>"

OPERATIONS = (
    Operation(
        "create-sandbox",
        "POST",
        _ALL,
        "Make a sandbox: a merchant with keys, data, clock and faults of its own",
        make_sandbox,
        body=SandboxRequest(),
        answer=NewSandbox,
        errors=(SandboxTakenError,),
    ),
    Operation("list-sandboxes", "GET", _ALL, "List all sandboxes", _list, answer=Sandboxes),
    Operation(
        "show-sandbox",
        "GET",
        _ONE,
        "Show a sandbox",
        _show,
        answer=SandboxSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "reset-sandbox",
        "POST",
        f"{_ONE}/reset",
        "Forget all that happened in a sandbox, its faults and its journal too, and put its clock back",
        _reset,
        body=ResetRequest(),
        answer=SandboxSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "delete-sandbox",
        "DELETE",
        _ONE,
        "Delete a sandbox with all that happened in it",
        _delete,
        answer=DeletedSandbox,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "read-switches",
        "GET",
        f"{_ONE}/switches",
        "Tell which switches of a sandbox are on",
        _read_switches,
        answer=SandboxSwitches,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "change-switches",
        "POST",
        f"{_ONE}/switches",
        "Turn switches of a sandbox on or off",
        _change_switches,
        body=SwitchesRequest(),
        answer=SandboxSwitches,
        errors=(SandboxNotFoundError,),
    ),
)


class ReportsRequest(Schema):
    """How late the lists shall be, on the sandbox's clock."""

    example: Mapping[str, Any] = {"lag": "PT10M"}

    lag = LengthOrNothing(
        required=True,
        metadata={"description": "PT0S is not late at all; no further from now than the year 2999."},
    )


class Reports(Schema):
    """How late the lists are, on the sandbox's clock; not late by default."""

    lag = fields.String(required=True, metadata={"example": "PT10M"})


def _present_lag(lag: timedelta) -> dict[str, Any]:
    return {"lag": duration_isoformat(lag) if lag else "PT0S"}


def _read(call: Call) -> dict[str, Any]:
    return _present_lag(find_report_lag(call.database, sandbox_of(call)))


def _change(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    now = context.now()
    try:
        lag = moment_after(now, call.body["lag"]) - now
    except ValidationError as error:
        raise InvalidFieldsError({"lag": error.messages}) from None
    set_report_lag(context.database, context.merchant, lag)
    return _present_lag(lag)


_PATH = "/control/sandboxes/<sandbox>/reports"

REPORT_OPERATIONS = (
    Operation(
        "read-reports",
        "GET",
        _PATH,
        "Tell how late the lists of transactions and settlements are",
        _read,
        answer=Reports,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "change-reports",
        "POST",
        _PATH,
        "Let the lists of transactions and settlements be late, or no more",
        _change,
        body=ReportsRequest(),
        answer=Reports,
        errors=(SandboxNotFoundError, NoReportsError),
    ),
)
