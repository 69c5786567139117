"""Helpers that tests and step definitions share stand in `testkit`, and every helper that is named exists."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITES = ("tests", "step_defs", "testkit")


def files() -> Iterator[Path]:
    for suite in SUITES:
        yield from (ROOT / suite).rglob("*.py")


@cache
def ours(file: Path) -> tuple[str, ...]:
    """Name the modules of the suites that a file imports."""
    return tuple(
        node.module
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in SUITES
    )


def test_every_helper_that_is_imported_exists() -> None:
    missing = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in files()
        for module in ours(file)
        if not (path := ROOT.joinpath(*module.split("."))).is_dir() and not path.with_suffix(".py").is_file()
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("suite", "stranger"),
    [("tests", "step_defs"), ("step_defs", "tests"), ("testkit", "tests"), ("testkit", "step_defs")],
)
def test_the_suites_share_nothing_but_the_kit(suite: str, stranger: str) -> None:
    shared = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in (ROOT / suite).rglob("*.py")
        for module in ours(file)
        if module.split(".")[0] == stranger
    }
    assert shared == set()


def test_no_file_of_the_suites_is_longer_than_300_lines() -> None:
    long = {str(file.relative_to(ROOT)) for file in files() if file.read_text("utf-8").count("\n") > 300}
    assert long == set()
