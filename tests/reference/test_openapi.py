"""The OpenAPI document: valid, and it promises neither more nor less than the contract keeps."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from payments_mock.api.operation import Contract, Operation
from payments_mock.http.dispatcher import dispatcher_of
from testkit.inside.shop import PAYMENT, Shop


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """Lend the document of the default contract."""
    response = app.test_client().get("/openapi.json")
    assert response.content_type == "application/json"
    answered: dict[str, Any] = response.get_json()
    return answered


@pytest.fixture
def kiosk(app: Flask) -> Contract:
    return next(iter(dispatcher_of(app).contracts.values()))


WIRE_NAMES = {"payment_key": "paymentKey", "order_id": "orderId"}


def described(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Return what the document says of an operation."""
    path = re.sub(r"<(\w+)>", lambda parameter: f"{{{WIRE_NAMES[parameter[1]]}}}", operation.path)
    found: dict[str, Any] = document["paths"][path][operation.method.lower()]
    return found


def test_the_document_of_every_contract_is_valid(app: Flask) -> None:
    for name in dispatcher_of(app).contracts:
        validate(app.test_client().get(f"/openapi.json?contract={name}").get_json())


def test_an_unknown_contract_is_refused_with_the_known_ones(app: Flask) -> None:
    response = app.test_client().get("/openapi.json?contract=nobody")

    assert response.status_code == 400
    assert "kiosk" in response.get_json()["message"]


def test_every_operation_is_described_under_its_name(document: dict[str, Any], kiosk: Contract) -> None:
    for operation in kiosk.operations:
        assert described(document, operation)["operationId"] == operation.name


def test_every_status_that_the_tables_can_give_is_described(
    document: dict[str, Any], kiosk: Contract
) -> None:
    for operation in kiosk.operations:
        errors = (*kiosk.errors_of_a_call(operation), *operation.errors)
        promised = {"200", *(str(kiosk.answer_of(error)[0]) for error in errors)}

        assert set(described(document, operation)["responses"]) - {"500", "default"} == promised


def test_every_code_that_the_tables_can_give_is_named(document: dict[str, Any], kiosk: Contract) -> None:
    for operation in kiosk.operations:
        responses = described(document, operation)["responses"]
        for status, code in map(kiosk.answer_of, (*kiosk.errors_of_a_call(operation), *operation.errors)):
            assert code in responses[str(status)]["description"]


def test_a_path_parameter_is_spelt_as_the_integration_guide_spells_it(document: dict[str, Any]) -> None:
    cancel = document["paths"]["/v1/payments/{paymentKey}/cancel"]["post"]

    assert [(parameter["name"], parameter["in"]) for parameter in cancel["parameters"]] == [
        ("paymentKey", "path")
    ]


def test_every_operation_asks_for_the_secret_key(document: dict[str, Any], kiosk: Contract) -> None:
    scheme = document["components"]["securitySchemes"]["secretKey"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "basic")
    for operation in kiosk.operations:
        assert described(document, operation)["security"] == [{"secretKey": []}]


def test_nothing_is_described_that_the_server_does_not_have(app: Flask, document: dict[str, Any]) -> None:
    shop = Shop(app, "test_sk_dummy")
    for path, operations in document["paths"].items():
        for method in operations:
            called = shop.call(method.upper(), re.sub(r"{\w+}", "unknown", path))

            assert called.status_code != 405
            assert "there is no" not in called.text or path.startswith("/receipts")


def patterns(part: Any) -> list[str]:
    """Find every pattern in a document."""
    if isinstance(part, dict):
        own = [part["pattern"]] if isinstance(part.get("pattern"), str) else []
        return own + [pattern for inner in part.values() for pattern in patterns(inner)]
    return [pattern for inner in part for pattern in patterns(inner)] if isinstance(part, list) else []


def test_patterns_are_written_for_clients_in_every_language(document: dict[str, Any]) -> None:
    found = patterns(document)

    assert found
    for pattern in found:
        assert re.search(r"\\[AZz]", pattern) is None, "JSON Schema knows ECMAScript's patterns only"


def test_the_amount_is_described_with_its_bounds(document: dict[str, Any]) -> None:
    amount = document["components"]["schemas"]["PaymentRequest"]["properties"]["amount"]

    assert (amount["type"], amount["minimum"], amount["maximum"]) == ("integer", 1, 2**53 - 1)


def test_the_example_of_a_payment_is_the_integration_guide_s(app: Flask, document: dict[str, Any]) -> None:
    fields = document["components"]["schemas"]["PaymentRequest"]["properties"]
    example = {name: field["example"] for name, field in fields.items()}

    assert example == PAYMENT
    assert Shop(app, "test_sk_dummy").create(**example).status_code == 200
