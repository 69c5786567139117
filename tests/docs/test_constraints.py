"""constraints.txt pins all packages for development, within the bounds of pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
EXTRAS = PROJECT["optional-dependencies"]
INSTALLED = ("postgres", "testing", "docs", "dev")
NEEDED = [
    Requirement(text)
    for text in [*PROJECT["dependencies"], *(line for name in INSTALLED for line in EXTRAS[name])]
    if not text.startswith("payments-mock")
]


def test_each_line_pins_a_version_and_names_no_place_to_get_it_from() -> None:
    assert [line for line in LINES if re.fullmatch(r"[\w.-]+==[\w.+!]+", line) is None] == []


@pytest.mark.parametrize("needed", NEEDED, ids=str)
def test_what_the_project_needs_is_pinned_within_its_bounds(needed: Requirement) -> None:
    pinned = {
        canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)
    }

    assert needed.specifier.contains(pinned[canonicalize_name(needed.name)])


@pytest.mark.parametrize("needed", NEEDED, ids=str)
def test_what_the_project_needs_has_an_upper_bound(needed: Requirement) -> None:
    assert {"<", "<="} & {part.operator for part in needed.specifier}


def test_make_installs_what_is_pinned() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installing = [line for line in makefile.splitlines() if "pip install" in line]

    assert installing
    assert [line for line in installing if "--constraint constraints.txt" not in line] == []
