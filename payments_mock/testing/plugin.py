"""The pytest plugin: a provider for the session, and a sandbox for each test.

It does nothing until a test asks for `payments_mock` or `sandbox`; `-p no:payments_mock` leaves it out. With
`--payments-mock-url` (or PAYMENTS_MOCK_URL) the tests use a server that runs already. Under pytest-xdist each
worker starts its own. The report of a test that fails tells the story of its orders.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from payments_mock.story import drawn, story_of
from payments_mock.testing.control_client import KitError
from payments_mock.testing.sandbox import LONGEST_LIST, Sandbox
from payments_mock.testing.servers import RemoteServer

CONTRACTS: Final = ("kiosk", "toss")
_TAG: Final = "payments_mock_"
MOST_STORIES: Final = 5
"""How many orders the report of a failed test tells of, those that were called about last."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, and what an ini file may say."""
    group = parser.getgroup("payments_mock", "a stand-in for a payment provider")
    group.addoption(
        "--payments-mock-url",
        default=os.environ.get("PAYMENTS_MOCK_URL"),
        metavar="URL",
        help="Use the payments-mock that runs at URL instead of starting one.",
    )
    group.addoption(
        "--payments-mock-token",
        default=os.environ.get("PAYMENTS_MOCK_CONTROL_TOKEN"),
        metavar="TOKEN",
        help="The control token of that server.",
    )
    parser.addini(
        "payments_mock_contract", "The contract of each test's sandbox: kiosk or toss.", default="kiosk"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "payments_mock(contract, version, switches): what this test's sandbox is"
    )
    for contract in CONTRACTS:
        config.addinivalue_line("markers", f"{_TAG}{contract}: this test's sandbox is on {contract}")


@contextmanager
def _failing_in_one_line() -> Iterator[None]:
    """Run the kit's set-up of a test, and report its errors without a traceback of the kit."""
    try:
        yield
    except KitError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.fixture(scope="session")
def payments_mock(pytestconfig: pytest.Config) -> Iterator[RemoteServer]:
    """Give a running provider; its `url` is where the backend under test is pointed at."""
    url = pytestconfig.getoption("--payments-mock-url")
    if url:
        with _failing_in_one_line():
            server = RemoteServer(url, pytestconfig.getoption("--payments-mock-token"))
            server.control.check()
    else:
        from payments_mock.testing.servers import MockServer

        server = MockServer()
    with server:
        yield server


@pytest.fixture
def sandbox(payments_mock: RemoteServer, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Give the test its own sandbox; a fault that was armed and never fired fails the test at its end."""
    with _failing_in_one_line(), payments_mock.sandbox(**_wanted(request)) as made:
        request.node.stash[_SANDBOX] = made
        yield made
        unused = [] if made.is_deleted else made.unused_faults()
    if unused:
        pytest.fail("\n".join(unused), pytrace=False)


@pytest.fixture
def real_hosts(payments_mock: RemoteServer) -> Iterator[RemoteServer]:
    """Lead what this process sends to Toss's real hosts to the provider, while a test runs."""
    try:
        from payments_mock.intercept.session import redirecting
    except ModuleNotFoundError as error:
        pytest.fail(f"the fixture real_hosts needs {error.name}: pip install cryptography", pytrace=False)
    with redirecting(payments_mock.url):
        yield payments_mock


_SANDBOX: Final = pytest.StashKey[Sandbox]()
"""Where a test keeps its sandbox for its report."""


def _wanted(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what sandbox a test wants.

    Raises:
        KitError: its marker has arguments without a name.
    """
    wanted = {"contract": request.config.getini("payments_mock_contract")}
    for contract in CONTRACTS:
        # A feature's tags have no arguments.
        if request.node.get_closest_marker(f"{_TAG}{contract}") is not None:
            wanted["contract"] = contract
    marker = request.node.get_closest_marker("payments_mock")
    if marker is None:
        return wanted
    if marker.args:
        names = zip(("contract", "version"), marker.args, strict=False)
        named = ", ".join(f'{name}="{value}"' for name, value in names)
        raise KitError(f"arguments of the marker need their names: @pytest.mark.payments_mock({named})")
    return wanted | dict(marker.kwargs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a test that failed what happened to its orders."""
    report = yield
    made = item.stash.get(_SANDBOX, None)
    if report.when == "call" and report.failed and made is not None and not made.is_deleted:
        for title, text in _stories(made):
            report.sections.append((title, text))
    return report


def _stories(sandbox: Sandbox) -> Iterator[tuple[str, str]]:
    try:
        calls = sandbox.journal.calls(limit=LONGEST_LIST)
        deliveries = sandbox.webhooks.deliveries()
    except KitError:
        # The server is gone, and the test itself has reported that.
        return
    by_order: dict[str, list[dict[str, Any]]] = {}
    for entry in calls:
        order_id = entry["orderId"] or "no order"
        by_order[order_id] = [*by_order.pop(order_id, []), entry]
    for order_id in list(by_order)[-MOST_STORIES:]:
        sent = [one for one in deliveries if one["orderId"] == order_id]
        yield "payments-mock story", drawn(story_of(order_id, by_order[order_id], sent))
