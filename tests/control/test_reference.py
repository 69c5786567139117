"""The control API describes itself, and says what would be right where a call is wrong."""

import json
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from payments_mock.api.operation import Operation
from payments_mock.control.api import CONTROL
from tests.control.desk import Desk


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    described: dict[str, Any] = app.test_client().get("/openapi.json?contract=control").get_json()
    return described


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_is_described_under_its_name(document: dict[str, Any]) -> None:
    described = {row["operationId"] for path in document["paths"].values() for row in path.values()}

    assert {operation.name for operation in CONTROL.operations} <= described


def test_names_are_given_once() -> None:
    names = [operation.name for operation in CONTROL.operations]

    assert len(names) == len(set(names))


def test_parameters_of_a_query_are_described(document: dict[str, Any]) -> None:
    listed = document["paths"]["/control/sandboxes/{sandbox}/journal"]["get"]["parameters"]

    assert {"sandbox", "orderId", "wait", "count"} <= {parameter["name"] for parameter in listed}


@pytest.mark.parametrize("operation", CONTROL.operations, ids=lambda operation: operation.name)
def test_every_error_that_an_operation_names_has_an_answer(operation: Operation) -> None:
    statuses = [CONTROL.answer_of(error)[0] for error in operation.errors]

    assert all(400 <= status < 500 for status in statuses)


def test_the_page_shows_it_beside_the_contracts(app: Flask) -> None:
    assert "/docs?contract=control" in app.test_client().get("/docs").text
    assert "/openapi.json?contract=control" in app.test_client().get("/docs?contract=control").text


def test_a_wrong_verb_is_told_the_right_ones(desk: Desk) -> None:
    answer = desk.call("PATCH", "sandboxes")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert answer.get_json() == {
        "code": "METHOD_NOT_ALLOWED",
        "message": "PATCH is not possible here; use GET or POST",
    }


def test_a_wrong_path_is_told_the_nearest(desk: Desk) -> None:
    answer = desk.call("GET", "sandboxs")

    assert answer.status_code == 404
    assert "did you mean /control/sandboxes?" in answer.get_json()["message"]


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '"x"', '{"a": 1}', '{"contract": NaN}'])
def test_a_body_that_is_no_good_is_refused(desk: Desk, text: str) -> None:
    answer = desk.call("POST", "journal/verify", data=text, content_type="application/json")

    assert answer.status_code == 400
    assert answer.get_json()["code"] == "INVALID_REQUEST"


def test_a_body_that_is_not_json_is_refused(desk: Desk) -> None:
    answer = desk.call("POST", "sandboxes", data="contract=toss", content_type="text/plain")

    assert (answer.status_code, answer.get_json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_fields_of_a_call_that_takes_none_are_refused(desk: Desk) -> None:
    answer = desk.call("POST", "sandboxes/kiosk/reset", json={"everything": True})

    assert list(answer.get_json()["errors"]) == ["everything"]


VALUES = (None, "", "\x00", "x" * 5000, -1, 1e300, 2**70, True, [], {}, ["x"], "🍔")


@pytest.mark.parametrize("operation", CONTROL.operations, ids=lambda operation: operation.name)
def test_no_value_of_its_fields_breaks(desk: Desk, operation: Operation) -> None:
    for value in VALUES:
        made = desk.sandbox(contract="toss").made
        path = operation.path.replace("<sandbox>", made["id"]).removeprefix("/control/")
        body = dict.fromkeys(operation.body.fields if operation.body else (), value)
        if "sandbox" in body:
            body["sandbox"] = made["id"]
        options: dict[str, Any] = {"data": json.dumps(body), "content_type": "application/json"}

        answer = desk.call(operation.method, path, **options if operation.method == "POST" else {})

        assert answer.status_code < 500, answer.text
        assert answer.is_json
