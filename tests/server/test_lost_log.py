"""Log lines that can't be written are dropped and counted; they neither fail nor block an answer."""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import requests

from testkit.forked import start_process
from testkit.processes import free_port
from tests.server.conftest import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.a_few(3)

SERVE = [sys.executable, "-m", "payments_mock", "serve"]
PIPE_BYTES = 4096
CALLS = 60 if sys.platform == "linux" else 700
"""Their lines are more than a pipe holds: as little as we say, or else up to 64 KiB."""


@contextmanager
def serving(
    *options: str, stdout: IO[bytes] | None = None, stderr: IO[bytes], shell: str = ""
) -> Iterator[str]:
    """Run a server, and give its address; `shell` is a line of which "$@" is its command."""
    port = free_port()
    command = [*SERVE, "--port", str(port), *options]
    if shell:
        command = ["sh", "-c", f"exec {shell}", "sh", *command]
    url = f"http://127.0.0.1:{port}"
    with open(os.devnull, "wb") as nothing:
        process = start_process(command, stdout or nothing, stderr)
    try:
        wait_until(lambda: is_up(url))
        yield url
    finally:
        process.terminate()
        status = process.wait(PATIENCE_SECONDS)
    assert status == 0


@contextmanager
def small_pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Make a pipe that is soon full, to read from and to write to."""
    ours, theirs = os.pipe()
    if sys.platform == "linux":
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    with open(ours, "rb", buffering=0) as ours, open(theirs, "wb", buffering=0) as theirs:
        yield ours, theirs


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def look_up(url: str, times: int) -> None:
    with requests.Session() as session:
        session.auth = ("test_sk_dummy", "")
        for _ in range(times):
            assert session.get(f"{url}/v1/payments/pay_1", timeout=5).status_code == 404


def lost_lines(url: str) -> int:
    lost: int = requests.get(f"{url}/health", timeout=5).json().get("logLinesLost", 0)
    return lost


def test_answers_go_on_where_the_log_goes_to_a_full_disk() -> None:
    with open("/dev/full", "wb", buffering=0) as full, serving(stderr=full) as url:
        look_up(url, 3)

        assert lost_lines(url) >= 3


@pytest.mark.parametrize("shell", ['"$@" 2>&-', '"$@" >&- 2>&-'], ids=["closed", "both closed"])
def test_answers_go_on_where_the_log_is_closed(shell: str) -> None:
    with open(os.devnull, "wb") as nothing, serving(stderr=nothing, shell=shell) as url:
        look_up(url, 3)

        assert lost_lines(url) >= 3


def test_answers_go_on_where_the_reader_of_the_log_is_gone() -> None:
    with small_pipe() as (output, theirs), serving(stdout=theirs, stderr=theirs) as url:
        theirs.close()
        output.read(1)
        output.close()
        look_up(url, 3)

        assert lost_lines(url) >= 3


@pytest.mark.parametrize("options", [[], ["--threads", "4"], ["--workers", "2"]], ids=" ".join)
def test_answers_go_on_where_nobody_reads_the_log(options: list[str]) -> None:
    with small_pipe() as (_, theirs), serving(*options, stderr=theirs) as url:
        look_up(url, CALLS)

        wait_until(lambda: lost_lines(url) > 0)


def test_answers_go_on_where_nobody_reads_the_socket_that_the_log_goes_to() -> None:
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIPE_BYTES)
    with ours, theirs, theirs.makefile("wb") as log, serving(stderr=log) as url:
        look_up(url, 2 * CALLS)

        assert lost_lines(url) > 0


def test_the_next_line_that_gets_through_says_how_many_were_lost() -> None:
    with small_pipe() as (log, theirs), serving(stderr=theirs) as url:
        look_up(url, CALLS)
        lost = lost_lines(url)
        drain(log)
        look_up(url, 1)
        [notice, line] = drain(log).splitlines()[-2:]

        assert notice == f"payments-mock: {lost + 1} lines were lost here"
        assert "path=/v1/payments/pay_1 " in line


def drain(pipe: IO[bytes]) -> str:
    """Return the bytes in a pipe."""
    os.set_blocking(pipe.fileno(), False)
    received = b""
    while part := pipe.read(65536) or b"":
        received += part
    return received.decode()


def test_a_log_in_a_file_goes_on_behind_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("before\n")
    with file.open("ab") as log, serving(stdout=log, stderr=log) as url:
        look_up(url, 1)

    lines = file.read_text().splitlines()
    assert lines[0] == "before"
    assert any("Base URL" in line for line in lines)
    assert "path=/v1/payments/pay_1 " in lines[-1]
