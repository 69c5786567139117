"""How the OpenAPI document says what schemas check between fields, and what is known at run time only."""

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields

_NULL = {"type": "object", "nullable": True, "enum": [None]}
"""Null alone: an object that may be null would be any object at all."""


class SchemaConverter(OpenAPIConverter):
    """Describes a schema with its `rules`, and a field with the `choices` that its metadata can tell."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Describe a schema, the rules between its fields, and an example of the whole, where it has one."""
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        if rules := getattr(schema, "rules", ()):
            described["allOf"] = list(rules)
        if example := getattr(schema, "example", None):
            described["example"] = example
        return described

    def field2property(self, field: Any) -> dict[str, Any]:
        """Describe a field; where its metadata has a function `choices`, by what that returns now."""
        described: dict[str, Any] = super().field2property(field)
        choices = field.metadata.get("choices")
        return described if choices is None else {**described, "enum": list(choices())}

    def field2length(self, field: Any, **more: Any) -> dict[str, Any]:
        """Describe how long a field is; an object is as long as it has properties."""
        length: dict[str, Any] = super().field2length(field, **more)
        if not isinstance(field, fields.Dict):
            return length
        return {name.replace("Length", "Properties"): bound for name, bound in length.items()}

    def field2nullable(self, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
        """Describe that a field may be null; an object then is null, or what its schema says."""
        if not (field.allow_none and isinstance(field, fields.Nested) and not field.many):
            nullable: dict[str, Any] = super().field2nullable(field, ret)
            return nullable
        described = ret.pop("allOf", None) or [{"$ref": ret.pop("$ref")}]
        return {"anyOf": [*described, _NULL]}


class SchemaPlugin(MarshmallowPlugin):
    """Describes marshmallow's schemas as `SchemaConverter` does."""

    Converter = SchemaConverter
