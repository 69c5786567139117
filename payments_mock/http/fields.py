"""The fields of a body or a query, checked by the operation's schema."""

from collections.abc import Mapping
from typing import Any

from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow.fields import Nested

from payments_mock.http.body import read_object
from payments_mock.http.errors import InvalidFieldsError


def load_body(request: Request, schema: Schema) -> dict[str, Any]:
    """Return the request's fields as `schema` reads them; fields that it does not know are ignored.

    A schema whose `may_be_absent` is true takes no body at all for one without fields.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError, InvalidFieldsError: as named.
    """
    fields = read_object(request, may_be_absent=getattr(schema, "may_be_absent", False))
    return load_fields(fields, schema)


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
