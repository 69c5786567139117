"""What the code says of the contract, in the terms of `docs/toss-fidelity.md`, and that page's tables."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from marshmallow import Schema, fields

from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from tests.contracts.toss.conditions import CHECKOUTS, CONDITIONS
from tests.contracts.toss.test_real_conditions import FAULT_OF_OURS, OUTCOMES

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "toss-fidelity.md"


def answer_objects() -> Mapping[str, Schema]:
    """Return every object that an answer is or holds, by name."""
    return _objects(operation.answer() for operation in TOSS_CONTRACT.operations if operation.answer)


def request_objects() -> Mapping[str, Schema]:
    """Return every object that a body or a query is or holds, by name."""
    return _objects(
        part for operation in TOSS_CONTRACT.operations for part in (operation.body, operation.query)
    )


def _objects(schemas: Iterator[Schema | None]) -> Mapping[str, Schema]:
    found: dict[str, Schema] = {}
    waiting = [schema for schema in schemas if schema is not None]
    while waiting:
        schema = waiting.pop(0)
        known = found.setdefault(type(schema).__name__.removesuffix("Schema"), schema)
        assert type(known) is type(schema), f"two objects are called {type(schema).__name__}"
        if known is schema:
            waiting += [part.schema for part in map(inner, schema.fields.values()) if _is_object(part)]
    return dict(sorted(found.items()))


def _is_object(field: fields.Field) -> bool:
    return isinstance(field, fields.Nested)


def inner(field: fields.Field) -> fields.Field:
    """Return the member field of a list, and any other field as it is."""
    return inner(field.inner) if isinstance(field, fields.List) else field


def kind_of(field: fields.Field) -> str:
    """Return the type of a field in words."""
    part = inner(field)
    many = isinstance(field, fields.List) or (isinstance(field, fields.Nested) and field.many)
    if isinstance(part, fields.Nested):
        name = f"`{type(part.schema).__name__.removesuffix('Schema')}`"
    elif isinstance(part, fields.Boolean):
        name = "true or false"
    elif isinstance(part, fields.Number):
        name = "number"
    else:
        name = "pairs of text" if isinstance(part, fields.Dict) else "text"
    return f"list of {name}" if many else name


def provoked_codes() -> set[str]:
    """Return the codes that the tests of real conditions provoke."""
    return {code for _, code, _ in (*CONDITIONS, *CHECKOUTS)} | OUTCOMES.keys() | {FAULT_OF_OURS}


@cache
def tables() -> Mapping[str, list[dict[str, str]]]:
    """Read the page's tables: rows by heading, cells by column; what comes before a heading under ''."""
    found: dict[str, list[dict[str, str]]] = {}
    heading, columns = "", []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = cells(line)
        elif set(line) - set("|- "):
            found.setdefault(heading, []).append(dict(zip(columns, cells(line), strict=True)))
    return found


def cells(line: str) -> list[str]:
    """Split a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


@cache
def names_in(file: str) -> frozenset[str]:
    """Name the tests in a file of the project, or the scenarios in a feature."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".feature"):
        return frozenset(re.findall(r"^ *Scenario(?: Outline)?: (.+)$", text, re.MULTILINE))
    tree = ast.parse(text)
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
