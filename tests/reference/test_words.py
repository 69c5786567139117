"""The reference says what everything is, in either language."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from payments_mock.app import create_app
from payments_mock.control.api import CONTROL
from payments_mock.http.dispatcher import dispatcher_of
from payments_mock.reference.words import answers_by_name, operations_by_name, words_by_name
from payments_mock.settings import Settings
from testkit.inside.shop import basic
from tests.reference.recording import FILE, record, written

APIS = ("kiosk", "toss", "control")
HANGUL = re.compile("[가-힣]")
IDENTIFIERS = re.compile(r"[A-Z][A-Z0-9_]+(, [A-Z][A-Z0-9_]+)*")


def document(app: Flask, api: str, language: str | None = None) -> dict[str, Any]:
    query = {"contract": api} | ({} if language is None else {"lang": language})
    found: dict[str, Any] = app.test_client().get("/openapi.json", query_string=query).get_json()
    return found


def operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from path.values()


def described_things(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find every property of a schema, however deep, and every parameter; rules between fields are none."""
    for operation in operations(found):
        for parameter in operation.get("parameters", ()):
            yield f"{operation['operationId']}?{parameter['name']}", parameter
    for name, schema in found["components"]["schemas"].items():
        yield from properties(name, schema)


def properties(name: str, part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for field, described in part.get("properties", {}).items():
        yield f"{name}.{field}", described
        yield from properties(f"{name}.{field}", described)
    for inner in ("items", "additionalProperties"):
        if isinstance(part.get(inner), dict):
            yield from properties(f"{name}.{inner}", part[inner])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("api", APIS)
def test_every_field_and_parameter_is_described(app: Flask, api: str, language: str) -> None:
    things = list(described_things(document(app, api, language)))

    assert len(things) > 30
    assert [name for name, described in things if not described.get("description")] == []


@pytest.mark.parametrize("api", APIS)
def test_the_korean_reference_is_korean(app: Flask, api: str) -> None:
    found = document(app, api, "ko")
    texts = [found["info"]["description"], *(tag["name"] for tag in found["tags"])]
    texts += [described["description"] for _, described in described_things(found)]
    for operation in operations(found):
        texts += [operation["summary"], *operation["tags"]]
        texts += [answer["description"] for answer in operation["responses"].values()]

    # The codes of refusals are what they are.
    assert [text for text in texts if not HANGUL.search(text) and not IDENTIFIERS.fullmatch(text)] == []


def test_the_document_is_english_unless_korean_is_asked_for(app: Flask) -> None:
    assert document(app, "toss") == document(app, "toss", "en")
    assert not HANGUL.search(document(app, "toss")["info"]["description"])


@pytest.mark.parametrize("api", APIS)
def test_both_languages_describe_the_same(app: Flask, api: str) -> None:
    english, korean = document(app, api, "en"), document(app, api, "ko")

    validate(korean)
    assert without_words(korean) == without_words(english)


def without_words(part: Any) -> Any:
    if isinstance(part, list):
        return [without_words(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    words = {"description", "summary", "tags", "title", "info", "examples"}
    return {name: without_words(inner) for name, inner in part.items() if name not in words}


@pytest.mark.parametrize("api", APIS)
def test_operations_are_grouped(app: Flask, api: str) -> None:
    found = document(app, api, "en")
    groups = [tag["name"] for tag in found["tags"]]

    used = [operation["tags"] for operation in operations(found)]
    assert all(len(tags) == 1 and tags[0] in groups for tags in used)
    assert len(groups) == len(set(groups)) == len({tags[0] for tags in used})


def test_every_operation_has_a_group_and_a_korean_summary(app: Flask) -> None:
    apis = (*dispatcher_of(app).contracts.values(), CONTROL)
    known = {(str(api.name), operation.name) for api in apis for operation in api.operations}

    assert operations_by_name().keys() == known | {("server", "health"), ("server", "receipt")}


def test_no_words_are_kept_for_what_is_not_there(app: Flask) -> None:
    names: set[str] = set()
    for api in APIS:
        found = document(app, api)
        for name, _ in described_things(found):
            own = name in words_by_name()
            names.add(name if own else re.split(r"[.?]", name)[-1])

    kept = {name for name in words_by_name() if " " not in name}
    assert kept - names == set()


def test_a_rule_that_the_code_tells_in_english_is_told_in_korean_too(app: Flask) -> None:
    """What the schemas say of a field is a rule: its Korean stands in a row of the field's own."""
    for api in (*dispatcher_of(app).contracts.values(), CONTROL):
        for operation in api.operations:
            for kind, schema in ((operation.name, operation.query), (None, operation.body)):
                if schema is None:
                    continue
                mark = "?" if kind else "."
                of = kind or type(schema).__name__.removesuffix("Schema")
                for name, field in schema.fields.items():
                    field_name = field.data_key or name
                    if "description" in field.metadata and f"{of}{mark}{field_name}" not in words_by_name():
                        assert words_by_name()[field_name].english == ""


@pytest.mark.parametrize("api", APIS)
def test_every_answer_has_an_example_that_a_server_gave(app: Flask, api: str) -> None:
    found = document(app, api)
    for operation in operations(found):
        content = operation["responses"]["200"].get("content", {}).get("application/json")
        if content is None:
            assert operation["operationId"] in {"receipt", "billing-delete"}
            continue
        assert content["example"] == answers_by_name()[api][operation["operationId"]]
        schema = {"allOf": [content["schema"]], "components": found["components"]}
        OAS30Validator(schema).validate(content["example"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_refusal_of_the_toss_contract_is_shown_as_it_is_answered(language: str) -> None:
    app = create_app(Settings(log_format="none"))
    confirm = document(app, "toss", language)["paths"]["/v1/payments/confirm"]["post"]
    examples = confirm["responses"]["403"]["content"]["application/json"]["examples"]

    for code, example in list(examples.items())[:5]:
        headers = {
            "Authorization": basic("test_sk_toss_dummy:"),
            "TossPayments-Test-Code": code,
            "Accept-Language": language,
        }
        answer = app.test_client().post("/v1/payments/confirm", json={}, headers=headers)
        assert answer.get_json() == example["value"]


@pytest.mark.parametrize("api", ["kiosk", "toss"])
def test_refusals_are_shown_by_code(app: Flask, api: str) -> None:
    for operation in operations(document(app, api)):
        for status, answer in operation["responses"].items():
            if status.startswith("4") and operation["operationId"] != "receipt":
                examples = answer["content"]["application/json"]["examples"]
                assert examples.keys() <= set(answer["description"].split(", "))


def test_the_examples_are_what_a_server_answers() -> None:
    assert FILE.read_bytes() == written(record()), "python -m tests.reference.recording writes them anew"
