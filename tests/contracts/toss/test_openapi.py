"""The OpenAPI document of the Toss contract: valid, whole, and readable for clients in other languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from payments_mock.api.operation import Operation
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from testkit.inside.toss_stage import Stage


@pytest.fixture(scope="module")
def document(stage: Stage) -> dict[str, Any]:
    answered: dict[str, Any] = stage.app.test_client().get("/openapi.json?contract=toss").get_json()
    return answered


def described(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """Return what the document says of an operation, found by its name."""
    found = [
        call
        for path in document["paths"].values()
        for call in path.values()
        if call["operationId"] == operation.name
    ]
    assert len(found) == 1
    call: dict[str, Any] = found[0]
    return call


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_every_operation_is_described_with_what_it_takes_and_gives(
    document: dict[str, Any], operation: Operation
) -> None:
    call = described(document, operation)

    queried = {one["name"] for one in call["parameters"] if one["in"] == "query"}
    assert queried == (set(operation.query.fields) if operation.query else set())
    assert ("requestBody" in call) == (operation.body is not None)
    assert ("content" in call["responses"]["200"]) == (operation.answer is not None)


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_every_code_that_an_operation_can_give_is_named(
    document: dict[str, Any], operation: Operation
) -> None:
    responses = described(document, operation)["responses"]

    for error in (*TOSS_CONTRACT.errors_of_a_call(operation), *operation.errors):
        status, code = TOSS_CONTRACT.answer_of(error)
        assert code in responses[str(status)]["description"]


def patterns(part: Any) -> Iterator[str]:
    """Find every pattern in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for inner in part.values():
            yield from patterns(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from patterns(inner)


def test_patterns_are_written_for_clients_in_every_language(document: dict[str, Any]) -> None:
    found = set(patterns(document))

    assert found
    assert not [pattern for pattern in found if re.search(r"\\[AZz]", pattern)]
