"""docs/pitfalls.md in both languages: each case is a scenario, against provider and kiosk, named there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testkit.pitfalls import PITFALLS

ROOT = Path(__file__).parents[2]
PAGES = ("pitfalls.md", "pitfalls.ko.md")
CASE = re.compile(r"^## (\d+)\. (.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
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


def cases_of(page: str) -> dict[int, str]:
    """Return what a page tells of each case."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {int(number): told for number, told in CASE.findall(text)}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_all_cases_in_order(page: str) -> None:
    assert list(cases_of(page)) == list(PITFALLS)


@pytest.mark.parametrize("number", PITFALLS)
def test_a_case_is_shown_against_the_provider(number: int) -> None:
    assert "provider" in {scenario.against for scenario in tagged(number)}


@pytest.mark.parametrize("number", sorted(set(PITFALLS) - WITHOUT_KIOSK))
def test_a_case_is_survived_by_the_kiosk(number: int) -> None:
    assert "kiosk" in {scenario.against for scenario in tagged(number)}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", PITFALLS)
def test_the_page_names_the_scenarios_of_a_case(number: int, page: str) -> None:
    told = cases_of(page)[number]
    named = [
        Scenario(against, name.replace("&lt;", "<").replace("&gt;", ">"), file)
        for against, name, file in NAMED.findall(told)
    ]

    assert len(named) == told.count("\n- ")
    assert set(named) == set(tagged(number))
