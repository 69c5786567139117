"""What operations of the control API share: whose sandbox a call names, and how strictly it is read."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from flask import Request, current_app
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from payments_mock.api.bodies import read_object
from payments_mock.api.catalogue import catalogue
from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call
from payments_mock.api.schemas import code_of_first
from payments_mock.api.values import StrictText
from payments_mock.api.wire import current_call
from payments_mock.domain.sandboxes import Merchant
from payments_mock.http.dispatcher import context_of, contracts_of
from payments_mock.services.context import Context
from payments_mock.services.sandboxes import find_sandbox


def sandbox_of(call: Call) -> Merchant:
    """Return the sandbox that the path of the call names.

    Raises:
        SandboxNotFoundError: there is none of this id.
    """
    sandbox = find_sandbox(call.database, call.path["sandbox"])
    current_call().merchant = sandbox.code
    return sandbox


def context_of_sandbox(call: Call) -> Context:
    """Return the circumstances of a call on behalf of the sandbox that its path names.

    Raises:
        SandboxNotFoundError: there is none of this id.
    """
    return context_of(sandbox_of(call))


_UNKNOWN = ["Unknown field."]


def load_body_strictly(request: Request, schema: Schema) -> dict[str, Any]:
    """Return the request's fields as `schema` reads them.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError, InvalidFieldsError: as named.
    """
    return load_strictly(read_object(request, may_be_absent=not _required(schema)), schema)


def load_strictly(given: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return `given` as `schema` reads it.

    Raises:
        InvalidFieldsError: a field is missing, wrong or unknown.
    """
    try:
        loaded: dict[str, Any] = schema.load(given, unknown=RAISE)
    except ValidationError as error:
        errors = _with_hints(error.messages_dict, schema)
        raise InvalidFieldsError(errors, code_of_first(schema, given, error.messages_dict)) from None
    return loaded


def _with_hints(errors: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Say of each unknown field, on every level, what it may have been meant to be."""
    hinted: dict[str, Any] = {}
    for name, why in errors.items():
        field = schema.fields.get(name)
        if why == _UNKNOWN and field is None:
            hinted[name] = [f"Unknown field; {hint(name, schema.fields)}"]
        elif isinstance(why, Mapping) and isinstance(field, fields.Nested):
            hinted[name] = _with_hints(why, field.schema)
        else:
            hinted[name] = _by_text(why)
    return hinted


def _by_text(why: Any) -> Any:
    """Return errors of a list's members by their places as text, as JSON has no other names."""
    return {str(place): _by_text(part) for place, part in why.items()} if isinstance(why, Mapping) else why


def hint(name: str, known: Mapping[str, Any] | list[str]) -> str:
    """Return the known name that looks most like `name`, or all of them, as the end of a sentence."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}."


def _required(schema: Schema) -> bool:
    return any(field.required for field in schema.fields.values())


class KnownCode(validate.Validator):
    """Accepts a code of the catalogue of errors."""

    @property
    def choices(self) -> Collection[str]:
        """All of them, which the OpenAPI document shows."""
        return catalogue()

    def __call__(self, code: str) -> str:
        """Return the code if the catalogue has it.

        Raises:
            ValidationError: it has not.
        """
        if code not in self.choices:
            raise ValidationError("Must be a code of the catalogue of errors.")
        return code


def operation_name() -> fields.String:
    """Make the field of an operation's name; the sandbox's contract has it or not."""
    said = {"description": "One of the sandbox's contract.", "example": "confirm"}
    return fields.String(metadata={**said, "choices": _operation_names})


def headers_field() -> fields.Dict:
    """Make the field of headers by name."""
    return fields.Dict(
        keys=StrictText(100),
        values=StrictText(1000, shortest=0),
        validate=validate.Length(max=20),
        metadata={"description": "By names of 1 to 100 characters."},
    )


def _operation_names() -> list[str]:
    contracts = contracts_of(current_app).values()
    return sorted({operation.name for contract in contracts for operation in contract.operations})
