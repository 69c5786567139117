"""What all suites share, and the options of the acceptance suites, which work from any directory."""

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from testkit.pitfalls import PITFALLS
from testkit.sampling import A_FEW, EVERY_CASE, leave_out_cases

if TYPE_CHECKING:
    from testkit.postgresql import Postgresql


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[Postgresql]":
    """Run a real PostgreSQL for as long as the session lasts."""
    from testkit.postgresql import running_postgresql

    with running_postgresql() as server:
        yield server


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave cases out where that is asked for."""
    at_most = config.getoption("--cases")
    if at_most:
        leave_out_cases(config, items, at_most)


def pytest_collection_finish() -> None:
    """Spare what was collected, which lives to the end, from being looked through for garbage ever again.

    What a test leaves behind is looked for less often than usual, as most of it goes without.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """Make the tags known by which scenarios point at docs/pitfalls.md."""
    for number in PITFALLS:
        config.addinivalue_line("markers", f"pitfall-{number}: row {number} of docs/pitfalls.md")
    config.addinivalue_line("markers", "merchant: the sample kiosk survives it")
    config.addinivalue_line("markers", "every_database: runs on PostgreSQL too, without being asked")
    config.addinivalue_line("markers", "only_postgresql: is about PostgreSQL alone")
    config.addinivalue_line("markers", f"{EVERY_CASE}: no case is left out, as each goes a way of its own")
    config.addinivalue_line("markers", f"{A_FEW}(count): with --cases, so many tests of a file are run")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("acceptance", "acceptance suites against servers that already run")
    group.addoption("--provider-url", metavar="URL", help="run the provider's scenarios against this server")
    group.addoption("--kiosk-url", metavar="URL", help="run the kiosk's scenarios against this server")
    group.addoption(
        "--secret-key",
        metavar="KEY",
        default="test_sk_dummy",
        help="secret key of the merchant in the scenarios (default: %(default)s)",
    )
    group.addoption(
        "--other-secret-key",
        metavar="KEY",
        default="test_sk_other",
        help="secret key of a second merchant; its scenarios are skipped if refused (default: %(default)s)",
    )
    group.addoption(
        "--stories",
        metavar="FOLDER",
        help="write the stories of the orders of each scenario down there, as the inspector copies them",
    )
    depth = parser.getgroup("depth", "how much is tried")
    depth.addoption(
        "--cases",
        type=int,
        metavar="COUNT",
        help="of each test run at most so many cases, evenly spread over all that it has; of a file marked "
        "a_few, so many tests as the mark says",
    )
    databases = parser.getgroup("databases", "databases of the tests")
    databases.addoption(
        "--every-database",
        action="store_true",
        help="run every test that has a database on SQLite and PostgreSQL, as with CI in the environment",
    )
