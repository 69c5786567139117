"""Sandboxes: made, shown, reset and deleted; and how late their reports are."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Response, current_app
from isodate import duration_isoformat
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.api.schemas import WholeText, any_of, names_none_of, says, whole
from payments_mock.control.clock import ClockSchema, LengthOrNothing, moment_after, present_clock
from payments_mock.control.journal.searches import await_written
from payments_mock.control.requests import context_of_sandbox, sandbox_of
from payments_mock.control.schemas import KEY_PATTERN
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import ContractName, Merchant, family_of
from payments_mock.http.dispatcher import context_of, ids_of
from payments_mock.ids import Ids
from payments_mock.merchant_settings import VERSIONS
from payments_mock.services import sandboxes as service
from payments_mock.services.reports import NoReportsError, find_report_lag, set_report_lag
from payments_mock.services.sandboxes import SandboxKeys, SandboxNotFoundError, SandboxTakenError
from payments_mock.webhooks import webhook_url_of

KEY_FIELDS: Final = {
    "secretKey": "secret_key",
    "clientKey": "client_key",
    "widgetSecretKey": "widget_secret_key",
    "widgetClientKey": "widget_client_key",
}
_WIDGET_FIELDS: Final = ("widgetSecretKey", "widgetClientKey")


_WIDGET_KEY: Final = {"pattern": whole("test_g[cs]k_[!-9;-~]{0,191}")}


def _key(said: Mapping[str, Any]) -> fields.String:
    wording = "Must be 1 to 200 printable ASCII characters, no colon and no spaces."
    checks: list[Callable[[str], object]] = [WholeText(KEY_PATTERN, error=wording), _refuse_live_key]
    told = {"description": "Another than the other keys, and no live key.", "not": {"pattern": "^live_"}}
    return fields.String(validate=checks, metadata={**told, **said})


def _refuse_live_key(key: str) -> None:
    if key.startswith("live_"):
        raise ValidationError("This is a live key, which has no business here; give a test key.")


class SandboxRequest(Schema):
    """What the new sandbox is to be; whatever is not said is made up or ordinary."""

    example: Mapping[str, Any] = {"id": "bakery", "contract": "toss"}
    rules = (any_of(says("contract", [ContractName.TOSS]), names_none_of(_WIDGET_FIELDS)),)

    id = fields.String(
        validate=WholeText(r"^[A-Za-z0-9_-]{1,14}$", error="Must be 1 to 14 of A-Z, a-z, 0-9, _ and -.")
    )
    contract = fields.Enum(ContractName, by_value=True, load_default=ContractName.KIOSK)
    version = fields.String(validate=validate.OneOf(VERSIONS), load_default=VERSIONS[0])
    secretKey = _key({"example": "test_sk_mine"})  # noqa: N815
    clientKey = _key({"example": "test_ck_mine"})  # noqa: N815
    widgetSecretKey = _key({**_WIDGET_KEY, "example": "test_gsk_mine"})  # noqa: N815
    widgetClientKey = _key({**_WIDGET_KEY, "example": "test_gck_mine"})  # noqa: N815

    @validates_schema
    def _check_keys(self, data: dict[str, Any], **more: Any) -> None:
        given = [data[name] for name in KEY_FIELDS if name in data]
        if len(set(given)) < len(given):
            raise ValidationError("The keys must differ from each other.", "secretKey")
        for name in _WIDGET_FIELDS:
            if name not in data:
                continue
            if data["contract"] is not ContractName.TOSS:
                raise ValidationError("Only sandboxes on the contract toss have these keys.", name)
            if family_of(data[name]) is not KeyFamily.WIDGET:
                raise ValidationError("Must begin as the keys of widgets do: test_gsk_ or test_gck_.", name)


class SandboxSchema(Schema):
    """A sandbox; `id` is the merchant's `mId` too."""

    id = fields.String(required=True)
    contract = fields.String(required=True)
    version = fields.String(required=True)
    clock = fields.Nested(ClockSchema, required=True)


class NewSandbox(SandboxSchema):
    """A sandbox with its keys, which are shown this once; those of widgets are null but on toss."""

    secretKey = fields.String(required=True)  # noqa: N815
    clientKey = fields.String(required=True)  # noqa: N815
    widgetSecretKey = fields.String(required=True, allow_none=True)  # noqa: N815
    widgetClientKey = fields.String(required=True, allow_none=True)  # noqa: N815


class Sandboxes(Schema):
    """All sandboxes, the oldest first."""

    sandboxes = fields.List(fields.Nested(SandboxSchema), required=True)


class DeletedSandbox(Schema):
    """The sandbox that is no more."""

    deleted = fields.String(required=True)


def _present(sandbox: Merchant) -> dict[str, Any]:
    return {
        "id": sandbox.code,
        "contract": sandbox.contract,
        "version": sandbox.version,
        "clock": present_clock(context_of(sandbox)),
    }


def _create(call: Call) -> dict[str, Any]:
    body, ids = call.body, ids_of(current_app)
    keys = _keys(body, ids)
    code = body.get("id") or service.new_code(ids)
    try:
        sandbox = service.create_sandbox(call.database, code, body["contract"], body["version"], keys)
    except SandboxTakenError as error:
        raise _taken(error) from None
    return _present(sandbox) | {name: getattr(keys, field) for name, field in KEY_FIELDS.items()}


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
    return {"sandboxes": [_present(sandbox) for sandbox in service.list_sandboxes(call.database)]}


def _show(call: Call) -> dict[str, Any]:
    return _present(sandbox_of(call))


def _reset(call: Call) -> dict[str, Any] | Response:
    context = context_of_sandbox(call)
    # What is still on its way into the journal belongs to what is to be forgotten.
    held = await_written()
    if held is not None:
        return held
    service.reset_sandbox(context, webhook_url_of(context.merchant))
    return _present(service.find_sandbox(call.database, context.merchant.code))


def _delete(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    service.delete_sandbox(call.database, sandbox)
    return {"deleted": sandbox.code}


_ALL = "/control/sandboxes"
_ONE = "/control/sandboxes/<sandbox>"

OPERATIONS = (
    Operation(
        "create-sandbox",
        "POST",
        _ALL,
        "Make a sandbox: a merchant with keys, data, clock and faults of its own",
        _create,
        body=SandboxRequest(),
        answer=NewSandbox(),
        errors=(SandboxTakenError,),
    ),
    Operation("list-sandboxes", "GET", _ALL, "List all sandboxes", _list, answer=Sandboxes()),
    Operation(
        "show-sandbox",
        "GET",
        _ONE,
        "Show a sandbox",
        _show,
        answer=SandboxSchema(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "reset-sandbox",
        "POST",
        f"{_ONE}/reset",
        "Forget all that happened in a sandbox, its faults and its journal too, and put its clock back",
        _reset,
        answer=SandboxSchema(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "delete-sandbox",
        "DELETE",
        _ONE,
        "Delete a sandbox with all that happened in it",
        _delete,
        answer=DeletedSandbox(),
        errors=(SandboxNotFoundError,),
    ),
)


class ReportsRequest(Schema):
    """How late the lists are to be, on the sandbox's clock."""

    example: Mapping[str, Any] = {"lag": "PT10M"}

    lag = LengthOrNothing(
        required=True,
        metadata={"description": "PT0S is not late at all; no further from now than the year 2999."},
    )


class Reports(Schema):
    """How late the lists are, on the sandbox's clock; nothing unless somebody said so."""

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
        answer=Reports(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "change-reports",
        "POST",
        _PATH,
        "Let the lists of transactions and settlements be late, or no more",
        _change,
        body=ReportsRequest(),
        answer=Reports(),
        errors=(SandboxNotFoundError, NoReportsError),
    ),
)
