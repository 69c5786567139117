"""Rounds add up to figures of each side, and to ratios between neighbours."""

import os

import pytest

from benchmarks.figures import Ratio, Rows, client_note, noise
from tests.benchmarks.rounds import made_round


def test_a_ratio_is_taken_between_neighbours_only() -> None:
    rows = Rows(
        [
            [made_round("ours", rate=100), made_round("theirs", rate=50)],
            [made_round("ours", rate=10), made_round("theirs", rate=10)],
            [made_round("ours", rate=300), made_round("theirs", rate=100)],
        ]
    )

    assert rows.ratio("confirm", "ours", "theirs") == Ratio(median=2.0, lowest=1.0, highest=3.0)


def test_a_ratio_looks_at_one_operation_alone() -> None:
    rows = Rows(
        [
            [made_round("ours", "get", rate=100), made_round("theirs", "get", rate=200)],
            [made_round("ours", rate=100), made_round("theirs", rate=100)],
        ]
    )

    assert rows.ratio("get", "ours", "theirs").median == 0.5


def test_a_ratio_leaves_out_rows_that_lack_a_side() -> None:
    rows = Rows([[made_round("ours", rate=100), made_round("theirs", rate=50)], [made_round("ours", rate=1)]])

    assert rows.ratio("confirm", "ours", "theirs").lowest == 2.0


def test_a_rate_is_the_median_of_the_rounds() -> None:
    rows = Rows([[made_round("ours", rate=rate)] for rate in (100, 900, 200)])

    assert rows.figures("ours", "confirm").requests_per_second == 200


def test_latencies_are_those_of_all_rounds_together() -> None:
    quick, slow = [0.001] * 60, [0.009] * 40
    rows = Rows([[made_round("ours", latencies=quick)], [made_round("ours", latencies=slow)]])

    figures = rows.figures("ours")

    assert figures.p50_milliseconds == pytest.approx(1)
    assert figures.p99_milliseconds == pytest.approx(9)


def test_processor_time_is_that_of_a_request_and_a_database_has_its_own() -> None:
    rows = Rows([[made_round("ours", rate=1000, server_cpu=0.5, database_cpu=0.25)]])

    figures = rows.figures("ours")

    assert figures.cpu_milliseconds == pytest.approx(0.5)
    assert figures.database_cpu_milliseconds == pytest.approx(0.25)


def test_others_have_their_share_of_the_whole_machine() -> None:
    cores = os.cpu_count() or 1
    rows = Rows([[made_round("ours", seconds=2.0, other_cpu=0.5 * cores)]])

    assert rows.others_share == pytest.approx(0.25)


@pytest.mark.parametrize(("share", "is_noisy"), [(0.1, False), (0.11, True)])
def test_a_noisy_machine_is_told(share: float, is_noisy: bool) -> None:
    assert ("too noisy" in noise(share)) is is_noisy


@pytest.mark.parametrize(("cpu", "is_doubtful"), [(0.2, False), (0.9, True)])
def test_a_ceiling_that_the_client_limits_is_doubted(cpu: float, is_doubtful: bool) -> None:
    rows = Rows([[made_round("ceiling", client_cpu=cpu)]])

    assert ("too much to trust" in client_note(rows.figures("ceiling"))) is is_doubtful
