"""The vocabulary of the feature files: how their words are read."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
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


@with_pattern(r"[\d,]+")
def _number(text: str) -> int:
    return int(text.replace(",", ""))


@with_pattern(r"[\d,]+(?: and [\d,]+)*")
def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(" and ")]


@with_pattern(r"\w+(?:, \w+)*(?: and \w+)?")
def _names(text: str) -> list[str]:
    return re.split(r", | and ", text)


@with_pattern(r"[\d,]+ (?:second|minute|hour|day)s?")
def _duration(text: str) -> timedelta:
    number, _, unit = text.partition(" ")
    return timedelta(**{f"{unit.removesuffix('s')}s": _number(number)})


_TYPES: dict[str, Callable[[str], Any]] = {
    "Which": _which,
    "State": _state,
    "Number": _number,
    "Numbers": _numbers,
    "Names": _names,
    "Duration": _duration,
}


def sentence(text: str) -> parsers.cfparse:
    """Return the parser of a step whose placeholders may be of the types above."""
    return parsers.cfparse(text, extra_types=_TYPES)


def body_with(fields: Mapping[str, Any], name: str, value: str) -> bytes:
    """Return `fields` as JSON, but with the field `name` as the words `value` describe it.

    `value` is "missing", "7 characters long", or what `as_json` reads.
    """
    members = {member: json.dumps(content) for member, content in fields.items()}
    members.pop(name, None)
    if value != "missing":
        members[name] = as_json(value)
    return (
        "{" + ", ".join(f"{json.dumps(member)}: {text}" for member, text in members.items()) + "}"
    ).encode()


def text_of_length(words: str) -> str:
    """Return a random text as long as `words` say, for example "64 characters"."""
    return random_text(int(words.split()[0]))


def as_json(value: str) -> str:
    """Return the JSON that `value` describes; "the number 1.50" goes out exactly as written."""
    kind, _, rest = value.partition("the ")
    if value.endswith(" long"):
        return json.dumps(text_of_length(value))
    if value.startswith("a list of "):
        return f"[{as_json(value.removeprefix('a list of '))}]"
    if not kind and rest.startswith("number "):
        return rest.removeprefix("number ")
    if not kind and rest.startswith("text "):
        return json.dumps(_with_line_break(rest.removeprefix("text ")))
    return _NAMED.get(value, value)


_NAMED = {"nothing": "null", "an empty text": '""', "an object": '{"won": 10000}'}


def _with_line_break(text: str) -> str:
    plain = text.removesuffix(" and a line break")
    return plain if plain == text else f"{plain}\n"


def value_of(words: str) -> Any:
    """Return what the cell of a table says: a number, "yes", "no", "nothing", or else a text."""
    if re.fullmatch(r"\d[\d,]*", words):
        return _number(words)
    return {"yes": True, "no": False, "nothing": None}.get(words, words)
