"""What is said of PostgreSQL and of more workers."""

import re
from dataclasses import replace

import pytest

from benchmarks.figures import Rows
from benchmarks.scale.far import MILLISECONDS, Distance, Far
from benchmarks.scale.report import CEILING, KINDS, POSTGRESQL, SQLITE, Kind, report
from tests.benchmarks.rounds import made_round

RATES = {
    Kind(SQLITE, 1): 400.0,
    Kind(POSTGRESQL, 1): 200.0,
    Kind(SQLITE, 2): 600.0,
    Kind(POSTGRESQL, 2): 380.0,
    Kind(SQLITE, 4): 500.0,
    Kind(POSTGRESQL, 4): 700.0,
}


def text(cores: int = 8) -> str:
    row = [made_round(CEILING, rate=1000)]
    row += [made_round(kind.name, rate=RATES[kind], database_cpu=0.05) for kind in KINDS]
    row_of_get = [replace(each, operation="get") for each in row]
    return "\n".join(report(Rows([row, row_of_get]), far(), {}, cores).lines)


def test_postgresql_is_beside_the_ceiling_and_sqlite() -> None:
    assert "0.20 (0.20-0.20) of the ceiling, 0.50 (0.50-0.50) of SQLite" in text()


def test_workers_are_beside_one_worker_on_the_same_database() -> None:
    assert re.findall(r"confirm +(\d\.\d\d) \(\S+ +(\d\.\d\d) \(\S+$", text(), re.MULTILINE) == [
        ("1.50", "1.25"),
        ("1.90", "3.50"),
    ]


def test_what_the_database_takes_itself_is_told() -> None:
    assert re.search(r"PostgreSQL's own processes.*\n +confirm +0\.250", text())


@pytest.mark.parametrize(
    ("cores", "told"), [(2, "2 and 4 workers can't show"), (4, "\n4 workers can't show"), (8, None)]
)
def test_a_machine_that_is_too_small_for_workers_is_told(cores: int, told: str | None) -> None:
    assert ("can't show" in text(cores)) is (told is not None)
    assert told is None or told in text(cores)


def far(lifecycles: float = 300.0, **messages: float) -> Far:
    counted = {"create": 1.0, "confirm": 2.0, "get": 1.0, "cancel": 2.0, "get of a canceled one": 1.0}
    counted |= {"create with a key": 1.0, "confirm with a key": 3.0, "cancel with a key": 2.0} | messages
    return Far([Distance(each, [lifecycles], [5000.0]) for each in MILLISECONDS], counted)


def failed(of_far: Far, *, rate: float = 500.0, cpu: float = 0.15) -> list[str]:
    """Return what a run fails if PostgreSQL does `rate` payments a second, and SQLite 1000."""
    figures = {SQLITE: (1000.0, 0.2), POSTGRESQL: (rate, cpu)}
    rows = [
        [
            made_round(CEILING, name),
            *(
                made_round(
                    kind.name, name, rate=figures[kind.database][0], server_cpu=figures[kind.database][1]
                )
                for kind in KINDS
            ),
        ]
        for name in ("get", "confirm")
    ]
    return [check.name for check in report(Rows(rows), of_far, {}, cores=8).checks if not check.passed]


def test_a_run_that_keeps_its_promises_passes() -> None:
    assert failed(far()) == []


def test_a_slow_postgresql_fails() -> None:
    assert failed(far(), rate=300.0, cpu=0.1) == ["get, of SQLite's rate", "confirm, of SQLite's rate"]


def test_a_dear_confirm_fails() -> None:
    assert failed(far(), cpu=0.3) == ["CPU of a confirm, of SQLite's"]


def test_messages_and_lifecycles_at_a_millisecond_are_judged() -> None:
    assert failed(far(249.0, get=2.0)) == ["messages of get", "lifecycles at 1 ms"]


def test_each_distance_is_beside_the_bare_app() -> None:
    assert "1.0 ms longer          300   (300-300; the bare app 5,000 requests a second)" in text()
    assert (
        "the journal apart: create 1.0, confirm 2.0, get 1.0, cancel 2.0, get of a canceled one 1.0" in text()
    )


def test_messages_of_calls_with_an_idempotency_key_are_judged_too() -> None:
    assert failed(far(**{"confirm with a key": 4.0})) == ["messages of confirm with a key"]
