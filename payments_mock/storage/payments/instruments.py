"""Instruments as one JSON object a payment, and back."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache, partial
from types import NoneType
from typing import Any, get_args, get_type_hints

import orjson
from sqlalchemy import Dialect

from payments_mock.domain.payments.instruments import Instruments
from payments_mock.storage.columns import JsonText


class InstrumentsColumn(JsonText):
    """A column of `Instruments`."""

    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Turn stored text into instruments."""
        return None if value is None else _instruments_of(value)


@lru_cache(maxsize=1024)
def _instruments_of(text: str) -> Instruments:
    """Read what is looked up again and again, and never changes once it is read."""
    return read_instruments(orjson.loads(text))


def read_instruments(stored: Mapping[str, Any]) -> Instruments:
    """Make instruments of the JSON object that they were stored as."""
    made: Instruments = _read(Instruments, stored)
    return made


def _read(kind: Callable[..., Any], stored: Mapping[str, Any]) -> Any:
    """Make an instance of a dataclass from JSON, where enums and moments are text."""
    made = dict(stored)
    for name, read in _readers(kind):
        if made.get(name) is not None:
            made[name] = read(made[name])
    return kind(**made)


@cache
def _readers(kind: Callable[..., Any]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return what makes the values of those fields of a dataclass that JSON can't hold as they are."""
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return tuple((name, reader) for name, reader in readers.items() if reader is not None)


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    kind: type = next(each for each in get_args(hint) or (hint,) if each is not NoneType)
    if kind is datetime:
        return datetime.fromisoformat
    if issubclass(kind, StrEnum):
        return kind
    return partial(_read, kind) if is_dataclass(kind) else None
