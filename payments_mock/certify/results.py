"""Results of checks, scenarios and runs, and the exit code that follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from payments_mock.certify.checks import PITFALL_BY_ID, Pitfall
from payments_mock.story import Story


class Grade(StrEnum):
    """How a check or a scenario ended."""

    SURVIVES = "survives"
    WARNS = "warns"
    BREAKS = "breaks"
    INCONCLUSIVE = "inconclusive"
    UNTESTED = "untested"
    NOT_APPLICABLE = "not applicable"
    SUITE_ERROR = "suite error"


WORST_FIRST: Final = (
    Grade.BREAKS,
    Grade.SUITE_ERROR,
    Grade.INCONCLUSIVE,
    Grade.UNTESTED,
    Grade.WARNS,
    Grade.SURVIVES,
    Grade.NOT_APPLICABLE,
)

EXIT_CERTIFIED: Final = 0
EXIT_BREAKS: Final = 1
EXIT_USAGE: Final = 2
EXIT_OPEN: Final = 3
EXIT_SUITE_ERROR: Final = 70
EXIT_INTERRUPTED: Final = 130
EXIT_CODES: Final = {
    EXIT_CERTIFIED: "certified",
    EXIT_BREAKS: "something breaks",
    EXIT_USAGE: "wrong use",
    EXIT_OPEN: "something is inconclusive or untested",
    EXIT_SUITE_ERROR: "suite error",
    EXIT_INTERRUPTED: "interrupted",
}
"""What each exit code says; the help and docs/certify.md tell it in these words."""
WORST_CODES_FIRST: Final = (EXIT_INTERRUPTED, EXIT_BREAKS, EXIT_SUITE_ERROR, EXIT_OPEN, EXIT_CERTIFIED)


@dataclass(frozen=True)
class Finding:
    """How one check came out in one scenario, with what was seen in one sentence."""

    check: str
    grade: Grade
    sentence: str = ""
    korean: str = ""


@dataclass(frozen=True)
class ScenarioResult:
    """How a scenario ended: its findings, why it says nothing if that is so, and its story."""

    id: str
    pitfall: str
    title: str
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    grade_without: Grade | None = None
    stories: tuple[Story, ...] = ()
    curls: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def grade(self) -> Grade:
        """Its worst finding, or what became of it if it has none."""
        if self.grade_without is not None:
            return self.grade_without
        return worst(finding.grade for finding in self.findings)

    @property
    def of(self) -> Pitfall:
        """The pitfall that it is a scenario of."""
        return PITFALL_BY_ID[self.pitfall]

    @property
    def worst_findings(self) -> tuple[Finding, ...]:
        """The findings that made its grade."""
        return tuple(finding for finding in self.findings if finding.grade is self.grade)


@dataclass(frozen=True)
class Certificate:
    """A whole run against one merchant."""

    merchant: str
    contract: str
    profile: str
    results: tuple[ScenarioResult, ...]
    seconds: float = 0.0
    was_interrupted: bool = False
    stale: tuple[str, ...] = ()
    known: frozenset[str] = field(default_factory=frozenset)

    @property
    def counts(self) -> Mapping[Grade, int]:
        """The number of scenarios by result."""
        return {grade: sum(result.grade is grade for result in self.results) for grade in WORST_FIRST}

    @property
    def checks(self) -> Mapping[str, Grade]:
        """Each check's worst grade over all scenarios."""
        grades: dict[str, list[Grade]] = {}
        for result in self.results:
            for finding in result.findings:
                grades.setdefault(finding.check, []).append(finding.grade)
        return {check: worst(grades[check]) for check in sorted(grades)}

    def by_pitfall(self) -> Mapping[str, Sequence[ScenarioResult]]:
        """The results by pitfall, in the order of their numbers."""
        found: dict[str, list[ScenarioResult]] = {}
        for result in sorted(self.results, key=lambda one: one.of.number):
            found.setdefault(result.pitfall, []).append(result)
        return found

    def exit_code(self, *, strict: bool = False) -> int:
        """Return the exit code; a known failure does not count, one that is known and passes does."""
        if self.was_interrupted:
            return EXIT_INTERRUPTED
        grades = {result.grade for result in self.results if result.id not in self.known}
        if Grade.BREAKS in grades or self.stale or (strict and Grade.WARNS in grades):
            return EXIT_BREAKS
        if Grade.SUITE_ERROR in grades:
            return EXIT_SUITE_ERROR
        tested = any(result.grade in (Grade.SURVIVES, Grade.WARNS) for result in self.results)
        if grades & {Grade.INCONCLUSIVE, Grade.UNTESTED} or not (tested or self.known):
            return EXIT_OPEN
        return EXIT_CERTIFIED


def worst(grades: Iterable[Grade]) -> Grade:
    """Return the worst of some grades; of none, `not applicable`."""
    found = set(grades)
    return next((grade for grade in WORST_FIRST if grade in found), Grade.NOT_APPLICABLE)


def with_baseline(certificate: Certificate, known: Iterable[str]) -> Certificate:
    """Return the run judged by a list of known failures; an entry that passes now is stale."""
    listed = frozenset(known)
    graded = {result.id: result.grade for result in certificate.results}
    passing = (Grade.SURVIVES, Grade.WARNS)
    stale = tuple(sorted(one for one in listed if graded.get(one) in passing))
    return replace(certificate, stale=stale, known=listed - set(stale))
