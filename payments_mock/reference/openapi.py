"""The OpenAPI document of each contract and of the control API, made from their operations and schemas."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields

from payments_mock._version import __version__
from payments_mock.api.operation import Api, Contract, Operation
from payments_mock.api.values import NumberAsText
from payments_mock.reference.words import describe

_NULL = {"type": "object", "nullable": True, "enum": [None]}
"""Null alone, as a nullable object would allow any object."""


class SchemaConverter(OpenAPIConverter):
    """Describes a schema with its `rules`, and a field with the `choices` that it has among the contracts."""

    contracts: Collection[Contract] = ()

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Describe a schema, the rules between its fields, and an example of the whole, where it has one."""
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        if rules := getattr(schema, "rules", ()):
            described["allOf"] = list(rules)
        if example := getattr(schema, "example", None):
            described["example"] = example
        return described

    def field2property(self, field: Any) -> dict[str, Any]:
        """Describe a field; where its metadata has a function `choices`, by what it makes of `contracts`."""
        described: dict[str, Any] = super().field2property(field)
        if "pattern" in described and described.get("format") == "date-time":
            # The format requires an offset, and the pattern makes it optional.
            del described["format"]
        if isinstance(field, NumberAsText) and "pattern" not in field.metadata and field.numbers:
            described = _or_a_number(described, field.numbers)
        choices = field.metadata.get("choices")
        return described if choices is None else {**described, "enum": list(choices(self.contracts))}

    def field2length(self, field: Any, **more: Any) -> dict[str, Any]:
        """Describe the length of a field; for an object, that is its number of properties."""
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


def _or_a_number(text: dict[str, Any], numbers: Collection[int]) -> dict[str, Any]:
    """Describe text that may also come as one of these numbers."""
    said: dict[str, Any] = {
        name: text.pop(name) for name in ("description", "example", "default") if name in text
    }
    number: dict[str, Any] = {"type": "integer"}
    if isinstance(numbers, range):
        number |= {"minimum": numbers.start, "maximum": numbers.stop - 1}
    else:
        number |= {"enum": list(numbers)}
    if "nullable" in text:
        number["nullable"] = text["nullable"]
    return {**said, "anyOf": [text, number]}


class SchemaPlugin(MarshmallowPlugin):
    """Describes marshmallow's schemas as `SchemaConverter` does."""

    Converter = SchemaConverter


OPENAPI_VERSION = "3.0.3"
SECURITY_SCHEME = "secretKey"
CONTROL_SECURITY_SCHEME = "controlToken"
PATH_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


SECRET_KEY_SCHEME = {"type": "http", "scheme": "basic"}
TOKEN_SCHEME = {"type": "http", "scheme": "bearer"}


def openapi_document(api: Api, contracts: Collection[Contract], language: str) -> dict[str, Any]:
    """Return the OpenAPI document of `api` in `language`, with the pages that no contract has.

    `contracts` are all that the server has, `api` among them or beside them.
    """
    plugin = SchemaPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title=api.name,
        version=__version__,
        openapi_version=OPENAPI_VERSION,
        plugins=[plugin],
    )
    assert isinstance(plugin.converter, SchemaConverter)  # noqa: S101
    plugin.converter.contracts = contracts
    scheme = _security_scheme(api)
    definition = SECRET_KEY_SCHEME if scheme == SECURITY_SCHEME else TOKEN_SCHEME
    spec.components.security_scheme(scheme, dict(definition))
    for path, operations in api.methods_by_path.items():
        spec.path(
            path=PATH_PARAMETER.sub(lambda parameter: f"{{{_wire_name(parameter[1])}}}", path),
            operations={
                method.lower(): _operation(api, operation) for method, operation in operations.items()
            },
        )
    _add_health(spec)
    if isinstance(api, Contract):
        _add_receipts(spec)
    document = spec.to_dict()
    if isinstance(api, Contract):
        _let_requests_say_more(document)
    describe(document, str(api.name), language)
    return document


def _schema_name(schema: Any) -> str:
    """Name a schema by its class, and by its fields where it is a part of it."""
    return type(schema).__name__.removesuffix("Schema") + "".join(
        name.capitalize() for name in sorted(schema.only or ())
    )


def _security_scheme(api: Api) -> str:
    return SECURITY_SCHEME if isinstance(api, Contract) else CONTROL_SECURITY_SCHEME


def _operation(api: Api, operation: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        _parameter(_wire_name(name)) for name in PATH_PARAMETER.findall(operation.path)
    ]
    answer = operation.answer() if operation.answer else None
    if operation.query:
        parameters.append({"in": "query", "schema": operation.query})
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{_security_scheme(api): []}],
        "parameters": parameters,
        "responses": {"200": _json("answer done", answer), **_refusals(api, operation)},
    }
    if operation.body:
        # The body is required if an empty object would be refused.
        required = bool(operation.body.validate({}))
        described["requestBody"] = {"required": required, **_json("", operation.body)}
        del described["requestBody"]["description"]
    return described


def _refusals(api: Api, operation: Operation) -> dict[str, Any]:
    codes: dict[int, list[str]] = defaultdict(list)
    for error in (*api.errors_of_a_call(operation), *operation.errors):
        status, code = api.answer_of(error)
        if code not in codes[status]:
            codes[status].append(code)
    return {
        str(status): _json(", ".join(names), operation.error_answers.get(status, api.error_schema)())
        for status, names in sorted(codes.items())
    }


def _let_requests_say_more(document: dict[str, Any]) -> None:
    """Allow unknown fields in bodies and their objects, as they are ignored."""
    schemas = document["components"]["schemas"]
    operations = (operation for path in document["paths"].values() for operation in path.values())
    names = {name for operation in operations for name in _named_in(operation.get("requestBody", {}))}
    seen: set[str] = set()
    while names - seen:
        name = min(names - seen)
        seen.add(name)
        schemas[name]["additionalProperties"] = True
        names |= _named_in(schemas[name])


def _named_in(part: Any) -> set[str]:
    """Find the names of the schemas that a part of a document refers to."""
    if isinstance(part, list):
        return {name for inner in part for name in _named_in(inner)}
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].rpartition("/")[2]} if isinstance(part.get("$ref"), str) else set()
    return own | {name for inner in part.values() for name in _named_in(inner)}


def _json(description: str, schema: object) -> dict[str, Any]:
    if schema is None:
        return {"description": description}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _wire_name(name: str) -> str:
    """Spell a path parameter as bodies spell the same field: `payment_key` is `paymentKey` on the wire."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _add_health(spec: APISpec) -> None:
    health = {"$ref": "#/components/schemas/Health"}
    schema = {
        "type": "object",
        "required": ["status", "database", "version"],
        "properties": {name: {"type": "string"} for name in ("status", "database", "version")}
        | {"logLinesLost": {"type": "integer", "minimum": 1}},
    }
    spec.components.schema("Health", schema)
    spec.path(
        path="/health",
        operations={
            "get": {
                "operationId": "health",
                "summary": "Tell whether the server and its database are well",
                "responses": {"200": _json("answer up", health), "503": _json("answer down", health)},
            }
        },
    )


def _add_receipts(spec: APISpec) -> None:
    token = {"name": "token", "in": "query", "required": True, "schema": {"type": "string"}}
    spec.path(
        path="/receipts/{paymentKey}",
        operations={
            "get": {
                "operationId": "receipt",
                "summary": "Show the receipt page that receipt.url links to",
                "parameters": [_parameter("paymentKey"), token],
                "responses": {
                    "200": {
                        "description": "answer page",
                        "content": {"text/html": {"schema": {"type": "string"}}},
                    },
                    "404": {"description": "answer lost"},
                },
            }
        },
    )
