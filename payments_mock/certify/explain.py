"""A result in words: what it cost, what was expected and why, the story, what causes it and mends it."""

from collections.abc import Iterator, Sequence
from typing import Final

from payments_mock.certify.checks import CHECK_BY_ID, Pitfall
from payments_mock.certify.results import Certificate, Grade, ScenarioResult
from payments_mock.story import drawn

MARKS: Final = {
    Grade.SURVIVES: "ok",
    Grade.WARNS: "warns",
    Grade.BREAKS: "BREAKS",
    Grade.INCONCLUSIVE: "inconclusive",
    Grade.UNTESTED: "untested",
    Grade.NOT_APPLICABLE: "-",
    Grade.SUITE_ERROR: "SUITE ERROR",
}


def line_of_result(result: ScenarioResult) -> str:
    """Return one line that says how a scenario came out."""
    return f"{MARKS[result.grade]:<13} {result.of.number:>2} {result.id:<28} {result.title}"


def sentence_of(result: ScenarioResult) -> str:
    """Say what came of it: in money where there is a finding."""
    if result.reason:
        return result.reason
    findings = result.worst_findings
    return findings[0].sentence if findings else ""


def explained(result: ScenarioResult, command: str) -> Iterator[str]:
    """Say all about a scenario that did not come out well, a line at a time."""
    pitfall = result.of
    yield f"{MARKS[result.grade]}: {result.title}  [{result.id}]"
    yield f"  {sentence_of(result)}"
    for check in dict.fromkeys(finding.check for finding in result.worst_findings):
        if result.grade is not Grade.SURVIVES and not result.reason:
            yield f"  Expected ({check}): {CHECK_BY_ID[check].expects}"
    yield f"  Why it matters: {pitfall.why}"
    for story in result.stories:
        yield ""
        yield from (f"    {line}" for line in drawn(story).splitlines())
    yield ""
    yield f"  Usual cause: {pitfall.cause}"
    yield f"  How to mend it: {pitfall.mend}"
    yield f"  Read on: docs/pitfalls.md, case {pitfall.number}"
    yield f"  Again, alone: {command} --run {result.id}"
    for curl in result.curls:
        yield f"    {curl}"


def summary(certificate: Certificate) -> str:
    """Return the one line at the end."""
    counts = ", ".join(f"{count} {grade}" for grade, count in certificate.counts.items() if count)
    broken = [certificate.by_pitfall()[one][0].of for one in _broken(certificate)]
    names = "; breaks " + ", ".join(f"{one.number} {one.id}" for one in broken) if broken else ""
    return f"{certificate.merchant}: {counts or 'nothing ran'}{names} ({certificate.seconds:.1f} s)"


def _broken(certificate: Certificate) -> Sequence[str]:
    return [
        pitfall
        for pitfall, results in certificate.by_pitfall().items()
        if any(result.grade is Grade.BREAKS for result in results)
    ]


def about_pitfall(pitfall: Pitfall) -> Iterator[str]:
    """Say all about a pitfall and its checks, a line at a time."""
    yield f"{pitfall.number}. {pitfall.title}  [{pitfall.id}]"
    yield f"  {pitfall.why}"
    yield f"  Usual cause: {pitfall.cause}"
    yield f"  How to mend it: {pitfall.mend}"
    for check in pitfall.checks:
        yield f"  {check.severity:<7} {check.id:<40} {check.expects}"
