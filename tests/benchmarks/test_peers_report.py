"""What is said of payments-mock beside another mock."""

from benchmarks.command import Report
from benchmarks.peers.__main__ import report

FAST = [(600.0, 30.0), (600.0, 20.0), (600.0, 10.0)]


def failures(found: Report) -> list[str]:
    return [check.name for check in found.checks if not check.passed]


def test_neighbours_are_compared_and_judged_by_their_median() -> None:
    found = report(FAST, {})

    assert failures(found) == []
    assert found.lines[-1] == "ratio: lifecycles 30.00 (20.00-60.00)"


def test_a_speed_that_misses_its_target_is_named() -> None:
    assert failures(report([(149.0, 10.0)], {})) == ["lifecycles, of localstripe's"]


def test_each_mock_has_a_line_with_its_range() -> None:
    ours, theirs = report(FAST, {}).lines[:2]

    assert "600.0 lifecycles/s (600.0-600.0)" in ours
    assert "20.0 lifecycles/s (10.0-30.0)" in theirs
