"""A process can tell whether another one is connected to its database, which may have answered calls."""

import multiprocessing
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from payments_mock.database import attach_database
from payments_mock.services.journal import may_have_others
from payments_mock.storage.engine.database import Database, database_of
from testkit.postgresql import Postgresql

PATIENCE_SECONDS = 10
"""PostgreSQL forgets a connection a moment after it was closed."""


@pytest.fixture
def url(postgresql: Postgresql) -> str:
    return postgresql.url(postgresql.create())


@pytest.fixture
def ours(url: str) -> Iterator[Database]:
    opened = database_at(url)
    yield opened
    opened.engine.dispose()


def database_at(url: str) -> Database:
    app = Flask(__name__)
    attach_database(app, url)
    return database_of(app)


def test_connections_of_our_own_do_not_count(ours: Database) -> None:
    with ours.connection(), ours.connection():
        assert not may_have_others(ours)


@pytest.mark.parametrize("named", ["", "&application_name=shop"])
def test_another_server_counts_until_it_ends(ours: Database, url: str, named: str) -> None:
    other = database_at(url + named)
    assert may_have_others(ours)

    other.engine.dispose()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while may_have_others(ours):
        assert time.monotonic() < deadline


def test_servers_that_are_given_one_name_can_be_told_apart(url: str) -> None:
    first, second = (database_at(f"{url}&application_name={'shop' * 20}") for _ in range(2))

    assert may_have_others(first)

    for database in (first, second):
        database.engine.dispose()


def test_a_forked_worker_is_another_process(ours: Database) -> None:
    fork = multiprocessing.get_context("fork")
    connected, seen = fork.Event(), fork.Event()

    def work() -> None:
        ours.engine.dispose(close=False)
        with ours.engine.connect():
            connected.set()
            seen.wait(30)

    worker = fork.Process(target=work)
    worker.start()
    connected.wait(30)
    is_alone = not may_have_others(ours)
    seen.set()
    worker.join(30)

    assert not is_alone


def test_a_database_that_others_use_on_the_same_server_is_another(
    ours: Database, postgresql: Postgresql
) -> None:
    elsewhere = database_at(postgresql.url(postgresql.create()))

    assert not may_have_others(ours)

    elsewhere.engine.dispose()
