"""The pytest plugin: a provider for the session, and a sandbox for each test.

It does nothing until a test asks for `payments_mock` or `sandbox`; `-p no:payments_mock` leaves it out. With
`--payments-mock-url` (or PAYMENTS_MOCK_URL) the tests use a server that runs already. Under pytest-xdist each
worker starts its own.
"""

import os
from collections.abc import Iterator

import pytest

from payments_mock.testing.sandbox import Sandbox
from payments_mock.testing.servers import RemoteServer


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


@pytest.fixture(scope="session")
def payments_mock(pytestconfig: pytest.Config) -> Iterator[RemoteServer]:
    """Give a running provider; its `url` is where the backend under test is pointed at."""
    url = pytestconfig.getoption("--payments-mock-url")
    if url:
        server = RemoteServer(url, pytestconfig.getoption("--payments-mock-token"))
    else:
        from payments_mock.testing.servers import MockServer

        server = MockServer()
    with server:
        yield server


@pytest.fixture
def sandbox(payments_mock: RemoteServer, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Give a sandbox of the test's own; a fault that was armed and never fired fails the test at its end."""
    wanted = {"contract": request.config.getini("payments_mock_contract")}
    marker = request.node.get_closest_marker("payments_mock")
    if marker is not None:
        wanted |= marker.kwargs
    with payments_mock.sandbox(**wanted) as made:
        yield made
        unused = [] if made.is_deleted else made.faults.never_fired()
    if unused:
        pytest.fail(f"armed and never fired: {', '.join(unused)}", pytrace=False)
