"""What the bench of the server is held against."""

import pytest

from benchmarks.figures import Rows
from benchmarks.report import CEILING, EMPTY, STORED, Results
from benchmarks.servers import Memory
from benchmarks.starts import Start
from benchmarks.toss import KIOSK, TOSS
from tests.benchmarks.rounds import made_round

OPERATIONS = ("create", "confirm", "get", "cancel")
SMALL = Memory(pss=60.0, rss=70.0)


def results(
    *,
    of_ceiling: float = 0.7,
    of_empty: float = 0.9,
    of_kiosk: float = 0.9,
    start: float = 0.4,
    pss: float = 60,
    slowest: float = 0.002,
) -> Results:
    rate = 1000 * of_ceiling
    rows = [
        [
            made_round(CEILING, name, rate=1000, latencies=[*[0.001] * 49, 0.002]),
            made_round(EMPTY, name, rate=rate, latencies=[*[0.001] * 49, slowest]),
            made_round(STORED, name, rate=rate * of_empty),
        ]
        for name in OPERATIONS
    ]
    rows += [
        [made_round(KIOSK, name, rate=1000), made_round(TOSS, name, rate=1000 * of_kiosk)]
        for name in ("confirm", "get")
    ]
    return Results(
        Rows(rows), 1_000_000, [Start(start, start + 0.1, bare=0.2)], Memory(pss, rss=200.0), SMALL, SMALL
    )


def failures(found: Results) -> list[str]:
    return [check.name for check in found.checks() if not check.passed]


def test_a_fast_server_passes() -> None:
    assert failures(results()) == []


@pytest.mark.parametrize(
    ("found", "failed"),
    [
        (results(of_ceiling=0.64), ["get of the ceiling"]),
        (results(of_ceiling=0.39), ["confirm of the ceiling", "get of the ceiling"]),
        (results(of_empty=0.84), [f"{name}, 1,000,000 stored of empty" for name in OPERATIONS]),
        (results(of_kiosk=0.7), ["confirm on toss, of kiosk", "get on toss, of kiosk"]),
        (results(start=0.45), ["first approved payment, of bare Flask's answer"]),
        (results(pss=81), ["idle memory"]),
        (results(slowest=0.003), [f"{name}, p99 of p50, of the ceiling's" for name in ("confirm", "get")]),
    ],
    ids=["get", "confirm", "stored", "toss", "start", "memory", "tail"],
)
def test_what_misses_its_target_is_named(found: Results, failed: list[str]) -> None:
    assert failures(found) == failed


def test_shared_pages_are_counted_where_nothing_better_can_be_read() -> None:
    assert Memory(pss=None, rss=200.0).judged == 200.0


def test_the_report_has_a_line_of_each_operation_on_each_side() -> None:
    lines = results().report({"granian": "2"}).lines

    assert [sum(line.startswith(f"  {name} ") for line in lines) for name in OPERATIONS] == [2, 3, 3, 2]


def test_the_report_tells_how_long_it_is_to_the_first_payment() -> None:
    lines = results(start=0.3).report({"granian": "2"}).lines

    assert any(line.startswith("  to a payment median 0.40 s, worst 0.40 s of 1") for line in lines)
    assert any(line.startswith("  bare Flask   median 0.20 s, worst 0.20 s of 1") for line in lines)
    assert any(line.startswith("  ratio        2.00 (2.00-2.00)") for line in lines)
