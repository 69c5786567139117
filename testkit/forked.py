"""Start Python programs by forks of a process that has imported what they import.

What is tested of a start itself is started afresh, as its users start it: the version, a refused setting.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from threading import Lock
from typing import IO, Any, Protocol
from unittest.mock import patch

LONGEST_RUN_SECONDS = 30.0
PROGRAM = Path(__file__).with_name("fork_server.py")
OF_THE_INTERPRETER = "PYTHON"
"""How variables begin that Python itself reads when it starts."""

HEEDED_IN_A_FORK = ("PYTHONIOENCODING", "PYTHONPATH", "PYTHONWARNINGS")
"""Those of them that the process that forks sees to."""

FRESH_POPEN = subprocess.Popen
INHERITED = -1
"""What Popen has for a file that the child is to have of us."""


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
    return ForkingPopen(
        list(command), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment
    )


@contextmanager
def all_by_forks() -> Iterator[None]:
    """Start by forks whatever this process starts meanwhile, where that can be, the product included."""
    with patch.object(subprocess, "Popen", ForkingPopen):
        yield


@contextmanager
def none_by_forks() -> Iterator[None]:
    """Start afresh what this process starts meanwhile, within `all_by_forks` too."""
    with patch.object(subprocess, "Popen", FRESH_POPEN):
        yield


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
    return FRESH_POPEN(
        list(command), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=dict(environment)
    )


def _can_fork(command: Any, variables: Mapping[str, str]) -> bool:
    if sys.platform != "linux" or not isinstance(command, list | tuple) or command[0] != sys.executable:
        return False
    is_program = command[1] == "-m" or not command[1].startswith("-")
    # Folders may come before ours, but ours stay.
    has_ours = variables.get("PYTHONPATH", "").endswith(os.environ.get("PYTHONPATH", ""))
    return is_program and has_ours and _of_interpreter(variables) == _of_interpreter(os.environ)


def _of_interpreter(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(OF_THE_INTERPRETER) and name not in HEEDED_IN_A_FORK
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
            self._process = FRESH_POPEN(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def start(self, asked: Mapping[str, Any], files: Sequence[int]) -> tuple[int, int]:
        """Start a program with these files as its usual ones.

        Returns its id, and the pipe that its exit code comes through.
        """
        ended, status = os.pipe()
        with self._lock:
            socket.send_fds(self._asking, [json.dumps(asked).encode()], [*files, status])
            pid = int.from_bytes(self._asking.recv(4), "big")
        os.close(status)
        assert pid, "the fork server has ended"
        return pid, ended

    def stop(self) -> None:
        """End it, with whatever it has forked."""
        self._asking.close()
        self._process.wait()


class ForkingPopen(FRESH_POPEN):  # type: ignore[type-arg,misc,valid-type]
    """Starts programs of our Python by a fork, where that makes no difference to them; others as ever."""

    _ended = -1
    """The pipe that the exit code comes through; below 0 where nothing was forked."""

    def _execute_child(
        self,
        args: Any,
        executable: Any,
        preexec_fn: Any,
        close_fds: Any,
        pass_fds: Any,
        cwd: Any,
        env: Any,
        startupinfo: Any,
        creationflags: Any,
        shell: Any,
        p2cread: int,
        p2cwrite: int,
        c2pread: int,
        c2pwrite: int,
        errread: int,
        errwrite: int,
        restore_signals: Any,
        gid: Any,
        gids: Any,
        uid: Any,
        umask: Any,
        start_new_session: bool,
        *more: Any,
    ) -> None:
        variables = dict(os.environ if env is None else env)
        special = (executable, preexec_fn, gid, gids, uid)
        if pass_fds or shell or any(one is not None for one in special) or not _can_fork(args, variables):
            super()._execute_child(
                args,
                executable,
                preexec_fn,
                close_fds,
                pass_fds,
                cwd,
                env,
                startupinfo,
                creationflags,
                shell,
                p2cread,
                p2cwrite,
                c2pread,
                c2pwrite,
                errread,
                errwrite,
                restore_signals,
                gid,
                gids,
                uid,
                umask,
                start_new_session,
                *more,
            )
            return
        asked = {
            "arguments": [str(word) for word in args[1:]],
            "environment": variables,
            "folder": str(cwd or os.getcwd()),
            "session": start_new_session,
        }
        files = [
            ours if file == INHERITED else file for ours, file in enumerate((p2cread, c2pwrite, errwrite))
        ]
        self.pid, self._ended = _fork_server().start(asked, files)
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)

    def _internal_poll(self, *more: Any, **named: Any) -> int | None:
        if self._ended < 0:
            return super()._internal_poll(*more, **named)
        return self._look(0)

    def _wait(self, timeout: float | None) -> int | None:
        if self._ended < 0:
            return super()._wait(timeout)
        if self._look(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
            code = os.read(self._ended, 4)
            assert code, f"the fork server has ended, and process {self.pid} with it"
            self.returncode = int.from_bytes(code, "big", signed=True)
            os.close(self._ended)
        return self.returncode
