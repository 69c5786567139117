"""Reports say the same in every form, and only behaviour makes two of them differ."""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from payments_mock.certify.checks import CHECKS, PITFALLS
from payments_mock.certify.reports import (
    as_badge,
    as_html,
    as_json,
    as_junit,
    as_markdown,
    explained,
    summary,
)
from payments_mock.certify.results import (
    EXIT_BREAKS,
    EXIT_CERTIFIED,
    EXIT_INTERRUPTED,
    EXIT_OPEN,
    EXIT_SUITE_ERROR,
    Certificate,
    Finding,
    Grade,
    ScenarioResult,
    with_baseline,
)
from payments_mock.certify.scenarios.catalog import SCENARIOS
from payments_mock.story import Lane, Story, StoryRow, StoryVerdict, drawn, story_of

BEGUN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
COMMAND = "payments-mock certify shop.toml"


def story(order: str = "order_1") -> Story:
    rows = (
        StoryRow(BEGUN, Lane.SHOPPER, f"presses pay for {order}", "202"),
        StoryRow(BEGUN + timedelta(seconds=1.5), Lane.MERCHANT, "confirm", "200 now APPROVED", "journal 7"),
        StoryRow(BEGUN + timedelta(seconds=1.6), Lane.FAULT, "reset struck confirm", is_trouble=True),
    )
    return Story(
        f"{order} 12,000 won", rows, StoryVerdict(False, "The shopper was charged, and has no order.")
    )


def result(grade: Grade, name: str = "confirm-reset", order: str = "order_1") -> ScenarioResult:
    blank = ScenarioResult(name, "lost-answer", "The card is charged, & the <answer> is lost")
    if grade in (Grade.NOT_APPLICABLE, Grade.SUITE_ERROR, Grade.UNTESTED):
        return replace(blank, reason="the reason", grade_without=grade)
    finding = Finding("lost-answer/money-not-kept", grade, f"{order} was charged 12,000 won; it says OPEN.")
    return replace(blank, findings=(finding,), stories=(story(order),), volatile=(order,), curls=("curl x",))


def certificate(*grades: Grade, order: str = "order_1", seconds: float = 1.0) -> Certificate:
    results = tuple(result(grade, f"scenario-{number}", order) for number, grade in enumerate(grades))
    return Certificate("Corner shop", "toss", "card-2026", results, seconds)


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("grades", "code"),
    [
        ([Grade.SURVIVES, Grade.WARNS, Grade.NOT_APPLICABLE], EXIT_CERTIFIED),
        ([Grade.SURVIVES, Grade.BREAKS, Grade.UNTESTED], EXIT_BREAKS),
        ([Grade.SURVIVES, Grade.INCONCLUSIVE], EXIT_OPEN),
        ([Grade.SURVIVES, Grade.UNTESTED], EXIT_OPEN),
        ([Grade.NOT_APPLICABLE], EXIT_OPEN),
        ([Grade.SURVIVES, Grade.SUITE_ERROR], EXIT_SUITE_ERROR),
        ([], EXIT_OPEN),
    ],
)
def test_the_exit_code_says_how_it_came_out(grades: list[Grade], code: int) -> None:
    assert certificate(*grades).exit_code() == code


def test_strict_fails_on_warnings() -> None:
    assert certificate(Grade.WARNS).exit_code(strict=True) == EXIT_BREAKS


def test_an_interrupted_run_certifies_nobody() -> None:
    assert replace(certificate(Grade.SURVIVES), was_interrupted=True).exit_code() == EXIT_INTERRUPTED


def test_a_known_failure_does_not_count() -> None:
    judged = with_baseline(certificate(Grade.SURVIVES, Grade.BREAKS), ["scenario-1"])

    assert judged.exit_code() == EXIT_CERTIFIED


def test_a_known_failure_that_passes_now_fails_the_run() -> None:
    judged = with_baseline(certificate(Grade.SURVIVES), ["scenario-0"])

    assert judged.stale == ("scenario-0",)
    assert judged.exit_code() == EXIT_BREAKS


def test_json_differs_only_where_behaviour_does() -> None:
    first = as_json([certificate(Grade.BREAKS, order="order_1", seconds=1.0)], COMMAND)
    second = as_json([certificate(Grade.BREAKS, order="order_2", seconds=9.0)], COMMAND)

    assert first == second
    assert first != as_json([certificate(Grade.SURVIVES)], COMMAND)


def test_json_tells_checks_and_scenarios() -> None:
    content = json.loads(as_json([certificate(Grade.BREAKS)], COMMAND))["merchants"][0]

    assert content["exitCode"] == EXIT_BREAKS
    assert content["checks"] == {"lost-answer/money-not-kept": "breaks"}
    assert content["scenarios"][0]["findings"][0]["sentence"] == "* was charged 12,000 won; it says OPEN."


def test_junit_has_a_case_a_scenario() -> None:
    grades = [Grade.SURVIVES, Grade.BREAKS, Grade.UNTESTED, Grade.NOT_APPLICABLE]
    suite = ElementTree.fromstring(as_junit([certificate(*grades)], COMMAND))[0]

    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["error"], ["skipped"]]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "1")


def test_junit_holds_text_that_xml_could_not() -> None:
    broken = result(Grade.BREAKS, order="order\0\x1b")
    text = as_junit([Certificate("Shop", "toss", "card-2026", (broken,))], COMMAND)

    assert ElementTree.fromstring(text) is not None


def test_markdown_has_a_row_a_pitfall() -> None:
    text = as_markdown([certificate(Grade.SURVIVES, Grade.BREAKS)], COMMAND)

    assert "| 1 | The answer is lost after the approval | BREAKS |" in text
    assert f"Again, alone: {COMMAND} --run scenario-1" in text


def test_the_page_needs_nothing_else_and_shows_text_as_text() -> None:
    page = as_html([certificate(Grade.BREAKS)], COMMAND)

    assert "&lt;answer&gt;" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_links_a_failed_check_to_what_it_expects_and_where_it_is_mended() -> None:
    page = as_html([certificate(Grade.BREAKS)], COMMAND)

    assert '<a href="#m1/lost-answer/money-not-kept">' in page
    assert '<dt id="m1/lost-answer/money-not-kept">' in page
    assert "docs/certify-mending.md#lost-answer-money-not-kept" in page


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_opens_in_either_language(language: str) -> None:
    page = as_html([certificate(Grade.BREAKS)], COMMAND, language)

    assert f'<html lang="{language}">' in page
    assert "승인 후 응답이 유실됨" in page


def test_every_scenario_is_told_in_korean_too() -> None:
    text = files("payments_mock.certify").joinpath("scenarios.ko.toml").read_text("utf-8")

    assert set(tomllib.loads(text)) == {scenario.id for scenario in SCENARIOS}


def test_every_check_is_on_the_page_that_tells_how_it_is_mended() -> None:
    page = (Path(__file__).parents[2] / "docs" / "certify-mending.md").read_text("utf-8")

    anchored = [f'<a id="{check.id.replace("/", "-")}"></a>`{check.id}`' for check in CHECKS]
    assert [line for line in anchored if line not in page] == []
    assert [pitfall.id for pitfall in PITFALLS if f"\n## {pitfall.id}\n" not in page] == []


@pytest.mark.parametrize(
    ("grade", "told"), [(Grade.SURVIVES, "certified card-2026"), (Grade.BREAKS, "not certified")]
)
def test_a_badge_says_whether_a_merchant_is_certified(grade: Grade, told: str) -> None:
    badge = ElementTree.fromstring(as_badge([certificate(grade)], COMMAND))

    assert badge.get("aria-label") == f"payments: {told}"


def test_several_merchants_stand_side_by_side() -> None:
    other = replace(certificate(Grade.SURVIVES), merchant="Book shop")
    page = as_html([certificate(Grade.BREAKS), other], COMMAND)

    assert '<th scope="col">Corner shop</th><th scope="col">Book shop</th>' in page


def test_an_explanation_begins_with_the_money_and_ends_with_how_to_run_it_again() -> None:
    lines = list(explained(result(Grade.BREAKS), COMMAND))

    assert lines[1] == "  order_1 was charged 12,000 won; it says OPEN."
    assert lines[-2:] == [f"  Again, alone: {COMMAND} --run confirm-reset", "    curl x"]


def test_the_last_line_says_it_all() -> None:
    assert summary(certificate(Grade.SURVIVES, Grade.BREAKS)) == (
        "Corner shop: 1 breaks, 1 survives; breaks 1 lost-answer (1.0 s)"
    )


def test_a_story_is_drawn_in_lanes_with_times() -> None:
    assert drawn(story(), width=60).splitlines() == [
        "order_1 12,000 won",
        "NOT SOUND The shopper was charged, and has no order.",
        "  0.000  shopper   presses pay for order_1 ----------> 202",
        "  1.500  merchant  confirm -------------> 200 now APPROVED",
        "  1.600  fault     reset struck confirm x",
    ]


def entry(number: int, at: str, **more: object) -> dict[str, object]:
    known = {
        "id": number,
        "at": at,
        "receivedAt": at,
        "operation": "get",
        "method": "GET",
        "path": "/v1/payments/pay_1",
        "status": 200,
        "code": None,
        "stateBefore": "APPROVED",
        "stateAfter": "APPROVED",
        "faults": [],
        "request": {"headers": {}},
    }
    return known | more


def test_what_happens_again_and_again_is_one_row() -> None:
    calls = [entry(number, f"2026-11-30T09:00:0{number}Z") for number in range(3)]

    told = story_of("order_1", calls)

    assert [(row.did, row.times) for row in told.rows] == [("get", 3)]


def test_a_fault_has_a_row_behind_the_call_that_it_struck() -> None:
    call = entry(1, "2026-11-30T09:00:01Z", operation="confirm", faults=["lost"], stateAfter="CANCELED")

    told = story_of("order_1", [call])

    assert [(row.lane, row.outcome) for row in told.rows] == [
        (Lane.MERCHANT, "200 now CANCELED"),
        (Lane.FAULT, ""),
    ]
