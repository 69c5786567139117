"""Rules between the fields of a body, as JSON Schema says them; OpenAPI 3.0 knows no shorter words for them.

A schema names in `rules` what it refuses beyond its single fields, and the OpenAPI document says so.
"""

from collections.abc import Collection
from typing import Any

Said = dict[str, Any]
"""A part of JSON Schema."""


def names(*fields: str) -> Said:
    """Describe a body that has all these fields."""
    return {"required": list(fields)}


def names_none_of(fields: Collection[str]) -> Said:
    """Describe a body that has none of these fields."""
    return {"not": any_of(*map(names, fields))}


def not_together(one: str, other: str) -> Said:
    """Describe a body that has one of two fields at the most."""
    return {"not": names(one, other)}


def says(field: str, values: Collection[Any]) -> Said:
    """Describe a body that has a field with one of these values."""
    return {**names(field), **says_if_named(field, values)}


def says_if_named(field: str, values: Collection[Any]) -> Said:
    """Describe a body that has a field with one of these values, or lacks it."""
    return part(field, {"enum": list(values)})


def part(field: str, said: Said) -> Said:
    """Describe a body in which a field is as `said`, or is not there."""
    return {"properties": {field: said}}


def all_of(*said: Said) -> Said:
    """Describe what all of these do."""
    return {"allOf": list(said)}


def any_of(*said: Said) -> Said:
    """Describe what at least one of these does."""
    return {"anyOf": list(said)}


def if_then(condition: Said, consequence: Said) -> Said:
    """Describe what has the consequence, where it is as the condition says."""
    return any_of({"not": condition}, consequence)
