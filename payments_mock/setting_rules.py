"""What the value of a setting must be, and how a refusal says it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

TRUE_WORDS: Final = ("true", "yes", "on", "1")
FALSE_WORDS: Final = ("false", "no", "off", "0")


@dataclass(frozen=True)
class Rule:
    """What a value must be: `expects` finishes the sentence "NAME must be ...", `accepts` judges."""

    expects: str
    accepts: Callable[[Any], bool]


def number(low: int, high: int) -> Rule:
    """Expect a whole number in a range whose ends belong to it."""
    return Rule(f"a whole number from {low} to {high}", lambda value: low <= value <= high)


def one_of(*choices: str) -> Rule:
    """Expect one of two words or more."""
    return Rule(f"{', '.join(choices[:-1])} or {choices[-1]}", lambda text: text in choices)


def read_text(kind: type, text: str) -> object:
    """Return what a text means as a value of `kind`; what can't be read is returned as it is."""
    if kind is list:
        return [member.strip() for member in text.split(",") if member.strip()]
    if kind is bool and text.lower() in (*TRUE_WORDS, *FALSE_WORDS):
        return text.lower() in TRUE_WORDS
    return int(text) if kind is int and re.fullmatch(r"[+-]?[0-9]{1,18}", text) else text


def _is_plain(text: str) -> bool:
    return bool(text) and text.isprintable() and " " not in text


def _is_token(text: str) -> bool:
    return re.fullmatch(r"[!-~]{8,200}", text) is not None


def sqlite_url(file: Path) -> str:
    """Return the SQLAlchemy URL of a SQLite file; what would mean something else in a URL is escaped."""
    return f"sqlite:///{quote(str(file.absolute()))}"


def _is_data_file(text: str) -> bool:
    """Tell whether SQLite could keep a file there; a "?" would begin the query part of a URL."""
    path = Path(text)
    return bool(text) and "?" not in text and "\0" not in text and path.parent.is_dir() and not path.is_dir()


def _is_database_url(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9_]+(\+[a-z0-9_]+)?:/.*", text) is not None


def _is_base_url(text: str) -> bool:
    if not _is_plain(text) or not text.startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(text)
        return (
            bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        return False


def _are_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


SWITCH: Final = Rule("true or false", lambda value: isinstance(value, bool))
TOKEN: Final = Rule("8 to 200 printable ASCII characters without spaces", _is_token)
HOST: Final = Rule("a host name or address", _is_plain)
DATA_FILE: Final = Rule("a file in a folder that exists", _is_data_file)
DATABASE_URL: Final = Rule("a SQLAlchemy URL such as sqlite:////tmp/payments.db", _is_database_url)
BASE_URL: Final = Rule("an address such as https://pay.example.com", _is_base_url)
KEYS: Final = Rule("a list of texts, each KEY or KEY=CONTRACT", _are_texts)
FILE_NAME: Final = Rule("a file's name", _is_plain)
