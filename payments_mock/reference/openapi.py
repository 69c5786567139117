"""The OpenAPI document of one contract, made from its operations and their schemas."""

import re
from collections import defaultdict
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from payments_mock._version import __version__
from payments_mock.http.contract import Contract, Operation

OPENAPI_VERSION = "3.0.3"
SECURITY_SCHEME = "secretKey"
PATH_PARAMETER = re.compile(r"<(\w+)>")


def openapi_document(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document of `contract`, with the pages that belong to no contract."""
    spec = APISpec(
        title=f"payments-mock: the {contract.name} contract",
        version=__version__,
        openapi_version=OPENAPI_VERSION,
        plugins=[MarshmallowPlugin(schema_name_resolver=lambda schema: type(schema).__name__)],
        info={"description": "A stand-in for a payment provider. No money moves here."},
    )
    scheme = {"type": "http", "scheme": "basic", "description": "The secret key as user name, no password."}
    spec.components.security_scheme(SECURITY_SCHEME, scheme)
    for path, operations in contract.methods_by_path.items():
        spec.path(
            path=PATH_PARAMETER.sub(lambda parameter: f"{{{_wire_name(parameter[1])}}}", path),
            operations={
                method.lower(): _operation(contract, operation) for method, operation in operations.items()
            },
        )
    _add_pages(spec)
    return spec.to_dict()


def _operation(contract: Contract, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [str(contract.name)],
        "security": [{SECURITY_SCHEME: []}],
        "parameters": [_parameter(_wire_name(name)) for name in PATH_PARAMETER.findall(operation.path)],
        "responses": {"200": _json("Done", operation.answer), **_refusals(contract, operation)},
    }
    if operation.body:
        described["requestBody"] = {"required": True, **_json("", operation.body)}
        del described["requestBody"]["description"]
    return described


def _refusals(contract: Contract, operation: Operation) -> dict[str, Any]:
    codes: dict[int, list[str]] = defaultdict(list)
    for error in (*contract.errors_of_a_call(operation), *operation.errors):
        status, code = contract.answer_of(error)
        if code not in codes[status]:
            codes[status].append(code)
    return {
        str(status): _json(", ".join(names), contract.error_schema) for status, names in sorted(codes.items())
    }


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


def _add_pages(spec: APISpec) -> None:
    health = {
        "type": "object",
        "required": ["status", "database", "version"],
        "properties": {name: {"type": "string"} for name in ("status", "database", "version")},
    }
    spec.path(
        path="/health",
        operations={
            "get": {
                "operationId": "health",
                "summary": "Tell whether the server and its database are well",
                "tags": ["server"],
                "responses": {"200": _json("UP", health), "503": _json("DOWN", health)},
            }
        },
    )
    token = {"name": "token", "in": "query", "required": True, "schema": {"type": "string"}}
    spec.path(
        path="/receipts/{paymentKey}",
        operations={
            "get": {
                "operationId": "receipt",
                "summary": "Show the receipt page that receipt.url links to",
                "tags": ["server"],
                "parameters": [_parameter("paymentKey"), token],
                "responses": {
                    "200": {
                        "description": "The page",
                        "content": {"text/html": {"schema": {"type": "string"}}},
                    },
                    "404": {"description": "No such receipt, or a wrong token"},
                },
            }
        },
    )
