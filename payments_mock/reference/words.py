"""The words and examples of the reference, in both languages, from tables beside this module.

`operations.csv` has a row for each operation: its group and its Korean summary; the English one stands in the
code. `words.csv` describes fields by name: `Schema.field` or `operation?parameter` where the name alone says
too little; its English is empty where the code tells it. The words of the pages stand there too.
`answers.json` holds an answer of each operation as a server gave it.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import orjson

from payments_mock.api.catalogue import ENGLISH, KOREAN, catalogue

LANGUAGES: Final = (KOREAN, ENGLISH)
REFUSALS: Final = "refusals"
"""Under which name `answers.json` has the refusals of an API, by code."""

EXAMPLES: Final[Mapping[str, str | int]] = {
    "paymentKey": "JpEWqaYEY5bPh7ttGgRNXK13F40fjYY9dZY532GjdA5m67aZ",
    "orderId": "order_0001",
    "billingKey": "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=",
    "receiptKey": "m3yp58oGJ6ZEjmLVBxG1nNlO5AqQWMNk9rYw2aD7vXKb4RzP",
    "token": "1-0f4a6f0ad2c64a27b1a3f0c58e1d9b42",
    "sandbox": "bakery",
    "name": "lost",
    "webhook": 1,
    "call": 1,
    "delivery": 1,
    "entry": 1,
    "order": "order_0001",
}
"""Placeholders in paths, for things that must exist."""

KIOSK_EXAMPLES: Final[Mapping[str, str | int]] = {
    **EXAMPLES,
    "paymentKey": "pay_123",
    "orderId": "order_123",
}


class Words(NamedTuple):
    """What is said in either language."""

    english: str
    korean: str

    def say(self, language: str) -> str:
        """Return the words of a language."""
        return self.korean if language == KOREAN else self.english


@cache
def words_by_name() -> Mapping[str, Words]:
    """Return what `words.csv` says, by name."""
    return {row["name"]: Words(row["english"], row["korean"]) for row in _rows("words.csv")}


@cache
def operations_by_name() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return the group and the Korean summary of each operation, by the name of its API and its own."""
    return {(row["api"], row["operation"]): (row["tag"], row["korean"]) for row in _rows("operations.csv")}


@cache
def answers_by_name() -> Mapping[str, Mapping[str, Any]]:
    """Return the recorded answers, by the name of the API and the operation's."""
    answers: Mapping[str, Mapping[str, Any]] = orjson.loads(_text("answers.json"))
    return answers


def say(name: str, language: str) -> str:
    """Return what `words.csv` says under a name; the name itself where it says nothing."""
    found = words_by_name().get(name)
    return name if found is None else found.say(language)


def words_of(page: str, language: str) -> Mapping[str, str]:
    """Return the words of a page by name, in a language."""
    rows = words_by_name().items()
    return {
        name.partition(" ")[2]: words.say(language) for name, words in rows if name.startswith(f"{page} ")
    }


def describe(document: dict[str, Any], api: str, language: str) -> None:
    """Put words and examples into the OpenAPI document of an API, wherever it has none of its own."""
    document["info"] |= {"title": say(f"title {api}", language), "description": say(f"about {api}", language)}
    for name, scheme in document["components"]["securitySchemes"].items():
        scheme["description"] = say(f"security {name}", language)
    tags: dict[str, str] = {}
    for operation in _operations(document):
        tag = _describe_operation(operation, api, language)
        tags[tag] = say(f"tag {tag}", language)
        operation["tags"] = [tags[tag]]
    document["tags"] = [{"name": name} for name in tags.values()]
    for name, schema in document["components"]["schemas"].items():
        _describe_fields(schema, name, language)


def _describe_operation(operation: dict[str, Any], api: str, language: str) -> str:
    """Describe an operation and its parameters; returns which group it is in."""
    name = operation["operationId"]
    known = operations_by_name()
    tag, korean = known.get((api, name)) or known.get(("server", name)) or (api, operation["summary"])
    if language == KOREAN:
        operation["summary"] = korean
    for parameter in operation.get("parameters", ()):
        _describe_parameter(parameter, api, name, language)
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if content:
            _show_answers(content, api, name, status, answer["description"].split(", "), language)
        answer["description"] = say(answer["description"], language)
    return tag


def _show_answers(
    content: dict[str, Any], api: str, operation: str, status: str, codes: list[str], language: str
) -> None:
    """Add what was answered: the operation's answer, or an example for each code that it is refused with."""
    recorded = answers_by_name()[api]
    if status == "200":
        if operation in recorded:
            content["example"] = recorded[operation]
        return
    examples = {code: recorded[REFUSALS][code] for code in codes if code in recorded.get(REFUSALS, ())}
    if api == "toss":
        known = [catalogue()[code] for code in codes if code in catalogue()]
        examples = {entry.code: {"code": entry.code, "message": entry.message(language)} for entry in known}
    if examples:
        content["examples"] = {code: {"value": body} for code, body in examples.items()}


def _describe_parameter(parameter: dict[str, Any], api: str, operation: str, language: str) -> None:
    name = parameter["name"]
    _add_words(parameter, f"{operation}?{name}", name, language)
    examples = KIOSK_EXAMPLES if api == "kiosk" else EXAMPLES
    if parameter.get("required") and name in examples:
        parameter["example"] = examples[name]


def _describe_fields(schema: dict[str, Any], name: str, language: str) -> None:
    for field, described in schema.get("properties", {}).items():
        if "$ref" in described:
            # OpenAPI ignores what stands beside a `$ref`.
            described["allOf"] = [{"$ref": described.pop("$ref")}]
        _add_words(described, f"{name}.{field}", field, language)


def _add_words(described: dict[str, Any], name: str, field: str, language: str) -> None:
    """Describe a field; what the code says of it already, which is a rule, comes behind in English."""
    own = words_by_name().get(name)
    found = own or words_by_name().get(field)
    rule: str = described.get("description", "")
    if found is None or (rule and own is None and found.english):
        return
    if language == KOREAN:
        described["description"] = found.korean
    else:
        described["description"] = f"{found.english} {rule}".strip()


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for path in document["paths"].values() for operation in path.values())


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
