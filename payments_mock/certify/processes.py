"""The programs of a run: the provider that the command serves, the merchant's, and its driver."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import IO, Final
from urllib.parse import urlsplit

from payments_mock.certify.description import Description, fill
from payments_mock.child_server import ChildServerError, child_server

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.05


class StartFailedError(Exception):
    """A program of the run did not start; the text says which, and what it said."""


class ProviderProcess:
    """A provider that this command serves, on `port` or on any free one; it ends with this process."""

    def __init__(self, port: int = 0) -> None:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("PAYMENTS_MOCK_")
        }
        self._until_stop = ExitStack()
        options = ("--port", str(port), "--log-format", "none")
        try:
            self.url = self._until_stop.enter_context(child_server(*options, environment=environment))
        except ChildServerError as error:
            raise StartFailedError(f"the provider did not start: {_advice(error, port)}") from None

    def stop(self) -> None:
        """Stop it."""
        self._until_stop.close()


def _advice(error: ChildServerError, port: int) -> str:
    """Tell what is wrong with the provider's port in the words of certify, which has no option for it."""
    said = str(error).replace("--port", "merchant.provider_port in the file")
    url = f"http://127.0.0.1:{port}"
    is_taken = port != 0 and listens(url)
    return f"{said}, or use the provider that runs there with --provider-url {url}" if is_taken else said


class MerchantProcess:
    """The merchant's program or its driver, started with what it has to know in its environment."""

    def __init__(
        self,
        command: Sequence[str],
        told: Mapping[str, str],
        description: Description,
        *,
        is_driver: bool = False,
    ) -> None:
        if not is_driver and listens(description.base_url):
            raise StartFailedError(
                f"something listens at {description.base_url} already; stop it, or leave merchant.start out"
            )
        lower = {name.lower(): value for name, value in told.items()}
        port = urlsplit(description.base_url).port or 80
        values = {**lower, "port": port}
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        try:
            self.process = subprocess.Popen(  # noqa: S603
                [str(fill(part, values)) for part in command],
                stdin=subprocess.PIPE if is_driver else subprocess.DEVNULL,
                stdout=subprocess.PIPE if is_driver else self._errors,
                stderr=self._errors,
                text=True,
                env={
                    **os.environ,
                    **told,
                    **{k: str(fill(v, values)) for k, v in description.environment.items()},
                },
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise StartFailedError(f"merchant.start: {command[0]}: {error.strerror}") from error
        if not is_driver:
            self._wait_until_it_listens(description.base_url)

    def _wait_until_it_listens(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not listens(url):
            if self.process.poll() is not None:
                said = _tail(self._errors)
                self.stop()
                raise StartFailedError(f"the merchant ended with exit code {self.process.returncode}: {said}")
            if time.monotonic() > deadline:
                self.stop()
                raise StartFailedError(
                    f"the merchant did not listen at {url} within {START_SECONDS:g} seconds"
                )
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Stop it, and what it started."""
        stop(self.process)
        self._errors.close()


def listens(url: str) -> bool:
    """Tell whether somebody takes connections at a URL."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=2):
            return True
    except OSError:
        return False


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that was started as the first of its session, and all in it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _tail(errors: IO[str], most: int = 400) -> str:
    errors.seek(0)
    return " ".join(errors.read()[-most:].split()) or "it said nothing"
