"""Values in and out: placeholders in requests, and what is read from answers."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import jsonpath
from jsonpath.exceptions import JSONPathError

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class OutputError(ValueError):
    """Where a value is to be found can't be understood."""


def checked_output(value: Any) -> str:
    r"""Return where a value is to be found, if that can be understood.

    A JSONPath such as `$.order.id`, `header:Location`, `cookie:session`, or `pattern:order-(\d+)`; in a
    pattern the first group is the value.

    Raises:
        OutputError: it is none of these.
    """
    if not isinstance(value, str):
        raise OutputError('must be text that says where the answer has it, such as "$.status"')
    if value.startswith(("header:", "cookie:")):
        return value
    try:
        if value.startswith("pattern:"):
            if re.compile(value.removeprefix("pattern:")).groups < 1:
                raise OutputError("is a pattern without a group; put ( ) around the value")
        elif value.startswith("$"):
            jsonpath.compile(value)
        else:
            raise OutputError('must begin with "$", "header:", "cookie:" or "pattern:"')
    except re.error as error:
        raise OutputError(f"is not a pattern: {error}") from error
    except JSONPathError as error:
        raise OutputError(f"is not a JSONPath: {str(error).splitlines()[0]}") from error
    return value


def extract(output: str, text: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Any:
    """Return the value that an answer has there, or None if it has none."""
    if output.startswith("header:"):
        return headers.get(output.removeprefix("header:"))
    if output.startswith("cookie:"):
        return cookies.get(output.removeprefix("cookie:"))
    if output.startswith("pattern:"):
        found = re.search(output.removeprefix("pattern:"), text)
        return None if found is None else found[1]
    try:
        content = json.loads(text)
    except ValueError:
        return None
    match = jsonpath.match(output, content) if isinstance(content, dict | list) else None
    return None if match is None else match.obj


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """Put values in the place of `{name}`, everywhere in a template.

    A text that is nothing but `{name}` becomes the value as it is, a number too; unknown names stay.
    """
    if isinstance(template, dict):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if not isinstance(template, str):
        return template
    whole = _PLACEHOLDER.fullmatch(template)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), template)


def replaced(template: Any, old: str | None, new: str) -> Any:
    """Put another item in the place of one, everywhere in a template."""
    if isinstance(template, dict):
        return {key: replaced(value, old, new) for key, value in template.items()}
    if isinstance(template, list):
        return [replaced(value, old, new) for value in template]
    return new if old is not None and template == old else template


def whole_number(value: Any) -> int | None:
    """Read an amount of won: 12000, 12000.0, "12,000"; None if it is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return round(value)
    digits = re.sub(r"[^\d-]", "", value) if isinstance(value, str) else ""
    return int(digits) if digits.lstrip("-").isdigit() else None
