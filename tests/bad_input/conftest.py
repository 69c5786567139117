"""One real server process for all that is bad input, and what it logged."""

import sys
from collections.abc import Callable, Iterator

import pytest

from testkit.processes import ServerProcess, running_server

CONTROL_TOKEN = "control-token-of-the-test"


@pytest.fixture(scope="package")
def server(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """Lend a server that must end well and have logged no traceback."""
    command = [
        sys.executable,
        "-m",
        "payments_mock",
        "serve",
        "--port",
        "0",
        "--control-token",
        CONTROL_TOKEN,
        "--database-url",
        new_database(),
    ]
    with running_server(command, tmp_path_factory.mktemp("bad_input")) as process:
        yield process
