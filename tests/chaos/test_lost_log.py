"""A log that can't be written costs no answer, whatever keeps it from being written, under load too."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from testkit.depth import waits_for_ci
from testkit.processes import ServerProcess
from tests.chaos.audit import Auditor
from tests.chaos.load import Client, KioskClient, TossClient, wait_for_lives

pytestmark = waits_for_ci

PIPE_BYTES = 4096
CLIENTS_OF_A_KIND = 2
LOOKS = 10

Lose = Callable[[], None]


@contextmanager
def full_disk() -> Iterator[tuple[int, Lose]]:
    disk = os.open("/dev/full", os.O_WRONLY)
    yield disk, lambda: None
    os.close(disk)


@contextmanager
def reader_that_reads_nothing() -> Iterator[tuple[int, Lose]]:
    reader, log = small_pipe()
    yield log, lambda: None
    os.close(reader)
    os.close(log)


@contextmanager
def reader_that_leaves() -> Iterator[tuple[int, Lose]]:
    reader, log = small_pipe()
    yield log, lambda: os.close(reader)
    os.close(log)


def small_pipe() -> tuple[int, int]:
    reader, log = os.pipe()
    fcntl.fcntl(log, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return reader, log


@contextmanager
def serving(command: list[str], folder: Path, log: int) -> Iterator[ServerProcess]:
    """Run a server with this log; it must obey a signal as always."""
    (folder / "stderr").touch()
    with (folder / "stdout").open("wb") as stdout:
        server = ServerProcess(subprocess.Popen(command, stdout=stdout, stderr=log), folder)
    try:
        server.wait_until_healthy()
        yield server
    except BaseException:
        server.kill()
        raise
    assert server.stop() == 0


def lines_lost(url: str) -> int:
    """Return how many lines are told to be lost; each worker answers for itself."""
    answers = [requests.get(f"{url}/health", timeout=5).json() for _ in range(LOOKS)]
    return max(answer.get("logLinesLost", 0) for answer in answers)


@pytest.mark.parametrize("options", [["--threads", "4"], ["--workers", "2"]], ids=" ".join)
@pytest.mark.parametrize("log", [full_disk, reader_that_reads_nothing, reader_that_leaves])
def test_every_call_is_answered_and_what_was_answered_holds(
    new_database: Callable[[], str],
    tmp_path: Path,
    log: Callable[[], Iterator[tuple[int, Lose]]],
    options: list[str],
) -> None:
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with (
        log() as (descriptor, lose),
        serving([*serve, "--database-url", new_database(), *options], tmp_path, descriptor) as server,
    ):
        clients: list[Client] = [
            kind(server.url, number)
            for number, kind in enumerate([KioskClient, TossClient] * CLIENTS_OF_A_KIND)
        ]
        for client in clients:
            client.start()
        wait_for_lives(clients)
        lose()
        while lines_lost(server.url) == 0:
            wait_for_lives(clients)
        wait_for_lives(clients)
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        auditor.look_through(clients)
        assert auditor.faults == []
        assert [client.lost for client in clients] == [0] * len(clients)
