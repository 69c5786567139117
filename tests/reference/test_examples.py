"""Every example that the reference shows is one that works: sent as it is, it does what the document says."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from openapi_schema_validator import OAS30Validator

from testkit.processes import ServerProcess, running_server
from testkit.sandbox import send

DUPLICATE = "DUPLICATED_ORDER_ID"
KEYS = {"kiosk": "test_sk_dummy", "toss": "test_sk_toss_dummy", "control": None}


@pytest.fixture(scope="module", params=KEYS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, api: str) -> Iterator[ServerProcess]:
    """Run a server for one API, whose examples meet no other's."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp(api)) as server:
        yield server


@pytest.fixture(scope="module")
def document(server: ServerProcess, api: str) -> dict[str, Any]:
    found: dict[str, Any] = send("GET", f"{server.url}/openapi.json?contract={api}").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return all operations; those that take something away come last, so that they take it from nobody."""
    paths = document["paths"].items()
    found = [(method, path, each) for path, methods in paths for method, each in methods.items()]
    return sorted(found, key=lambda one: (one[0] == "delete", -len(one[1])))


def shown(document: dict[str, Any], described: Mapping[str, Any]) -> Any:
    """Return the example of a parameter or of a body, of its schema where that has one."""
    if "example" in described:
        return described["example"]
    schema = described.get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("example")


def address(document: dict[str, Any], path: str, operation: Mapping[str, Any]) -> str:
    """Fill a path and its query with the examples; what has none may be left out, or the test fails."""
    parameters = operation.get("parameters", ())
    values = {each["name"]: shown(document, each) for each in parameters if each["in"] == "path"}
    filled = re.sub(r"\{(\w+)\}", lambda found: quote(str(values[found[1]]), safe=""), path)
    asked = {each["name"]: shown(document, each) for each in parameters if each["in"] == "query"}
    needed = {each["name"] for each in parameters if each["in"] == "query" and each.get("required")}
    given = {name: value for name, value in asked.items() if value is not None}
    assert needed <= given.keys(), f"{path} has no example of {needed - given.keys()}"
    return filled + (f"?{urlencode(given, doseq=True)}" if given else "")


def body_of(document: dict[str, Any], operation: Mapping[str, Any]) -> Any:
    asked = operation.get("requestBody")
    return None if asked is None else shown(document, asked["content"]["application/json"])


def test_every_example_is_answered_as_the_document_says(
    server: ServerProcess, document: dict[str, Any], api: str
) -> None:
    key = KEYS[api]
    strange = []
    for method, path, operation in operations(document):
        answer = send(
            method.upper(),
            server.url + address(document, path, operation),
            auth=None if key is None else (key, ""),
            json=body_of(document, operation),
        )
        # What an example names may not be there, and its order be paid by another; that it is malformed,
        # or from a stranger, may never be.
        documented = operation["responses"].keys() - {"400", "401"}
        is_paid = DUPLICATE in answer.text and "400" in operation["responses"]
        if str(answer.status_code) not in documented and not is_paid:
            strange.append((operation["operationId"], answer.status_code, answer.text[:300]))

    assert strange == []


def field_examples(document: dict[str, Any]) -> dict[str, tuple[dict[str, Any], Any]]:
    """Return the description and the example of each field that shows one, by object and field."""
    objects = document["components"]["schemas"].items()
    return {
        f"{name}.{field}": (described, described["example"])
        for name, schema in objects
        for field, described in schema.get("properties", {}).items()
        if "example" in described
    }


def test_every_field_allows_the_example_that_it_shows(document: dict[str, Any]) -> None:
    shown = field_examples(document)

    assert len(shown) >= 5
    assert [
        name
        for name, (described, example) in shown.items()
        if not OAS30Validator({"allOf": [described], "components": document["components"]}).is_valid(example)
    ] == []


@pytest.mark.parametrize("api", ["control"], indirect=True, scope="module")
def test_a_sandbox_is_made_of_the_example_of_every_field(
    server: ServerProcess, document: dict[str, Any]
) -> None:
    shown = field_examples(document).items()
    wanted = {name.partition(".")[2]: example for name, (_, example) in shown if name.startswith("SandboxR")}

    made = send("POST", f"{server.url}/control/sandboxes", json=wanted | {"contract": "toss"})

    assert made.status_code == 200, made.text
    keys = {name: value for name, value in wanted.items() if name.endswith("Key")}
    assert len(keys) == 4
    assert {name: made.json()[name] for name in keys} == keys
