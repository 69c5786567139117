"""docs/pitfalls.md: each case is a scenario, against the provider and against the kiosk, and named there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testkit.pitfalls import PITFALLS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "pitfalls.md").read_text(encoding="utf-8")
CASES = {int(number): text for number, text in re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", PAGE, re.M | re.S)}
NAMED = re.compile(
    r"^- (provider|kiosk): (.+) \(\[[\w/]+\]\(\.\./(features/[\w/]+\.feature)\)\)$", re.MULTILINE
)
SCENARIO = re.compile(r"\s*Scenario(?: Outline)?: (.+)")
WITHOUT_KIOSK = {8, 21}
"""The kiosk takes no signed events, and gives all of the money back or none."""


@dataclass(frozen=True)
class Scenario:
    """A scenario that shows a case, by the words of the page."""

    against: str
    name: str
    file: str


def tagged(number: int) -> Iterator[Scenario]:
    """Find the scenarios that are tagged with a case."""
    for file in sorted(ROOT.glob("features/**/*.feature")):
        tags: list[str] = []
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("@"):
                tags = line.split()
            elif found := SCENARIO.fullmatch(line):
                if f"@pitfall-{number}" in tags:
                    against = "kiosk" if "@merchant" in tags else "provider"
                    yield Scenario(against, found[1], file.relative_to(ROOT).as_posix())
                tags = []


def test_the_page_has_all_cases_in_order() -> None:
    assert list(CASES) == list(PITFALLS)


@pytest.mark.parametrize("number", PITFALLS)
def test_a_case_is_shown_against_the_provider(number: int) -> None:
    assert "provider" in {scenario.against for scenario in tagged(number)}


@pytest.mark.parametrize("number", sorted(set(PITFALLS) - WITHOUT_KIOSK))
def test_a_case_is_survived_by_the_kiosk(number: int) -> None:
    assert "kiosk" in {scenario.against for scenario in tagged(number)}


@pytest.mark.parametrize("number", PITFALLS)
def test_the_page_names_the_scenarios_of_a_case(number: int) -> None:
    named = [
        Scenario(against, name.replace("&lt;", "<").replace("&gt;", ">"), file)
        for against, name, file in NAMED.findall(CASES[number])
    ]

    assert len(named) == CASES[number].count("\n- ")
    assert set(named) == set(tagged(number))
