"""Start Python programs by forks of a process that has imported what they import.

What is tested of a start itself is started afresh, as its users start it: the version, a refused setting.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from threading import Lock
from typing import IO, Any, Protocol

LONGEST_RUN_SECONDS = 30.0
PROGRAM = Path(__file__).with_name("fork_server.py")
OF_THE_INTERPRETER = "PYTHON"
"""How variables begin that Python itself reads when it starts."""

HEEDED_IN_A_FORK = "PYTHONIOENCODING"
"""The one of them that the process that forks sees to."""


class Process(Protocol):
    """What tests do with a process: the part of `subprocess.Popen` that they use."""

    args: Any
    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


def start_process(
    command: Sequence[str], stdout: IO[bytes], stderr: IO[bytes], environment: Mapping[str, str] | None = None
) -> Process:
    """Start a command with nothing to read; its environment is ours, unless another is given.

    A program of our Python is started by a fork, which spares the time to import, unless Python itself is to
    start differently from the process that forks.
    """
    variables = dict(os.environ if environment is None else environment)
    if _can_fork(command, variables):
        return _fork_server().start(command, stdout, stderr, variables)
    return start_afresh(command, stdout, stderr, variables)


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> CompletedProcess[str]:
    """Start a command like `start_process`, and return what it printed once it has ended.

    Raises:
        subprocess.TimeoutExpired: it is still there after `LONGEST_RUN_SECONDS`.
    """
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = start_process(command, stdout, stderr, environment)
        try:
            code = process.wait(LONGEST_RUN_SECONDS)
        finally:
            process.kill()
        for file in (stdout, stderr):
            file.seek(0)
        return CompletedProcess(list(command), code, stdout.read().decode(), stderr.read().decode())


def start_afresh(
    command: Sequence[str], stdout: IO[bytes], stderr: IO[bytes], environment: Mapping[str, str]
) -> Process:
    """Start a command with nothing to read, as a shell does."""
    return subprocess.Popen(
        list(command), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=dict(environment)
    )


def _can_fork(command: Sequence[str], variables: Mapping[str, str]) -> bool:
    is_program = command[0] == sys.executable and (command[1] == "-m" or not command[1].startswith("-"))
    return (
        sys.platform == "linux" and is_program and _of_interpreter(variables) == _of_interpreter(os.environ)
    )


def _of_interpreter(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(OF_THE_INTERPRETER) and name != HEEDED_IN_A_FORK
    }


@cache
def _fork_server() -> "ForkServer":
    server = ForkServer()
    atexit.register(server.stop)
    return server


class ForkServer:
    """The process that forks; it ends, with whatever it has forked, when this process does."""

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = Lock()
        with theirs:
            command = [sys.executable, str(PROGRAM), str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def start(
        self, command: Sequence[str], stdout: IO[bytes], stderr: IO[bytes], variables: Mapping[str, str]
    ) -> "ForkedProcess":
        """Start a program with its own environment and output."""
        asked = {"arguments": command[1:], "environment": dict(variables), "folder": os.getcwd()}
        ended, status = os.pipe()
        with open(os.devnull, "rb") as nothing:
            files = [nothing.fileno(), stdout.fileno(), stderr.fileno(), status]
            with self._lock:
                socket.send_fds(self._asking, [json.dumps(asked).encode()], files)
                pid = int.from_bytes(self._asking.recv(4), "big")
        os.close(status)
        assert pid, "the fork server has ended"
        return ForkedProcess(list(command), pid, ended)

    def stop(self) -> None:
        """End it, with whatever it has forked."""
        self._asking.close()
        self._process.wait()


class ForkedProcess:
    """A process that was forked for us; its exit code comes through the pipe `ended`."""

    def __init__(self, args: list[str], pid: int, ended: int) -> None:
        self.args = args
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None as long as the process runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once there is one.

        Raises:
            subprocess.TimeoutExpired: there is none after `timeout` seconds.
        """
        code = self._look(timeout)
        if code is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired(self.args, timeout)
        return code

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            # It may end this very moment.
            with suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
            code = os.read(self._ended, 4)
            assert code, f"the fork server has ended, and process {self.pid} with it"
            self.returncode = int.from_bytes(code, "big", signed=True)
            os.close(self._ended)
        return self.returncode
