"""What is said of PostgreSQL and of more workers."""

import re

import pytest

from benchmarks.figures import Rows
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
    return "\n".join(report(Rows([row]), {}, cores).lines)


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


def test_nothing_is_judged() -> None:
    row = [made_round(CEILING), *[made_round(kind.name) for kind in KINDS]]

    assert report(Rows([row]), {}, cores=8).passed
