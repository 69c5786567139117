"""Real server processes on free ports, and raw connections to them."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from testkit.forked import Process, start_afresh, start_process
from testkit.measuring import measured as measured_environment

STUB = Path(__file__).with_name("stub_server.py")
PATIENCE_SECONDS = 20.0


@dataclass
class Server:
    """A server process whose output goes to two files."""

    process: Process
    folder: Path

    @property
    def stdout(self) -> str:
        return (self.folder / "stdout").read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def printed(self, word: str) -> str:
        """Wait for a line `word VALUE`, and return its value."""
        wait_until(lambda: f"{word} " in self.stdout or self.process.poll() is not None)
        found = [line.split(word, 1)[1] for line in self.stdout.splitlines() if f"{word} " in line]
        assert found, f"ended with {self.process.poll()}: {self.stdout}{self.stderr}"
        return found[0].strip()

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.printed("listening"))
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE_SECONDS)

    def exchange(self, request: bytes) -> bytes:
        """Send bytes, and return all that comes until the server closes."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)

    @staticmethod
    def next_answer(connection: socket.socket) -> bytes:
        """Return one whole answer from a connection that stays open, or what came before its end."""
        received = b""
        while (head_ends := received.find(b"\r\n\r\n")) < 0:
            if not (part := connection.recv(65536)):
                return received
            received += part
        length = re.search(rb"content-length: (\d+)", received)
        while length and len(received) < head_ends + 4 + int(length[1]):
            received += connection.recv(65536)
        return received

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        status, _, body = self.request("GET", path)
        assert status == 200
        return json.loads(body)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal, and return the seconds until the process was gone; its exit code must be 0."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.stderr
        return time.monotonic() - began


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def lines_to_try(provider: Server) -> str:
    """Return the curl lines of the banner, as they are pasted into a shell."""
    provider.printed("Base URL")
    return "\n".join(line for line in provider.stdout.splitlines() if "curl " in line)


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a command of our Python; whatever still runs at the end is stopped.

    What starts `afresh` begins as its users begin it; what does not may be a fork.
    """
    started: list[Server] = []

    def start(
        *command: str,
        measured: bool = False,
        afresh: bool = False,
        environment: dict[str, str] | None = None,
    ) -> Server:
        folder = tmp_path_factory.mktemp("server")
        arguments = [sys.executable, *command]
        variables = measured_environment() if measured else environment or dict(os.environ)
        begin = start_afresh if afresh else start_process
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            process = begin(arguments, out, err, variables)
        started.append(Server(process, folder))
        return started[-1]

    yield start
    for server in started:
        server.process.terminate()
    for server in started:
        try:
            server.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            server.process.kill()


@pytest.fixture(scope="session")
def launch_stub(launch: Callable[..., Server]) -> Callable[..., Server]:
    """Start the stub server with these settings."""

    def start(*, measured: bool = False, **settings: object) -> Server:
        arguments = (f"{name}={value}" for name, value in settings.items())
        return launch(str(STUB), *arguments, measured=measured)

    return start


@pytest.fixture(scope="session")
def shared_stub(launch_stub: Callable[..., Server]) -> Callable[..., Server]:
    """Return the stub server with these settings, for tests that leave it running and as good as new."""
    return cache(launch_stub)


@pytest.fixture(scope="session")
def stub(launch_stub: Callable[..., Server]) -> Server:
    """Return a stub server for tests that leave it running, whatever it logs."""
    return launch_stub(measured=True)


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is so."""
    return wait_until
