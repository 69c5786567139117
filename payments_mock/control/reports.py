"""How late the lists of transactions and settlements of a sandbox are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from isodate import duration_isoformat
from marshmallow import Schema, ValidationError, fields

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Operation
from payments_mock.control.requests import context_of_sandbox, sandbox_of
from payments_mock.control.sandboxes.clock import LengthOrNothing, moment_after
from payments_mock.services.reports import NoReportsError, find_report_lag, set_report_lag
from payments_mock.services.sandboxes import SandboxNotFoundError


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


def _present(lag: timedelta) -> dict[str, Any]:
    return {"lag": duration_isoformat(lag) if lag else "PT0S"}


def _read(call: Call) -> dict[str, Any]:
    return _present(find_report_lag(sandbox_of(call)))


def _change(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    now = context.now()
    try:
        lag = moment_after(now, call.body["lag"]) - now
    except ValidationError as error:
        raise InvalidFieldsError({"lag": error.messages}) from None
    set_report_lag(context.merchant, lag)
    return _present(lag)


_PATH = "/control/sandboxes/<sandbox>/reports"

OPERATIONS = (
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
