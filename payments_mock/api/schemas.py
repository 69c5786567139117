"""Load bodies and queries by schemas, with patterns, rules between fields, and fast paths."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing, validate

from payments_mock.api.bodies import read_object
from payments_mock.api.errors import InvalidFieldsError


def load_body(request: Request, schema: Schema) -> dict[str, Any]:
    """Return the request's fields as `schema` reads them; fields that it does not know are ignored.

    If the schema's `may_be_absent` is true, a missing body counts as an empty object.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError, InvalidFieldsError: as named.
    """
    given = read_object(request, may_be_absent=getattr(schema, "may_be_absent", False))
    return load_fields(given, schema)


def load_fields(given: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return `given` as `schema` reads them; those that it does not know are ignored.

    A field's metadata may name the contract's own `code` for a wrong value, and the schema's `missing_code`
    the one for a field that is not there.

    Raises:
        InvalidFieldsError: a field is missing or wrong.
    """
    try:
        loaded: dict[str, Any] = schema.load(given, unknown=EXCLUDE)
    except ValidationError as error:
        code = code_of_first(schema, given, error.messages_dict)
        raise InvalidFieldsError(error.messages_dict, code) from None
    return loaded


def code_of_first(schema: Schema, given: Mapping[str, Any], errors: Mapping[str, Any]) -> str | None:
    """Return the contract's code for the first wrong field, or None."""
    name = next(iter(errors))
    field, value = schema.fields.get(name), given.get(name)
    if field is None:
        return None
    code: str | None = field.metadata.get("code")
    if value in (None, ""):
        code = getattr(schema, "missing_code", None)
    elif code is None and isinstance(field, fields.Nested) and isinstance(value, dict):
        inner = errors[name]
        return code_of_first(field.schema, value, inner) if isinstance(inner, dict) else None
    return code


class ErrorSchema(Schema):
    """Why a call was refused; clients branch on `code`."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class ContractErrorSchema(ErrorSchema):
    """Why a contract refused a call; `data` comes with UNAUTHORIZED_KEY alone, and is null."""

    data = fields.Dict(allow_none=True)


class WholeText(validate.Regexp):
    r"""Accepts text that the pattern describes from its first character to its last.

    A `$` is enough for that here. In Python alone it would let a newline at the end pass, and Python's own
    `\Z` means another thing in JSON Schema, whose patterns are ECMAScript's.
    """

    def __call__(self, value: Any) -> Any:
        """Return the text if the pattern describes all of it.

        Raises:
            ValidationError: it does not.
        """
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


PRINTABLE: Final = WholeText(r"^[^\x00-\x1f]*$", error="Must not hold control characters.")
"""Accepts text without control characters, which would break storage and log lines."""

WITHOUT_NUL: Final = r"^[^\x00]*$"
"""Describes text that databases can store."""

_LEAP_YEARS_FROM_2000: Final = r"(?:[048]00|[0-9](?:0[48]|[2468][048]|[13579][26]))"
_LEAP_YEARS: Final = rf"(?:19(?:7[26]|8[048]|9[26])|2{_LEAP_YEARS_FROM_2000})"
_DAY_OF_ANY_YEAR: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)

_PORT: Final = r"(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = rf"(?:(?:{_LABEL}\.)+[A-Za-z]{{2,63}}|{_LABEL}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})"

WEB_ADDRESS: Final = rf"https?://{_HOST}(?::{_PORT})?(?:/?|[/?#][^\s\\\x00-\x1f]+)"
"""Describes an address of http or https, as it is written for machines."""

DAY: Final = rf"(?:(?:19[7-9][0-9]|2[0-9]{{3}})-{_DAY_OF_ANY_YEAR}|{_LEAP_YEARS}-02-29)"
"""Describes a day of the years 1970 to 2999, as ISO 8601 writes it."""

DAY_FROM_2000: Final = rf"(?:2[0-9]{{3}}-{_DAY_OF_ANY_YEAR}|2{_LEAP_YEARS_FROM_2000}-02-29)"
"""Describes a day of the years 2000 to 2999, as ISO 8601 writes it."""

OFFSET: Final = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
"""Describes how far a clock is from UTC, as ISO 8601 writes it."""

TIME_OF_DAY: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
"""Describes a time of a day to the second, as ISO 8601 writes it."""

SIX_DIGIT_DAY: Final = (
    r"(?:[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    r"|02(?:0[1-9]|1[0-9]|2[0-8]))|(?:[02468][048]|[13579][26])0229)"
)
"""Describes a day as yyMMdd, in any century."""


def whole(pattern: str) -> str:
    """Return the pattern of text that `pattern` describes from its first character to its last."""
    return f"^(?:{pattern})$"


class RequestSchema(Schema):
    """A schema of what callers send: null counts as absent in optional fields."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let an optional field be null."""
        if not field_obj.required:
            field_obj.allow_none = True

    def load(
        self,
        data: Any,
        *,
        many: bool | None = None,
        partial: Any = None,
        unknown: Any = None,
    ) -> Any:
        """Return the fields of `data` that are not null as Python values.

        Raises:
            ValidationError: a field is missing or wrong.
        """
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if value is not None}
        return super().load(data, many=many, partial=partial, unknown=unknown)


class PlainSchema(Schema):
    """A schema without hooks: each field is judged by itself.

    A valid object is read field by field. If anything is wrong, marshmallow reads it again and collects all
    errors.
    """

    _null_is_absent: ClassVar[bool] = False

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._readers = tuple(
            (name, field.data_key or name, field, field._deserialize, field.validators)
            for name, field in self.load_fields.items()
        )

    def load(
        self,
        data: Any,
        *,
        many: bool | None = None,
        partial: Any = None,
        unknown: Any = None,
    ) -> Any:
        """Return the fields of `data` as Python values, as `marshmallow.Schema.load` does.

        Raises:
            ValidationError: a field is missing or wrong.
        """
        if type(data) is dict and unknown == EXCLUDE and not (many or self.many or partial or self.partial):
            try:
                return self._load_right(data)
            except ValidationError:
                pass
        return super().load(data, many=many, partial=partial, unknown=unknown)

    def _load_right(self, data: Mapping[str, Any]) -> dict[str, Any]:
        loaded = {}
        for name, key, field, read, checks in self._readers:
            given = data.get(key)
            if given is not None:
                # What `deserialize` does, which makes a validator of all validators for each value.
                value = read(given, key, data)
                for check in checks:
                    check(value)
                loaded[name] = value
                continue
            value = field.deserialize(data.get(key, missing), key, data)
            if value is not missing and not (value is None and self._null_is_absent):
                loaded[name] = value
        return loaded


class PlainRequestSchema(PlainSchema, RequestSchema):
    """A schema without hooks of what callers send, in which null counts as absent."""

    _null_is_absent = True


Said = dict[str, Any]
"""A part of JSON Schema."""


def names(*required: str) -> Said:
    """Describe a body that has all these fields."""
    return {"required": list(required)}


def names_none_of(absent: Collection[str]) -> Said:
    """Describe a body that has none of these fields."""
    return {"not": any_of(*map(names, absent))}


def not_together(one: str, other: str) -> Said:
    """Describe a body that has at most one of two fields."""
    return {"not": names(one, other)}


def says(field: str, values: Collection[Any]) -> Said:
    """Describe a body that has a field with one of these values."""
    return {**names(field), **says_if_named(field, values)}


def says_if_named(field: str, values: Collection[Any]) -> Said:
    """Describe a body that has a field with one of these values, or lacks it."""
    return part(field, {"enum": list(values)})


def part(field: str, said: Said) -> Said:
    """Describe a body in which a field is as `said`, or is absent."""
    return {"properties": {field: said}}


def all_of(*said: Said) -> Said:
    """Describe a body that all of these describe."""
    return {"allOf": list(said)}


def any_of(*said: Said) -> Said:
    """Describe a body that at least one of these describes."""
    return {"anyOf": list(said)}


def if_then(condition: Said, consequence: Said) -> Said:
    """Describe a body that meets the consequence whenever it meets the condition."""
    return any_of({"not": condition}, consequence)
