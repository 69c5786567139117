"""`payments-mock health`: is a server healthy? It imports only the standard library, to start fast."""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Mapping, Sequence
from enum import IntEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, NoReturn
from urllib.parse import SplitResult, urlsplit

TRY_SECONDS: Final = 3.0
"""How long one try waits for the server."""
PAUSE_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 3600.0
_LONGEST_ANSWER_BYTES: Final = 65_536

_HELP: Final = """Tell whether a payments-mock is well, or wait until it is.

It asks GET /health of the server. Without a URL it asks PAYMENTS_MOCK_URL, or else this machine at the port
of PAYMENTS_MOCK_PORT, or at 9090."""
_EXIT_CODES: Final = """exit codes:
  0  the server is well
  1  the server answers, but its database is away or takes no writes
  2  an argument will not do
  3  no payments-mock answers there"""


class ExitCode(IntEnum):
    """The command's exit codes."""

    WELL = 0
    DOWN = 1
    MISUSED = 2
    ABSENT = 3


def main(arguments: Sequence[str]) -> int:
    """Run the command, and return its exit code."""
    given = _read(arguments)
    url: SplitResult = given.url
    end = time.monotonic() + given.wait
    while True:
        left = end - time.monotonic()
        code, told = ask(url, min(TRY_SECONDS, left) if left > 0 else TRY_SECONDS)
        if code is ExitCode.WELL or time.monotonic() + PAUSE_SECONDS >= end:
            break
        time.sleep(PAUSE_SECONDS)
    if code is ExitCode.WELL:
        print(told)  # noqa: T201
    else:
        waited = f", after {given.wait:g} seconds" if given.wait else ""
        _complain(told + waited)
    return code


def ask(url: SplitResult, seconds: float) -> tuple[ExitCode, str]:
    """Ask a server once how it is; returns the exit code, and a line for people."""
    shown = url.geturl()
    try:
        status, content = _get(url, seconds)
    except TimeoutError:
        return ExitCode.ABSENT, f"no answer from {shown} within {seconds:.3g} seconds"
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return ExitCode.ABSENT, f"no payments-mock answers at {shown}: {reason}"
    state = _state(content)
    if "version" not in state or state.get("status") not in ("UP", "DOWN"):
        return ExitCode.ABSENT, f"another server than payments-mock is at {shown}: it answers {status}"
    if status != 200 or state["status"] == "DOWN":
        return ExitCode.DOWN, f"{shown} is down: its database is away, or takes no writes"
    return ExitCode.WELL, f"{shown} is up, version {state['version']}"


def _get(url: SplitResult, seconds: float) -> tuple[int, bytes]:
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=seconds)
    try:
        connection.request("GET", f"{url.path}/health", headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read(_LONGEST_ANSWER_BYTES)
    finally:
        connection.close()


def _state(content: bytes) -> Mapping[str, object]:
    try:
        state = json.loads(content)
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one line, as the other commands do."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}; see payments-mock health --help")
        sys.exit(ExitCode.MISUSED)


def _complain(line: str) -> None:
    print(f"payments-mock: {line}", file=sys.stderr)  # noqa: T201


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        "payments-mock health",
        description=_HELP,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", metavar="URL", nargs="?", type=_base_url, default=default_url(os.environ))
    parser.add_argument(
        "--wait", metavar="SECONDS", type=_seconds, default=0.0, help="wait so long for the server to be well"
    )
    return parser.parse_args(arguments)


def default_url(environment: Mapping[str, str]) -> str:
    """Return the address of the default server."""
    port = environment.get("PAYMENTS_MOCK_PORT") or "9090"
    return environment.get("PAYMENTS_MOCK_URL") or f"http://127.0.0.1:{port}"


def _base_url(text: str) -> SplitResult:
    expected = f'"{text}" is no address of a server, such as http://localhost:9090'
    try:
        url = urlsplit(text.rstrip("/"))
        is_address = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_address = False
    if not is_address or url.query or url.fragment or not (text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError(expected)
    return url


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WAIT_SECONDS:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to {LONGEST_WAIT_SECONDS:g}, not {text}")
    return seconds
