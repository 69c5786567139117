"""The features speak the domain, in few sentences: one way to say a thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_bdd.parser import FeatureParser

FEATURES = Path(__file__).parents[2] / "features"
MOST_SENTENCES = 550
VALUE = re.compile(r'"[^"]*"|<[^>]+>|-?\d[\d,]*')
"""What stands for a value in a sentence: something quoted, a placeholder, a number."""
OF_MACHINES = {
    "JSON": re.compile(r'\{"|\[\{|": '),
    "an ISO duration": re.compile(r"\bP(\d+D|T?\d+[HMS])\b"),
    "a query string": re.compile(r"[?&]\w+="),
}
THE_GUIDES_OWN_SESSION = "provider/guide.feature"
"""It is pasted from the guide, curl lines, JSON and all."""


def features() -> Iterator[Path]:
    yield from sorted(FEATURES.rglob("*.feature"))


def sentences() -> Iterator[str]:
    for path in features():
        feature = FeatureParser(str(path.parent), path.name).parse()
        for scenario in feature.scenarios.values():
            yield from (step.name for step in scenario._steps)
        if feature.background:
            yield from (step.name for step in feature.background.steps)


def test_the_features_say_all_in_few_sentences() -> None:
    said = {VALUE.sub("...", sentence) for sentence in sentences()}
    assert 0 < len(said) <= MOST_SENTENCES


@pytest.mark.parametrize("what", OF_MACHINES)
def test_the_features_speak_no_language_of_machines(what: str) -> None:
    spoken = {
        f"{path.relative_to(FEATURES)}:{number} {line.strip()}"
        for path in features()
        if path != FEATURES / THE_GUIDES_OWN_SESSION
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if OF_MACHINES[what].search(line)
    }
    assert spoken == set()
