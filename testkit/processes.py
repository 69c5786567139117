"""Start real servers as their users do, find out where they listen, and stop them again."""

import random
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from testkit.forked import Process, start_process

URL = re.compile(r"http://[^\s]+:\d+")
START_SECONDS = 20.0
ANSWER_SECONDS = 5.0
STOP_SECONDS = 10.0


class ServerError(AssertionError):
    """A server did not start, answer or stop in time; the message ends with what it printed."""


@dataclass(frozen=True)
class ServerProcess:
    """A server in a process of its own, whose output is kept in two files of `folder`."""

    process: Process
    folder: Path

    @property
    def stdout(self) -> str:
        """Return what the server printed so far, its banner first."""
        return (self.folder / "stdout").read_text(errors="replace")

    @property
    def stderr(self) -> str:
        """Return what the server logged so far."""
        return (self.folder / "stderr").read_text(errors="replace")

    @property
    def url(self) -> str:
        """Return the base URL in the banner, without a slash at its end; wait for it if need be.

        Raises `ServerError` when the server ends or stays silent.
        """
        self._wait_until(lambda: URL.search(self.stdout) is not None, "to print its URL")
        found = URL.search(self.stdout)
        assert found is not None
        return found.group()

    def wait_until_healthy(self) -> None:
        """Wait until GET /health answers 200; raise `ServerError` when it does not in time."""
        self._wait_until(lambda: answers(f"{self.url}/health"), "to answer GET /health with 200")

    def stop(self) -> int:
        """Ask the server to stop (SIGTERM) and return its exit code.

        Raises `ServerError` when it is still there after `STOP_SECONDS`; it is killed then.
        """
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self._trouble(f"did not stop within {STOP_SECONDS:.0f} s of SIGTERM") from None

    def kill(self) -> None:
        """End the server at once, as a crash would; harmless when it has ended already."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def _wait_until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            if self.process.poll() is not None:
                raise self._trouble(f"ended with exit code {self.process.returncode}; expected it {what}")
            if time.monotonic() > deadline:
                raise self._trouble(f"took more than {START_SECONDS:.0f} s {what}")
            time.sleep(0.02)

    def _trouble(self, what: str) -> ServerError:
        command = " ".join(map(str, self.process.args)) if isinstance(self.process.args, list) else ""
        printed = f"--- stdout\n{self.stdout[-4000:]}\n--- stderr\n{self.stderr[-8000:]}"
        return ServerError(f"The server {what}.\n$ {command}\n{printed}")


def free_port() -> int:
    """Return a port that nobody listens on, and that no connection that goes out is given by chance."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def answers(url: str) -> bool:
    """Tell whether `url` answers 200 now."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(url, timeout=ANSWER_SECONDS).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False


def start_server(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> ServerProcess:
    """Start `command`, keep its output in `folder`, and wait until it is healthy.

    Its environment is ours, unless another is given.

    Raises `ServerError`, with the output, when it is not within `START_SECONDS`.
    """
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        process = start_process(command, stdout, stderr, environment)
    server = ServerProcess(process, folder)
    try:
        server.wait_until_healthy()
    except BaseException:
        server.kill()
        raise
    return server


@contextmanager
def running_server(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """Run `command` as a server for the length of a block, then stop it.

    Its environment is ours, unless another is given. At the end it must obey SIGTERM, exit with 0 and have
    logged no traceback.
    """
    server = start_server(command, folder, environment)
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    exit_code = server.stop()
    assert exit_code == 0, f"exit code {exit_code} after SIGTERM\n{server.stderr[-8000:]}"
    assert "Traceback" not in server.stderr, server.stderr[-8000:]
