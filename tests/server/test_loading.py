"""When a server loads the parts of its application."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from payments_mock.cli import _make_app
from payments_mock.settings import Settings
from testkit.inside.database import close_connections

PARTS = {"control", "receipts", "reference", "checkout", "sdk", "widgets"}


@pytest.fixture
def made_with(new_database: Callable[[], str]) -> Iterator[Callable[[int, int], Flask]]:
    """Make the application of a server with so many workers and threads."""
    made: list[Flask] = []

    def make(workers: int, threads: int) -> Flask:
        settings = Settings(database_url=new_database(), log_format="none", workers=workers, threads=threads)
        made.append(_make_app(settings))
        return made[-1]

    yield make
    for app in made:
        close_connections(app)


def test_one_process_that_answers_one_by_one_loads_what_is_asked_for(
    made_with: Callable[[int, int], Flask],
) -> None:
    assert not PARTS & made_with(1, 1).blueprints.keys()


@pytest.mark.parametrize(("workers", "threads"), [(2, 1), (1, 2)])
def test_workers_share_what_was_loaded_before_them_and_threads_need_not_wait(
    made_with: Callable[[int, int], Flask], workers: int, threads: int
) -> None:
    assert made_with(workers, threads).blueprints.keys() >= PARTS
