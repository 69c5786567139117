"""The processes of a run: the mock that is found or started, and the command that is led to it."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn
from urllib.parse import urlsplit

from payments_mock.child_server import ChildServerError, child_server

USUAL_URL: Final = "http://127.0.0.1:9090"
FIND_SECONDS: Final = 2.0
_OPTIONS: Final = ("--port", "0", "--open", "--default-contract", "toss", "--log-format", "none")
NOT_FOUND: Final = 127
NOT_EXECUTABLE: Final = 126
_PASSED_ON: Final = tuple(
    getattr(signal, name)
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
)
_ENDING: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_BY_THE_TERMINAL: Final = (signal.SIGINT, signal.SIGQUIT)


class MockError(Exception):
    """There is no mock to lead anybody to; the message is one line."""


@contextmanager
def mock(given_url: str | None, *, is_new: bool = False) -> Iterator[str]:
    """Give the URL of a mock: of the one given, of one that answers at the usual place, or of a new one.

    Raises:
        MockError: the one given does not answer, or a new one does not start.
    """
    if given_url is not None and not is_new:
        url = given_url.rstrip("/")
        if not answers(url):
            raise MockError(f"no payments-mock answers at {url}; start one with `payments-mock serve`")
        yield url
    elif not is_new and answers(USUAL_URL):
        yield USUAL_URL
    else:
        with _started() as url:
            yield url


def answers(url: str) -> bool:
    """Tell whether a payments-mock answers at a URL."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=FIND_SECONDS)
        try:
            connection.request("GET", "/health")
            said = json.loads(connection.getresponse().read(10_000))
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return False
    return isinstance(said, dict) and said.keys() >= {"status", "database", "version"}


@contextmanager
def _started() -> Iterator[str]:
    """Run a mock that takes any test key for the length of a block; it never outlives this process."""
    try:
        with child_server(*_OPTIONS) as url:
            yield url
    except ChildServerError as error:
        raise MockError(f"the mock did not start: {error}") from None


class CommandError(Exception):
    """A command can't be run; `exit_code` is what a shell would end with."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command with our input and output, pass signals on to it, and return its exit code.

    A command that a signal ended has 128 and the signal's number, as in a shell.

    Raises:
        CommandError: there is no such command, or it can't be run.
    """
    with _passing_signals_on() as passing:
        try:
            # In our process group: what a terminal sends, it sends to both.
            process = subprocess.Popen(command, env=dict(environment))  # noqa: S603
        except FileNotFoundError:
            raise CommandError(f"{command[0]}: there is no such command", NOT_FOUND) from None
        except OSError as error:
            raise CommandError(f"{command[0]}: {error.strerror}", NOT_EXECUTABLE) from None
        passing.to(process)
        code = process.wait()
    return code if code >= 0 else 128 - code


class _Passing:
    """Passes signals on to a process; those that come before it has started are kept for it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def to(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        for number in self._early:
            self._send(process, number)

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        if self._process is None:
            self._early.append(number)
        elif number not in _BY_THE_TERMINAL or not _is_in_foreground():
            self._send(self._process, number)

    def _send(self, process: subprocess.Popen[bytes], number: int) -> None:
        with suppress(ProcessLookupError):
            process.send_signal(number)


@contextmanager
def _passing_signals_on() -> Iterator[_Passing]:
    passing = _Passing()
    # What was ignored, as hang-ups are below nohup, the command ignores, too.
    caught = [number for number in _PASSED_ON if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, passing.pass_on) for number in caught}
    try:
        yield passing
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Have signals that end this process unwind the stack first, so that nothing is left behind."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    caught = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in caught}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_in_foreground() -> bool:
    """Tell whether a terminal sends its signals to our group, so that the command gets them by itself."""
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
