"""A server outlives the connections to its database; `tests/chaos` has the database itself go away."""

import os
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from testkit.postgresql import Postgresql
from testkit.processes import ServerProcess, running_server
from tests.races.clients import Client

pytestmark = pytest.mark.skipif("CI" not in os.environ, reason="tests/storage has the same, without a server")


@pytest.fixture(scope="module")
def database(postgresql: Postgresql) -> str:
    return postgresql.create()


@pytest.fixture(scope="module")
def server(
    postgresql: Postgresql, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    options = ["--workers", "2", "--database-url", postgresql.url(database)]
    folder = tmp_path_factory.mktemp("server")
    with running_server([*command, *options], folder) as server:
        yield server


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    client = Client(urlsplit(server.url).netloc)
    yield client
    client.connection.close()


def test_connections_that_are_cut_between_calls_cost_no_call(
    client: Client, postgresql: Postgresql, database: str
) -> None:
    asked = client.check_out("order_before")

    postgresql.cut_connections(database)

    assert client.confirm(asked).status == 200
