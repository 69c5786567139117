"""A database that loses all packets: the first caller waits, then nobody until it is back."""

import sys
import time
from collections.abc import Iterator

import pytest
import requests

from benchmarks.network import Network, network
from testkit.postgresql import Postgresql
from testkit.processes import running_server

PATIENCE_SECONDS = 2
"""What the URL says; a machine with other work may add as much again."""
AT_ONCE_SECONDS = 1.0
BACK_SECONDS = 20.0


@pytest.fixture
def far(postgresql: Postgresql) -> Iterator[Network]:
    with network(postgresql.socket_folder) as far:
        yield far


@pytest.fixture
def url(far: Network, postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = f"{far.url(postgresql.create())}?connect_timeout={PATIENCE_SECONDS}"
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server([*serve, "--database-url", database], tmp_path_factory.mktemp("silent")) as server:
        yield server.url


def timed(url: str) -> tuple[int, float]:
    """Ask for something, and return the status of the answer and the seconds that it took."""
    began = time.monotonic()
    answer = requests.get(url, auth=("test_sk_dummy", ""), timeout=30)
    return answer.status_code, time.monotonic() - began


def test_calls_are_refused_at_once_after_the_first_that_waited(url: str, far: Network) -> None:
    payment = f"{url}/v1/payments/unknown"
    assert timed(payment)[0] == 404
    far.lose_all()

    status, seconds = timed(payment)

    assert status == 500
    assert PATIENCE_SECONDS * 0.9 <= seconds <= PATIENCE_SECONDS * 2 + AT_ONCE_SECONDS
    for _ in range(20):
        status, seconds = timed(payment)
        assert (status, seconds < AT_ONCE_SECONDS) == (500, True)
    status, seconds = timed(f"{url}/health")
    assert (status, seconds < AT_ONCE_SECONDS) == (503, True)


def test_calls_are_answered_again_once_it_is_back(url: str, far: Network) -> None:
    payment = f"{url}/v1/payments/unknown"
    far.lose_all()
    assert timed(payment)[0] == 500
    far.lose_all(False)

    deadline = time.monotonic() + BACK_SECONDS
    while timed(f"{url}/health")[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)

    assert [timed(payment)[0] for _ in range(20)] == [404] * 20
