"""Report a run: on the terminal, and as HTML, JSON, JUnit and Markdown."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from jinja2 import Environment

from payments_mock.certify.checks import CHECK_BY_ID, PITFALLS, Pitfall
from payments_mock.certify.results import Certificate, Grade, ScenarioResult, worst
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
    """Return its result in words: in money if there is a finding."""
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
    yield f"  Read on: docs/certify-mending.md#{_anchor(result)} and docs/pitfalls.md, case {pitfall.number}"
    yield f"  Again, alone: {command} --run {result.id}"
    for curl in result.curls:
        yield f"    {curl}"


def _anchor(result: ScenarioResult) -> str:
    """Return the place on the page of mending: that of the check that failed first, else of the pitfall."""
    is_about_a_check = result.worst_findings and not result.reason
    return result.worst_findings[0].check.replace("/", "-") if is_about_a_check else result.pitfall


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


GRADES_IN_KOREAN: Final = {
    Grade.SURVIVES: "견딤",
    Grade.WARNS: "주의",
    Grade.BREAKS: "깨짐",
    Grade.INCONCLUSIVE: "판정 불가",
    Grade.UNTESTED: "확인 못 함",
    Grade.NOT_APPLICABLE: "해당 없음",
    Grade.SUITE_ERROR: "검사 도구 오류",
}
_VOLATILE: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?|[A-Za-z0-9_-]*\d[A-Za-z0-9_-]{19,}"
)


def masked(text: str, volatile: Sequence[str]) -> str:
    """Put a star in the place of ids, keys and times, so that two runs differ only where behaviour does."""
    for name in sorted(filter(None, volatile), key=len, reverse=True):
        text = text.replace(name, "*")
    return _VOLATILE.sub("*", text)


def as_json(certificates: Sequence[Certificate], command: str) -> str:
    """Write a run as JSON without what differs from run to run by itself."""
    content = [_merchant(certificate) for certificate in certificates]
    return json.dumps({"command": command, "merchants": content}, ensure_ascii=False, indent=2) + "\n"


def _merchant(certificate: Certificate) -> dict[str, Any]:
    return {
        "merchant": certificate.merchant,
        "contract": certificate.contract,
        "profile": certificate.profile,
        "exitCode": certificate.exit_code(),
        "counts": {str(grade): count for grade, count in certificate.counts.items()},
        "checks": dict(certificate.checks),
        "stale": list(certificate.stale),
        "scenarios": [_scenario(result) for result in certificate.results],
    }


def _scenario(result: ScenarioResult) -> dict[str, Any]:
    def said(text: str) -> str:
        return masked(text, result.volatile)

    return {
        "id": result.id,
        "pitfall": result.pitfall,
        "number": result.of.number,
        "title": result.title,
        "grade": result.grade,
        "reason": said(result.reason),
        "findings": [
            {"check": one.check, "grade": one.grade, "sentence": said(one.sentence)}
            for one in result.findings
        ],
        "stories": [
            [{"lane": row.lane, "did": said(row.did), "outcome": said(row.outcome)} for row in story.rows]
            for story in result.stories
        ],
    }


def as_junit(certificates: Sequence[Certificate], command: str) -> str:
    """Write a run as JUnit: a suite a merchant, a case a scenario."""
    root = ElementTree.Element("testsuites", name="payments-mock certify")
    for certificate in certificates:
        counts = certificate.counts
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=certificate.merchant,
            tests=str(len(certificate.results)),
            failures=str(counts[Grade.BREAKS]),
            errors=str(sum(counts[one] for one in (Grade.SUITE_ERROR, Grade.INCONCLUSIVE, Grade.UNTESTED))),
            skipped=str(counts[Grade.NOT_APPLICABLE]),
            time=str(certificate.seconds),
        )
        for result in certificate.results:
            _case(suite, result, command)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, result: ScenarioResult, command: str) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", name=result.id, classname=f"certify.{result.pitfall}", time=str(result.seconds)
    )
    if result.grade is Grade.NOT_APPLICABLE:
        ElementTree.SubElement(case, "skipped", message=_without_controls(result.reason))
    elif result.grade not in (Grade.SURVIVES, Grade.WARNS):
        kind = "failure" if result.grade is Grade.BREAKS else "error"
        told = ElementTree.SubElement(
            case, kind, message=_without_controls(sentence_of(result)), type=result.grade
        )
        told.text = _without_controls("\n".join(explained(result, command)))


def _without_controls(text: str) -> str:
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", text)


def as_markdown(certificates: Sequence[Certificate], command: str) -> str:
    """Write a run as Markdown, for the summary of a CI job."""
    lines = []
    for certificate in certificates:
        lines += [
            f"## {certificate.merchant}",
            "",
            summary(certificate),
            "",
            "| | pitfall | result |",
            "| --- | --- | --- |",
        ]
        for results in certificate.by_pitfall().values():
            pitfall = results[0].of
            grade = worst(result.grade for result in results)
            lines.append(f"| {pitfall.number} | {pitfall.title} | {MARKS[grade]} |")
        for result in certificate.results:
            if result.grade not in (Grade.SURVIVES, Grade.NOT_APPLICABLE):
                told = "\n".join(explained(result, command))
                lines += [
                    "",
                    f"<details><summary>{result.id}: {result.grade}</summary>",
                    "",
                    "```text",
                    told,
                    "```",
                    "",
                    "</details>",
                ]
        lines.append("")
    return "\n".join(lines)


def as_html(certificates: Sequence[Certificate], command: str, language: str = "en") -> str:
    """Write a run as one page that needs nothing else, in both languages; it opens in `language`."""
    template = files("payments_mock.certify").joinpath("report.html").read_text("utf-8")
    page = Environment(autoescape=True).from_string(template)
    return page.render(
        certificates=certificates,
        command=command,
        language=language,
        grades=GRADES_IN_KOREAN,
        checks=CHECK_BY_ID,
        drawn=drawn,
        pitfalls=PITFALLS,
        titles=tomllib.loads(files("payments_mock.certify").joinpath("scenarios.ko.toml").read_text("utf-8")),
        worst=lambda results: worst(result.grade for result in results),
    )


_BADGE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="payments: {told}">
<rect width="{width}" height="20" rx="3" fill="#555"/>
<rect x="66" width="{right}" height="20" rx="3" fill="{color}"/>
<g fill="#fff" font-family="Verdana,sans-serif" font-size="11" text-anchor="middle">
<text x="33" y="14">payments</text><text x="{middle}" y="14">{told}</text></g></svg>
"""


def as_badge(certificates: Sequence[Certificate], command: str) -> str:
    """Write a badge for a page: green with the profile if all merchants are certified."""
    good = bool(certificates) and all(one.exit_code() == 0 for one in certificates)
    told = f"certified {certificates[0].profile}" if good else "not certified"
    right = 7 * len(told) + 10
    color = "#116329" if good else "#b3261e"
    return _BADGE.format(width=66 + right, right=right, middle=66 + right // 2, told=told, color=color)


WRITERS: Final[Mapping[str, Callable[[Sequence[Certificate], str], str]]] = {
    "html": as_html,
    "html-ko": lambda certificates, command: as_html(certificates, command, "ko"),
    "json": as_json,
    "junit": as_junit,
    "md": as_markdown,
    "badge": as_badge,
}


def write_reports(wanted: Mapping[str, str], certificates: Sequence[Certificate], command: str) -> None:
    """Write each report to its file.

    Raises:
        OSError: a file can't be written.
    """
    for kind, path in wanted.items():
        Path(path).write_text(WRITERS[kind](certificates, command), "utf-8")
