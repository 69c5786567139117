"""The vocabulary of the feature files: how their words are read."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from parse import with_pattern
from pytest_bdd import parsers

from testkit.identifiers import random_text


@with_pattern(r"the payment|the second payment")
def _which(text: str) -> str:
    return text


@with_pattern(r"created|approved|canceled")
def _state(text: str) -> str:
    return text


@with_pattern(r"an?")
def _article(text: str) -> str:
    return text


@with_pattern(r"[\d,]+")
def _number(text: str) -> int:
    return int(text.replace(",", ""))


@with_pattern(r"[\d,]+(?: and [\d,]+)*")
def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(" and ")]


@with_pattern(r"\w+(?:, \w+)*(?: and \w+)?")
def _names(text: str) -> list[str]:
    return re.split(r", | and ", text)


_TYPES: dict[str, Callable[[str], Any]] = {
    "Which": _which,
    "State": _state,
    "Article": _article,
    "Number": _number,
    "Numbers": _numbers,
    "Names": _names,
}


def sentence(text: str) -> parsers.cfparse:
    """Return the parser of a step whose placeholders may be of the types above."""
    return parsers.cfparse(text, extra_types=_TYPES)


def body_with(fields: Mapping[str, Any], name: str, value: str) -> bytes:
    """Return ``fields`` as JSON, but with the field ``name`` as the words ``value`` describe it.

    ``value`` is "missing", "7 characters long", or JSON that goes out exactly as written.
    """
    members = {member: json.dumps(content) for member, content in fields.items()}
    members.pop(name, None)
    if value != "missing":
        members[name] = _as_json(value)
    return (
        "{" + ", ".join(f"{json.dumps(member)}: {text}" for member, text in members.items()) + "}"
    ).encode()


def text_of_length(words: str) -> str:
    """Return a random text as long as ``words`` say, for example "64 characters"."""
    return random_text(int(words.split()[0]))


def _as_json(value: str) -> str:
    return json.dumps(text_of_length(value)) if value.endswith("long") else value
