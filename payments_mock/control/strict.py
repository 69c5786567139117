"""Bodies and queries of the control API: a field that is unknown is refused, with the one that was meant."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields

from payments_mock.http.body import read_object
from payments_mock.http.errors import InvalidFieldsError
from payments_mock.http.fields import code_of_first

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
