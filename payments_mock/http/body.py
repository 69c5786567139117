"""Request bodies: JSON objects, read once and checked by the operation's schema."""

from collections.abc import Mapping
from typing import Any, Final

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

BODY: Final = "payments_mock.body"
"""The key of the whole body in the WSGI environment, where the server has read it and it is not too long."""

_PARSED: Final = "payments_mock.json"


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
    # Nearly all say just this, and reading what else it could be is dearer than reading the body.
    if request.environ.get("CONTENT_TYPE") != "application/json" and request.mimetype and not request.is_json:
        raise WrongContentTypeError(f"send Content-Type: application/json, not {request.mimetype}")
    if not raw and may_be_absent:
        return {}
    try:
        fields = parsed_body(request)
    except orjson.JSONDecodeError as error:
        raise BrokenBodyError(f"the body is not valid JSON: {error.msg}") from None
    if not isinstance(fields, dict):
        raise BrokenBodyError("the body must be a JSON object")
    return fields


def raw_body(request: Request) -> bytes:
    """Return the request's body as it came.

    Raises:
        RequestEntityTooLarge, ClientDisconnected: it is too long, or ended early.
    """
    body: bytes | None = request.environ.get(BODY)
    return request.get_data() if body is None else body


def parsed_body(request: Request) -> Any:
    """Return the JSON that is the request's body, parsed once for all who ask; nobody may change it.

    Raises:
        RequestEntityTooLarge, ClientDisconnected: it is too long, or ended early.
        orjson.JSONDecodeError: it is not JSON.
    """
    environ = request.environ
    if _PARSED not in environ:
        environ[_PARSED] = orjson.loads(raw_body(request))
    return environ[_PARSED]


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
        return raw_body(request)
    except RequestEntityTooLarge:
        raise BodyTooLargeError(f"the body is longer than {BODY_LIMIT_BYTES} bytes") from None
    except ClientDisconnected:
        raise BrokenBodyError("the body ended early") from None
