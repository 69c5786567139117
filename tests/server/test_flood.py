"""Ten thousand connections that never say what they want take no more than their share, and leave nothing."""

import contextlib
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest

from payments_mock.server.protocol import RECEIVE_SECONDS, REFUSALS_AT_ONCE
from payments_mock.settings import Settings
from testkit.processes import ServerProcess, running_server

CONNECTIONS = 10_000
BETWEEN_CALLS = 100
BEGINNINGS = (
    b"",
    b"GET /v1/payments/pay_123 HTTP/1.1\r\nHost: a\r\nX-Half-Of-A-Head: ",
    b"POST /v1/payments HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{",
)
MOST_CONNECTIONS = Settings().max_connections + REFUSALS_AT_ONCE
FEW = 20
"""Files that the server may open meanwhile for other reasons."""

MOST_BYTES_A_CONNECTION = 24 * 1024
"""Of those that are open at once; that much is kept for the next, and nothing for those that were."""

PATIENCE_SECONDS = 20.0
BACK_SECONDS = 2.0

pytestmark = pytest.mark.skipif("CI" not in os.environ, reason="test_bounds.py has the same with hundreds")


class Till:
    """A client with a connection of its own, which it keeps."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
        self.slowest = 0.0

    def look(self) -> int:
        """Ask how the server is; returns the status, 0 where there is no answer."""
        began = time.monotonic()
        try:
            self._connection.request("GET", "/health")
            answer = self._connection.getresponse()
            answer.read()
        except OSError:
            self._connection.close()
            return 0
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer.status

    def hang_up(self) -> None:
        self._connection.close()


class Watched:
    """What a server process holds."""

    def __init__(self, process_id: int) -> None:
        self._process = psutil.Process(process_id)

    def files(self) -> int:
        return self._process.num_fds()

    def bytes(self) -> int:
        return int(self._process.memory_full_info().uss)


@pytest.fixture(autouse=True, scope="module")
def many_files() -> Iterator[None]:
    """Let this process hold all those connections, if the machine lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1000
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"a process may open {hard} files here, and this takes {wanted}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("flooded")) as server:
        yield server


@contextmanager
def flood(url: str, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Open all connections, and hold on to them whatever the server does."""
    address = urlsplit(url)
    connections: list[socket.socket] = []
    try:
        for number in range(CONNECTIONS):
            target = (address.hostname, address.port)
            connections.append(socket.create_connection(target, timeout=PATIENCE_SECONDS))
            # One too many may have been hung up upon already.
            with contextlib.suppress(ConnectionError):
                connections[-1].sendall(BEGINNINGS[number % len(BEGINNINGS)])
            if number % BETWEEN_CALLS == 0:
                meanwhile()
        yield
    finally:
        for connection in connections:
            connection.close()


def seconds_until(condition: Callable[[], bool], at_most: float) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < at_most
        time.sleep(0.05)
    return time.monotonic() - began


def test_half_open_connections_are_bounded_and_keep_nobody_out_for_long(server: ServerProcess) -> None:
    watched, till, newcomer = Watched(server.process.pid), Till(server.url), Till(server.url)
    statuses, files, sizes = [till.look()], [], []
    at_rest, size_at_rest = watched.files(), watched.bytes()

    def look_in() -> None:
        statuses.append(till.look())
        files.append(watched.files() - at_rest)

    for is_patient in (True, False, False, False):
        began = time.monotonic()
        with flood(server.url, look_in):
            sizes.append(watched.bytes() - size_at_rest)
            opened = time.monotonic() - began
            if is_patient:
                # The clients stay, and it is the server that has enough of them.
                let_in = seconds_until(lambda: newcomer.look() == 200, RECEIVE_SECONDS * 2)
                newcomer.hang_up()
        released = seconds_until(lambda: watched.files() <= at_rest + FEW, PATIENCE_SECONDS)
        back = seconds_until(lambda: newcomer.look() == 200, PATIENCE_SECONDS)
        newcomer.hang_up()
        # Shown with -s, and where it fails.
        print(
            f"{CONNECTIONS} connections in {opened:.1f} s, {max(files)} at once, slowest answer"
            f" {till.slowest:.2f} s, {sizes[-1] / 2**20:.1f} MiB, newcomer let in after {let_in:.1f} s;"
            f" released {released:.2f} s and back {back:.2f} s after their end,"
            f" then {(watched.bytes() - size_at_rest) / 2**20:.1f} MiB"
        )

    till.hang_up()
    assert set(statuses) == {200}
    assert max(files) <= MOST_CONNECTIONS + FEW
    assert let_in <= RECEIVE_SECONDS + BACK_SECONDS
    assert back <= BACK_SECONDS
    assert max(sizes) <= MOST_CONNECTIONS * MOST_BYTES_A_CONNECTION
