"""Request bodies: JSON objects, read once and checked by the operation's schema."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow.fields import Nested
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from payments_mock.http.errors import (
    BodyTooLargeError,
    BrokenBodyError,
    InvalidFieldsError,
    WrongContentTypeError,
)

BODY_LIMIT_BYTES = 64 * 1024


def load_body(request: Request, schema: Schema) -> dict[str, Any]:
    """Return the request's fields as `schema` reads them; fields that it does not know are ignored.

    A schema whose `may_be_absent` is true takes no body at all for one without fields.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError, InvalidFieldsError: as named.
    """
    fields = read_object(request, may_be_absent=getattr(schema, "may_be_absent", False))
    return load_fields(fields, schema)


def read_object(request: Request, *, may_be_absent: bool = False) -> dict[str, Any]:
    """Return the JSON object that is the request's body; an absent one counts as empty where it may be.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError: as named.
    """
    # A large body is refused as such whatever it claims to be.
    raw = _read(request)
    if request.mimetype and not request.is_json:
        raise WrongContentTypeError(f"send Content-Type: application/json, not {request.mimetype}")
    if not raw and may_be_absent:
        return {}
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BrokenBodyError(f"the body is not valid JSON: {error.msg}") from None
    if not isinstance(fields, dict):
        raise BrokenBodyError("the body must be a JSON object")
    return fields


def load_fields(fields: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return `fields` as `schema` reads them; those that it does not know are ignored.

    A field's metadata may name the contract's own `code` for a wrong value, and the schema's `missing_code`
    the one for a field that is not there.

    Raises:
        InvalidFieldsError: a field is missing or wrong.
    """
    try:
        loaded: dict[str, Any] = schema.load(fields, unknown=EXCLUDE)
    except ValidationError as error:
        code = code_of_first(schema, fields, error.messages_dict)
        raise InvalidFieldsError(error.messages_dict, code) from None
    return loaded


def code_of_first(schema: Schema, fields: Mapping[str, Any], errors: Mapping[str, Any]) -> str | None:
    """Return the contract's own code for the first field that is wrong, None where it has none."""
    name = next(iter(errors))
    field, value = schema.fields.get(name), fields.get(name)
    if field is None:
        return None
    code: str | None = field.metadata.get("code")
    if value in (None, ""):
        code = getattr(schema, "missing_code", None)
    elif code is None and isinstance(field, Nested) and isinstance(value, dict):
        inner = errors[name]
        return code_of_first(field.schema, value, inner) if isinstance(inner, dict) else None
    return code


def _read(request: Request) -> bytes:
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BodyTooLargeError(f"the body is longer than {BODY_LIMIT_BYTES} bytes") from None
    except ClientDisconnected:
        raise BrokenBodyError("the body ended early") from None
