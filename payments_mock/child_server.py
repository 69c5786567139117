"""Start `payments-mock serve` beside a program, for as long as the program lives.

The child is `payments-mock child serve`. It stops when its standard input ends, which happens when its parent
ends, even by a kill.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final

STOP_SECONDS: Final = 4.0
"""How long a child may take to stop before it is killed."""

LONGEST_ERROR: Final = 400

_MARK: Final = "Base URL"


class ChildServerError(Exception):
    """The child did not start; the message is the end of what it wrote to standard error, in one line."""


@contextmanager
def child_server(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve with these options, and give the base URL.

    It gets no Ctrl-C of a terminal, as its parent may still want to call it then.

    Raises:
        ChildServerError: it did not start.
    """
    with tempfile.TemporaryFile("w+") as errors, _started(options, environment, errors) as process:
        url = read_base_url(process, _say_nothing)
        if url is None:
            process.wait()
            errors.seek(0)
            raise ChildServerError(" ".join(errors.read()[-LONGEST_ERROR:].split()) or "it said nothing")
        yield url


@contextmanager
def child_server_in_view(*options: str) -> Iterator[subprocess.Popen[str]]:
    """Serve with these options; the caller reads the output, and Ctrl-C in a terminal ends both."""
    with _started(options, None, None) as process:
        yield process


def read_base_url(process: subprocess.Popen[str], tell: Callable[[str], None]) -> str | None:
    """Read what a child prints until it names its base URL, and tell each line; None if it ended before."""
    assert process.stdout is not None  # noqa: S101
    for line in process.stdout:
        tell(line)
        if _MARK in line:
            return line.split()[-1]
    return None


@contextmanager
def _started(
    options: tuple[str, ...], environment: Mapping[str, str] | None, errors: IO[str] | None
) -> Iterator[subprocess.Popen[str]]:
    """Run a child for the length of a block, in a session of its own where its errors go to a file."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "payments_mock", "child", "serve", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding=sys.stdout.encoding or "utf-8",
        errors="replace",
        env=environment,
        start_new_session=errors is not None,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout if errors is not None else None):
            # What is in view, somebody may be reading to its end.
            if stream is not None:
                stream.close()


def _say_nothing(_line: str) -> None:
    pass
