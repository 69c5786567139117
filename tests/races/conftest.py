"""Where races are run: on a database that answers at once, and on one that is a millisecond away."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.network import network
from payments_mock.storage.engine.engines import SQLITE

AWAY_SECONDS = 0.001


@pytest.fixture(scope="module", params=["near", "far"])
def racing_database(
    request: pytest.FixtureRequest, database_kind: str, new_database: Callable[[], str]
) -> Iterator[str]:
    """Name an empty database, to which there is a network or none."""
    if request.param == "near":
        yield new_database()
        return
    if database_kind == SQLITE:
        pytest.skip("SQLite is in the server's own process")
    server = request.getfixturevalue("postgresql")
    with network(server.socket_folder) as far:
        far.delay(AWAY_SECONDS)
        yield far.url(server.create())
