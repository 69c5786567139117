"""Mask secrets before they are stored, however they are written."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import unquote_plus

from payments_mock.domain.errors import Reason

MASK: Final = "***"
_OTHER_NAMES: Final = ("cardNumber", "cardPassword", "customerIdentityNumber")
SECRET_NAMES: Final = (*_OTHER_NAMES, "secretKey")
_OFTEN_NULL: Final = "secret"
"""The field that every payment of the Toss contract has; it may be null."""

_PLAIN_FORM: Final = '"secret":"ps_'
"""How a payment's secret begins as this server writes it; masking this form alone is far cheaper."""

_MASKED_SECRET: Final = f'"secret":"{MASK}"'

_SECRET_KEY = re.compile(r"(?:test|live)_g?sk_\w+")


def _written_anyhow(name: str) -> str:
    """Return a pattern of a name, any letter of which may be escaped as in JSON or in an address."""
    return "".join(rf"(?:{letter}|\\u00{ord(letter):02x}|%{ord(letter):02x})" for letter in name)


_ANY_NAME = "|".join(map(_written_anyhow, (*SECRET_NAMES, _OFTEN_NULL)))
_NAME = re.compile(
    rf"(?<![\w\\])(?P<quote>\\*[\"']?)(?:{_ANY_NAME})(?P=quote)\s*(?P<sign>[:=])\s*", re.IGNORECASE
)
_QUOTE = re.compile(r"(\\*)([\"'])")
_REST_OF_STRING = {quote: re.compile(rf"(?:[^{quote}\\]|\\.)*{quote}", re.DOTALL) for quote in "\"'"}
_NESTED = re.compile(r"\"(?:[^\"\\]|\\.)*(?:\"|$)|[\[\]{}]", re.DOTALL)
_BARE = re.compile(r"(?:\d(?:[ \-.]*\d)*)?[^,}\]&\s\"'\\]*")


def mask_fields(text: str) -> str:
    """Mask the values of fields that nobody should read, and secret keys; the text need not be valid JSON."""
    text, harmless = _mask_plain_secret(mask_keys(text))
    # Most texts have no other secrets, and checking that is far cheaper.
    secrets = text.count(_OFTEN_NULL)
    if secrets and not harmless:
        harmless = text.count('"secret":null')
    if secrets == harmless and "\\u00" not in text and not _names_a_secret(text):
        return text
    return _mask_values(text)


def _mask_plain_secret(text: str) -> tuple[str, int]:
    """Mask the first secret that is written as this server does it; returns how many were, too."""
    start = text.find(_PLAIN_FORM)
    end = text.find('"', start + len(_PLAIN_FORM)) if start >= 0 else -1
    if end < 0 or not text[start + len(_PLAIN_FORM) : end].isalnum():
        return text, 0
    return text[:start] + _MASKED_SECRET + text[end + 1 :], 1


def mask_path(path: str) -> str:
    """Mask secret keys in a path, and in its query also the values that nobody should read."""
    place, mark, query = path.partition("?")
    plain = unquote_plus(query)
    masked = _mask_values(mask_keys(plain)) if query else query
    return mask_keys(place) + mark + (query if masked == plain else masked)


def mask_keys(text: str) -> str:
    """Mask secret keys."""
    return _SECRET_KEY.sub(MASK, text) if "sk_" in text else text


def _names_a_secret(text: str) -> bool:
    """Tell whether a text names such a field, other than those with a secret in their name."""
    for name in _OTHER_NAMES:  # noqa: SIM110 - `any` takes three times as long
        if name in text:
            return True
    return False


def _mask_values(text: str) -> str:
    parts: list[str] = []
    end = 0
    while (found := _NAME.search(text, end)) is not None:
        parts.append(text[end : found.end()])
        masked, end = _masked_value(text, found.end(), in_json=found["sign"] == ":")
        parts.append(masked)
    return "".join((*parts, text[end:]))


def _masked_value(text: str, start: int, *, in_json: bool) -> tuple[str, int]:
    """Return the mask of the value at `start`, and its end; a broken value reaches to the end."""
    quote = _QUOTE.match(text, start)
    if quote is not None:
        return f"{quote[0]}{MASK}{quote[0]}", _end_of_string(text, quote)
    if text[start : start + 1] in ("[", "{"):
        return f'"{MASK}"', _end_of_nested(text, start)
    bare = _BARE.match(text, start)
    assert bare is not None  # noqa: S101
    if bare[0] in ("", "null"):
        return bare[0], bare.end()
    return f'"{MASK}"' if in_json else MASK, bare.end()


def _end_of_string(text: str, quote: re.Match[str]) -> int:
    if quote[1]:
        # JSON within a JSON string: the value ends with the same quote that it began with.
        end = text.find(quote[0], quote.end())
        return len(text) if end < 0 else end + len(quote[0])
    rest = _REST_OF_STRING[quote[2]].match(text, quote.end())
    return len(text) if rest is None else rest.end()


def _end_of_nested(text: str, start: int) -> int:
    depth = 0
    for token in _NESTED.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(text)


def mask_reason(reason: Reason | None) -> Reason | None:
    """Return a reason without the keys that clients put in strange places."""
    if reason is None:
        return None
    given = {name: getattr(reason, name) for name in ("message", "expected", "sent")}
    texts = {name: mask_keys(text) for name, text in given.items() if isinstance(text, str)}
    return replace(reason, **texts)
