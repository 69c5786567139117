"""A log that can't be written is given up: it fails and blocks no answer, and what is lost is counted."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
import requests

from tests.server.conftest import PATIENCE_SECONDS, wait_until

SERVE = [sys.executable, "-m", "payments_mock", "serve"]
CALLS = 700
"""Their lines are more than the 64 KiB that a pipe holds."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def serving(
    *options: str, shell: str = '"$@"', **outputs: Any
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a server in a shell's line of which "$@" is its command; give its address and the process."""
    port = free_port()
    command = ["sh", "-c", f"exec {shell}", "sh", *SERVE, "--port", str(port), *options]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, **{"stdout": subprocess.DEVNULL, **outputs}) as process:
        try:
            wait_until(lambda: is_up(url))
            yield url, process
        finally:
            process.terminate()
            status = process.wait(PATIENCE_SECONDS)
    assert status == 0


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


@pytest.mark.parametrize(
    "shell", ['"$@" 2>/dev/full', '"$@" 2>&-', '"$@" >&- 2>&-'], ids=["a full disk", "closed", "both closed"]
)
def test_answers_go_on_where_the_log_can_not_be_written(shell: str) -> None:
    with serving(shell=shell) as (url, _):
        look_up(url, 3)

        assert lost_lines(url) >= 3


def test_answers_go_on_where_the_reader_of_the_log_is_gone() -> None:
    with serving(stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as (url, process):
        output = process.stdout
        assert output is not None
        output.readline()
        output.close()
        look_up(url, 3)

        assert lost_lines(url) >= 3


@pytest.mark.parametrize("options", [[], ["--threads", "4"], ["--workers", "2"]], ids=" ".join)
def test_answers_go_on_where_nobody_reads_the_log(options: list[str]) -> None:
    with serving(*options, stderr=subprocess.PIPE) as (url, _):
        look_up(url, CALLS)

        wait_until(lambda: lost_lines(url) > 0)


def test_answers_go_on_where_nobody_reads_the_socket_that_the_log_goes_to() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, serving(stderr=theirs) as (url, _):
        look_up(url, 2 * CALLS)

        assert lost_lines(url) > 0


def test_the_next_line_that_gets_through_says_how_many_were_lost() -> None:
    with serving(stderr=subprocess.PIPE) as (url, process):
        look_up(url, CALLS)
        lost = lost_lines(url)
        log = process.stderr
        assert log is not None
        drain(log)
        look_up(url, 1)
        [notice, line] = drain(log).splitlines()[-2:]

        assert notice == f"payments-mock: {lost + 1} lines were lost here"
        assert "path=/v1/payments/pay_1 " in line


def drain(pipe: IO[bytes]) -> str:
    """Return what is in a pipe by now."""
    os.set_blocking(pipe.fileno(), False)
    received = b""
    while part := pipe.read(65536) or b"":
        received += part
    return received.decode()


def test_a_log_in_a_file_goes_on_behind_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("before\n")
    with file.open("ab") as log, serving(stdout=log, stderr=log) as (url, _):
        look_up(url, 1)

    lines = file.read_text().splitlines()
    assert lines[0] == "before"
    assert any("Base URL" in line for line in lines)
    assert "path=/v1/payments/pay_1 " in lines[-1]
