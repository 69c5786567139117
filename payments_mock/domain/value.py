"""Values that are made at every call."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[Kind]) -> type[Kind]:
    """Make a dataclass that nobody changes, which the type checker sees to.

    Python's own way to freeze one makes the making ten times as slow: 2 microseconds for a payment.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)
