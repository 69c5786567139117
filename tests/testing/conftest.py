"""One provider in this process for all tests of the kit."""

from collections.abc import Iterator

import pytest

from payments_mock.testing import MockServer, Sandbox


# For every test: pytester forgets the modules that were first imported in a suite that it ran.
@pytest.fixture(scope="session", autouse=True)
def server() -> Iterator[MockServer]:
    with MockServer() as started:
        yield started


@pytest.fixture
def kiosk(server: MockServer) -> Iterator[Sandbox]:
    with server.sandbox() as made:
        yield made


@pytest.fixture
def toss(server: MockServer) -> Iterator[Sandbox]:
    with server.sandbox("toss") as made:
        yield made
