"""Field types that several requests share, and the fields of answers.

A field's metadata names the code for a wrong value, where the contract has one of its own.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from payments_mock.api.catalogue import METHOD_NAMES, find_method
from payments_mock.api.schemas import PRINTABLE, WEB_ADDRESS, WholeText, whole
from payments_mock.domain.payments.methods import LEAST_AMOUNT, LEAST_AMOUNT_FROM_ACCOUNTS, Method
from payments_mock.domain.values import LARGEST_AMOUNT, LONGEST_URL

ORDER_EXAMPLE: Final = {"orderId": "order_0001", "orderName": "Popcorn", "amount": 15000}
PAYMENT_KEY_EXAMPLE: Final = "JpEWqaYEY5bPh7ttGgRNXK13F40fjYY9dZY532GjdA5m67aZ"
ORDER_ID_PATTERN = r"^[A-Za-z0-9_\-=]{6,64}$"
CUSTOMER_KEY_PATTERN = r"^[A-Za-z0-9\-_=.@]{2,300}$"
MOST_DIGITS: Final = 15
"""Larger numbers lose digits in some JSON clients, so they may not be what was meant."""
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,16}")


def whole_number(least: int, most: int, text: str) -> dict[str, Any]:
    """Describe a whole number that may also come as text with the pattern `text`."""
    number = {"type": "integer", "minimum": least, "maximum": most}
    return {"anyOf": [number, {"type": "string", "pattern": whole(rf"[ ]*(?:{text})[ ]*")}]}


def won_from(least: int, text: str) -> dict[str, Any]:
    """Describe an amount in KRW from `least` on; as text of at most 15 digits, with the pattern `text`."""
    return whole_number(least, LARGEST_AMOUNT, text)


ANY_WON: Final = whole_number(-LARGEST_AMOUNT, LARGEST_AMOUNT, "[+-]?[0-9]{1,15}")
WON_FROM_0: Final = won_from(0, "[+]?[0-9]{1,15}")
WON_FROM_1: Final = won_from(1, "[+]?[1-9][0-9]{0,14}")
WON_FROM_100: Final = won_from(LEAST_AMOUNT, "[+]?[1-9][0-9]{2,14}")
WON_FROM_200: Final = won_from(LEAST_AMOUNT_FROM_ACCOUNTS, "[+]?(?:[2-9][0-9]{2}|[1-9][0-9]{3,14})")
"""How the reference describes amounts whose lower bound the domain checks."""

UNTAXED: Final = {**WON_FROM_0, "description": "A part of amount, and not more."}
"""How the reference describes the tax-free part of an amount."""


def whole_of(value: Any) -> int | None:
    """Return a value as a whole number if it is one, or the text of one; else None."""
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if type(value) is int else None


def shown_text(*, null: bool = False) -> fields.String:
    """Make a field of an answer that is text, or null."""
    return fields.String(required=True, allow_none=null)


def shown_whole(*, null: bool = False) -> fields.Integer:
    """Make a field of an answer that is a whole number, or null."""
    return fields.Integer(required=True, strict=True, allow_none=null)


def shown_flag(*, null: bool = False) -> fields.Boolean:
    """Make a field of an answer that is true or false, or null."""
    return fields.Boolean(required=True, allow_none=null)


def shown_object(schema: type[Schema], *, many: bool = False) -> fields.Nested:
    """Make a field of an answer that is an object, or a list of them, or null."""
    return fields.Nested(schema, required=True, allow_none=True, many=many)


class Won(fields.Field[int]):
    """An amount in KRW: a whole number, or text of one, as the browser's redirect hands it on."""

    default_error_messages = {"invalid": "Must be a whole number of won."}  # noqa: RUF012

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **arguments: Any) -> None:
        super().__init__(metadata={**ANY_WON, **(metadata or {})}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        number = whole_of(value)
        if number is None or abs(number) > LARGEST_AMOUNT:
            raise self.make_error("invalid")
        return number


class Flag(fields.Boolean):
    """True or false, and nothing that only resembles it, such as 0 or "yes"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A number, and nothing that only resembles one, such as "5"."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(allow_nan=False, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> float:
        if not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **more)


class NumberAsText(fields.String):
    """Text, or a number that is taken as its text, as real clients send keys, orders and banks.

    The number must have this many `digits`, or be one of the listed texts. A pattern is checked as for text.
    """

    def __init__(self, *, digits: tuple[int, int] = (1, MOST_DIGITS), **arguments: Any) -> None:
        super().__init__(**arguments)
        least, most = digits
        self.numbers: Collection[int] = range(10 ** (least - 1) if least > 1 else 0, 10**most)
        if "enum" in self.metadata:
            listed = [text for text in self.metadata["enum"] if text.isdecimal()]
            self.numbers = [int(text) for text in listed if str(int(text)) == text]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if type(value) is int and value in self.numbers:
            value = str(value)
        return super()._deserialize(value, attr, data, **more)


class StrictText(fields.String):
    """Text that storage can keep, and never a number, as the control API does not guess."""

    def __init__(self, longest: int, shortest: int = 1, **arguments: Any) -> None:
        super().__init__(validate=_storable(longest, shortest), **arguments)


class Text(NumberAsText):
    """Text that storage can keep, as the provider takes it: a number counts as its digits."""

    def __init__(self, longest: int, shortest: int = 1, **arguments: Any) -> None:
        super().__init__(
            digits=(shortest, min(longest, MOST_DIGITS)), validate=_storable(longest, shortest), **arguments
        )


def _storable(longest: int, shortest: int) -> list[Any]:
    """Require text without control characters, within its length."""
    return [validate.Length(min=shortest, max=longest), PRINTABLE]


def order_id(**arguments: Any) -> fields.String:
    """Make the field of an order's id: 6 to 64 letters, digits, `-`, `_` and `=`."""
    message = "Must be 6 to 64 characters of A-Z, a-z, 0-9, -, _ and =."
    checks = WholeText(ORDER_ID_PATTERN, error=message)
    said = {"code": "INVALID_ORDER_ID"}
    return NumberAsText(digits=(6, MOST_DIGITS), required=True, validate=checks, metadata=said, **arguments)


def order_name() -> fields.String:
    """Make the field of an order's name: 1 to 100 characters."""
    return Text(100, required=True, metadata={"code": "INVALID_ORDER_NAME"})


def customer_key(**arguments: Any) -> fields.String:
    """Make the field of a customer's key: 2 to 300 letters, digits, `-`, `_`, `=`, `.` and `@`."""
    message = "Must be 2 to 300 characters of A-Z, a-z, 0-9, -, _, =, . and @."
    checks = WholeText(CUSTOMER_KEY_PATTERN, error=message)
    said = {"code": "INVALID_CUSTOMER_KEY"}
    return NumberAsText(digits=(2, MOST_DIGITS), required=True, validate=checks, metadata=said, **arguments)


PATH_PATTERN: Final = r"^[^.\x00-\x1f]+([.][^.\x00-\x1f]+)*$"
MOST_CHANGES: Final = 50
DEEPEST_VALUE: Final = 50
LONGEST_PATH: Final = 200


def _path() -> fields.String:
    """Make the field of a path that names a field of JSON."""
    wording = "Must be a path of names joined by dots, such as card.number or cancels.0.cancelAmount."
    length = validate.Length(min=1, max=LONGEST_PATH)
    return fields.String(validate=[length, WholeText(PATH_PATTERN, error=wording)])


def changed_fields() -> fields.Dict:
    """Make the field of new values, by the path of the JSON field that gets each."""
    said = f"By paths, such as card.number; a value is at most {DEEPEST_VALUE} levels deep."
    bound = validate.Length(min=1, max=MOST_CHANGES)
    return fields.Dict(keys=_path(), validate=[bound, _check_depth], metadata={"description": said})


def _check_depth(changed: Mapping[str, Any]) -> None:
    for path, given in changed.items():
        if _is_too_deep(given):
            raise ValidationError(f"The value of {path} is nested deeper than {DEEPEST_VALUE} levels.")


def fields_left_out() -> "fields.List[str]":
    """Make the field of the paths that are removed from JSON."""
    return fields.List(_path(), validate=validate.Length(min=1, max=MOST_CHANGES))


def _is_too_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(DEEPEST_VALUE):
        layer = [member for one in layer for member in _members(one)]
    return bool(layer)


def _members(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class MethodName(fields.Field[Method]):
    """A way to pay, by its Korean or English name."""

    def __init__(self, *, metadata: Mapping[str, Any], **arguments: Any) -> None:
        said = {"type": "string", "enum": METHOD_NAMES, "example": "CARD"}
        super().__init__(metadata={**said, **metadata}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Method:
        method = find_method(value) if isinstance(value, str) else None
        if method is None:
            raise ValidationError(f"Must be one of {', '.join(Method)} or its Korean name.")
        return method


def return_url(name: str, *, required: bool = False) -> fields.Url:
    """Make the field of the address of the shop's success or fail page, as `name` says."""
    said = {
        "code": f"INCORRECT_{name.upper()}_URL_FORMAT",
        "pattern": whole(WEB_ADDRESS),
        "example": f"http://localhost:8080/{name}",
    }
    bound = validate.Length(max=LONGEST_URL)
    return fields.Url(
        schemes={"http", "https"}, require_tld=False, validate=bound, required=required, metadata=said
    )
