"""Calls that came with no key or with one that nobody has, and sandboxes for such keys."""

from functools import partial
from typing import Any

from flask import current_app
from marshmallow import Schema, fields, validate

from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import shown
from payments_mock.control.sandboxes import NewSandbox, make_sandbox
from payments_mock.control.schemas import SandboxRequest
from payments_mock.domain.sandboxes import family_of
from payments_mock.http.dispatcher import journal_of
from payments_mock.services.journal import EntryNotFoundError
from payments_mock.services.sandboxes import SandboxTakenError, adopt_key, delete_sandbox, find_sandbox
from payments_mock.services.transactions import in_transaction
from payments_mock.storage.engine.database import Database
from payments_mock.storage.journal_writing import MOST_STRAY_CALLS, StrayCall, list_stray_calls


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


def _list(call: Call) -> dict[str, Any]:
    found = _found(call.database, call.query["limit"])
    return {"strayCalls": [_present(one) for one in found]}


def _found(database: Database, most: int) -> list[StrayCall]:
    journal_of(current_app).write()
    return in_transaction(database, partial(list_stray_calls, most=most))


def _present(stray: StrayCall) -> dict[str, Any]:
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
    stray = next((one for one in _found(call.database, MOST_STRAY_CALLS) if str(one.id) == number), None)
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


OPERATIONS = (
    Operation(
        "list-stray-calls",
        "GET",
        "/control/stray-calls",
        "List the newest calls that came with no key, or with one that nobody has",
        _list,
        query=StrayCallsQuery(),
        answer=StrayCalls(),
    ),
    Operation(
        "adopt-key",
        "POST",
        "/control/stray-calls/<call>/sandbox",
        "Make a sandbox that has the key of such a call: the next call with it is answered",
        _adopt,
        body=SandboxRequest(),
        answer=NewSandbox(),
        errors=(EntryNotFoundError, SandboxTakenError),
    ),
)
