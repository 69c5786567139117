"""The report on the inspector judges what was measured, and nothing else."""

import pytest

from benchmarks.figures import Ratio
from benchmarks.inspected_page import HeldInView, Watched
from benchmarks.inspector import Results

WATCHED = Watched(
    calls=30_000,
    long_tasks=2,
    median_long_task=60.0,
    longest_task=90.0,
    memory_before=2.0,
    memory_after=2.1,
    usual_p99=20.0,
    watched_p99=22.0,
)
WHOLE = Results(Ratio(1.01, 0.99, 1.02), WATCHED, 400.0, HeldInView(20.0, 21.0))


def verdicts(results: Results) -> dict[str, bool]:
    return {check.name: check.passed for check in results.checks()}


def test_a_whole_run_is_judged_by_every_target() -> None:
    assert list(verdicts(WHOLE).values()) == [True] * 6
    assert len(list(WHOLE.lines())) == 6


@pytest.mark.parametrize(
    ("results", "judged"),
    [
        (Results(unwatched=Ratio(1.04, 1.0, 1.1)), "confirm, of without inspector"),
        (Results(first_view=1001.0), "first view of 10,000 orders"),
        (Results(held=HeldInView(10.0, 16.0)), "p99 with 500 held, of the usual"),
    ],
)
def test_a_part_is_judged_by_its_own_target(results: Results, judged: str) -> None:
    assert verdicts(results) == {judged: False}
