"""What operations of the control API share: the sandbox of a call, strict reading, and waiting."""

import time
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from threading import Event
from typing import Any, Final

from flask import Request, Response
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from payments_mock.api.bodies import read_object
from payments_mock.api.catalogue import catalogue
from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Contract
from payments_mock.api.schemas import code_of_first
from payments_mock.api.values import StrictText
from payments_mock.api.wire import Awaited, CallRecord
from payments_mock.domain.sandboxes import Merchant
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.services.context import Context
from payments_mock.services.sandboxes import find_sandbox


def provider_of(call: Call) -> Dispatcher:
    """Return the provider whose control API is called."""
    assert isinstance(call.provider, Dispatcher)  # noqa: S101
    return call.provider


def sandbox_of(call: Call) -> Merchant:
    """Return the sandbox that the path of the call names.

    Raises:
        SandboxNotFoundError: there is none of this id.
    """
    sandbox = find_sandbox(call.database, call.path["sandbox"])
    call.record.merchant = sandbox.code
    return sandbox


def context_of_sandbox(call: Call) -> Context:
    """Return the context of a call on behalf of the sandbox that its path names.

    Raises:
        SandboxNotFoundError: there is none of this id.
    """
    return provider_of(call).context_of(sandbox_of(call), call.record)


LONGEST_WAIT_SECONDS: Final = 60
"""The longest that a call may wait."""

SHORTEST_PAUSE_SECONDS: Final = 0.02
LONGEST_PAUSE_SECONDS: Final = 0.5

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
    """Suggest for each unknown field, on every level, the name that was probably meant."""
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
        """All codes, which the OpenAPI document shows."""
        return catalogue()

    def __call__(self, code: str) -> str:
        """Return the code if the catalogue has it.

        Raises:
            ValidationError: it has not.
        """
        if code not in self.choices:
            raise ValidationError("Must be a code of the catalogue of errors.")
        return code


class Patience:
    """How long a call has waited, and how it waits on.

    The time is measured by a clock that nobody sets, from when the call came.
    """

    def __init__(self, call: CallRecord) -> None:
        self._call = call

    @property
    def waited(self) -> float:
        """The seconds since the call came."""
        return time.perf_counter() - self._call.began

    def wait(self, seconds: float, awaited: Awaited | None = None) -> Response | None:
        """Wait until what is awaited happens, at most this long.

        Returns what makes the server run the call's view again after the wait, or None if the wait is over.
        """
        if self._call.wire is not None:
            return self._call.pause(seconds, awaited=awaited)
        is_over = Event()
        if awaited is not None:
            awaited.on_end(is_over.set)
        is_over.wait(seconds)
        if awaited is not None:
            awaited.release()
        return None

    def look_again(self, seconds: float) -> Response | None:
        """Wait a moment before polling again, unless the call has waited this long.

        Returns what `wait` does. The pauses grow with the time that the call has waited.
        """
        left = seconds - self.waited
        if left <= 0:
            return None
        pause = min(max(self.waited / 4, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        return self.wait(min(left, pause))


def wait_field() -> fields.Float:
    """Make the field of a query that says for how many seconds its call may wait; not at all unless said."""
    bound = validate.Range(min=0, max=LONGEST_WAIT_SECONDS)
    return fields.Float(validate=bound, load_default=0.0, allow_nan=False)


def check_operation(contract: Contract, match: Mapping[str, Any], others: Iterable[str] = ()) -> None:
    """Refuse the name of an operation that the contract does not have, and that is none of the `others`.

    Raises:
        InvalidFieldsError: it has none of this name.
    """
    names = [*others, *(operation.name for operation in contract.operations)]
    name = match.get("operation")
    if name is not None and name not in names:
        why = f"The {contract.name} contract has no operation {name}; {hint(name, names)}"
        raise InvalidFieldsError({"match": {"operation": [why]}})


def check_code(contract: Contract, effect: Mapping[str, Any]) -> None:
    """Refuse an unknown code, unless a status comes with it.

    Raises:
        InvalidFieldsError: the contract has no such code.
    """
    code, codes = effect.get("code"), contract.codes()
    if code is None or "status" in effect or code in codes:
        return
    why = f"{code} is not a code of the {contract.name} contract; {_hint(code, codes)}give its status too."
    raise InvalidFieldsError({"code": [why]})


def _hint(code: str, codes: Collection[str]) -> str:
    near = hint(code, list(codes))
    return f"{near} If it is meant, " if near.startswith("did you") else ""


class Paging(Schema):
    """Which end of a list comes first, and before which entry a page ends."""

    order = fields.String(validate=validate.OneOf(("oldest", "newest")), load_default="oldest")
    before = fields.Integer(validate=validate.Range(min=1, max=2**53))


def operation_name(others: Iterable[str] = ()) -> fields.String:
    """Make the field of an operation's name, or one of the `others`; the sandbox's contract has it or not."""
    said = {"description": "One of the sandbox's contract.", "example": "confirm"}
    return fields.String(metadata={**said, "choices": partial(_operation_names, others)})


def headers_field() -> fields.Dict:
    """Make the field of headers by name."""
    return fields.Dict(
        keys=StrictText(100),
        values=StrictText(1000, shortest=0),
        validate=validate.Length(max=20),
        metadata={"description": "By names of 1 to 100 characters."},
    )


def _operation_names(others: Iterable[str], contracts: Collection[Contract]) -> list[str]:
    return sorted({operation.name for contract in contracts for operation in contract.operations} | {*others})


ALWAYS: Final = "always"
LARGEST_COUNT: Final = 1_000_000

SAID_TIMES: Final = {
    "oneOf": [
        {"type": "integer", "minimum": 1, "maximum": LARGEST_COUNT},
        {"type": "string", "enum": [ALWAYS]},
    ]
}
"""How the reference describes how often."""


class Times(fields.Field[int | str]):
    """How many calls suffer the effect: a number, or "always"."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(metadata=SAID_TIMES, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int | str:
        if value == ALWAYS:
            return ALWAYS
        if type(value) is int and 1 <= value <= LARGEST_COUNT:
            return value
        raise ValidationError(f'Must be a number from 1 to {LARGEST_COUNT}, or "{ALWAYS}".')
