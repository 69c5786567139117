"""Which process did something, and whether it is still there."""

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from payments_mock.ids import current_process, is_gone

HOST = socket.gethostname()


@pytest.fixture
def ended() -> Iterator[int]:
    """Return the number of a process that has ended and was not waited for."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    yield process.pid
    process.wait()


def test_this_process_is_here() -> None:
    assert not is_gone(current_process())


def test_one_that_had_this_number_before_is_gone() -> None:
    assert is_gone(f"{HOST}/{os.getpid()}/an-earlier-start")


def test_another_of_this_machine_is_here_while_it_runs() -> None:
    assert not is_gone(f"{HOST}/{os.getppid()}/token")


def test_one_that_has_ended_is_gone_though_nobody_has_asked_about_it(ended: int) -> None:
    assert is_gone(f"{HOST}/{ended}/token")


def test_one_that_was_asked_about_after_its_end_is_gone() -> None:
    process = subprocess.Popen(["true"])
    process.wait()

    assert is_gone(f"{HOST}/{process.pid}/token")


def test_of_another_machine_nobody_can_tell() -> None:
    assert not is_gone("another-machine/1/token")
