"""Every bench ends alike: what was missed is told, and why it could not go on."""

import json

import click
import psutil
import pytest

from benchmarks.command import Check, Report, measured
from benchmarks.errors import LoadError
from payments_mock._version import __version__

MET = Check("speed", 2.0, 1.0, at_least=True)
MISSED = Check("memory", 120.5, 100.0, at_least=False, unit=" MB")


@pytest.mark.parametrize(
    ("value", "at_least", "passed"),
    [(1.0, True, True), (0.99, True, False), (1.0, False, True), (1.01, False, False)],
)
def test_a_target_that_is_just_met_is_met(value: float, at_least: bool, passed: bool) -> None:
    assert Check("figure", value, 1.0, at_least).passed is passed


def test_a_check_says_the_figure_the_target_and_the_verdict() -> None:
    assert str(MISSED).split() == ["FAIL", "memory", "120.50", "MB", "(target", "<=", "100", "MB)"]


@pytest.mark.parametrize(("checks", "passed"), [([], True), ([MET], True), ([MET, MISSED], False)])
def test_a_report_passes_when_every_check_does(checks: list[Check], passed: bool) -> None:
    assert Report([], checks, {}).passed is passed


def test_a_report_says_with_what_and_how_long_the_figures_were_made() -> None:
    text = Report(["a line"], [MET], {}, {"PostgreSQL": "18.4"}).text(seconds=90)

    assert f"payments-mock {__version__}" in text
    assert "PostgreSQL 18.4" in text
    assert "took 1.5 minutes" in text
    assert text.endswith(f"a line\n\n{MET}")


def test_a_report_as_json_has_figures_machine_and_verdicts() -> None:
    written = json.loads(Report([], [MISSED], {"rate": 7}, {"PostgreSQL": "18.4"}).as_json())

    assert written["rate"] == 7
    assert written["machine"]["PostgreSQL"] == "18.4"
    assert written["checks"][0]["passed"] is False


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LoadError("confirm: answered 500"), "answered 500"),
        (psutil.NoSuchProcess(1), "ended"),
        (FileNotFoundError("localstripe"), "localstripe"),
    ],
)
def test_what_stops_a_bench_is_told_without_a_traceback(error: Exception, told: str) -> None:
    def measure() -> Report:
        raise error

    with pytest.raises(click.ClickException, match=told):
        measured(measure)
