"""What is said of payments-mock beside another mock."""

import pytest

from benchmarks.command import Report
from benchmarks.peers.__main__ import report

FAST = [(600.0, 30.0), (600.0, 20.0), (600.0, 10.0)]
QUICK_START = [(0.3, 0.2)]


def failures(found: Report) -> list[str]:
    return [check.name for check in found.checks if not check.passed]


def test_neighbours_are_compared_and_judged_by_their_median() -> None:
    found = report(FAST, QUICK_START, {})

    assert failures(found) == []
    assert found.lines[-1] == "ratio: lifecycles 30.00 (20.00-60.00), cold start 1.50 (1.50-1.50)"


@pytest.mark.parametrize(
    ("speed", "starts", "failed"),
    [
        ([(149.0, 10.0)], QUICK_START, "lifecycles, of localstripe's"),
        (FAST, [(0.41, 0.2)], "cold start, of localstripe's"),
    ],
)
def test_what_misses_its_target_is_named(
    speed: list[tuple[float, float]], starts: list[tuple[float, float]], failed: str
) -> None:
    assert failures(report(speed, starts, {})) == [failed]


def test_each_mock_has_a_line_with_its_range() -> None:
    ours, theirs = report(FAST, QUICK_START, {}).lines[:2]

    assert "600.0 lifecycles/s (600.0-600.0)" in ours
    assert "20.0 lifecycles/s (10.0-30.0)" in theirs
