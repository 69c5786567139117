"""Server processes: started as users start them, weighed while they run, stopped by process id."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.errors import ServerError

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.002
SHIPPED_SERVER = (sys.executable, "-m", "payments_mock", "serve", "--port", "0")
BASE_URL = re.compile(r"http://[^\s]+:\d+")


@dataclass(frozen=True)
class Memory:
    """Megabytes (10^6 bytes) of a process tree; `pss` shares common pages out, None where unreadable."""

    pss: float | None
    rss: float

    @property
    def judged(self) -> float:
        """The figure that targets look at."""
        return self.rss if self.pss is None else self.pss


class Server:
    """A running server: where it listens and what its process tree has used."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path, started: float) -> None:
        self._process = process
        self._folder = folder
        self._started = started
        self.host = ""
        self.port = 0
        self.seconds_to_first_answer = 0.0

    @property
    def authority(self) -> str:
        """The value of a request's Host header."""
        return f"{self.host}:{self.port}"

    def seconds_since_exec(self) -> float:
        """How long ago the process was started."""
        return time.perf_counter() - self._started

    def cpu_seconds(self) -> float:
        """User and system time of the process tree since its start."""
        return cpu_seconds(self._process.pid)

    def memory(self) -> Memory:
        """Memory of the process tree now."""
        tree = self._tree()
        rss = sum(process.memory_info().rss for process in tree) / 1e6
        try:
            pss = sum(process.memory_full_info().pss for process in tree) / 1e6
        except (psutil.AccessDenied, AttributeError):
            return Memory(None, rss)
        return Memory(pss, rss)

    def database(self) -> Path:
        """Return the SQLite file that the server has open.

        Raises:
            ServerError: it has none.
        """
        for process in self._tree():
            for opened in process.open_files():
                if opened.path.endswith(".db"):
                    return Path(opened.path)
        raise ServerError(f"the server has no SQLite file open:\n{self.output()}")

    def output(self) -> str:
        """The last lines the server wrote, for an error message."""
        texts = [(self._folder / name).read_text(errors="replace") for name in ("stdout", "stderr")]
        return "\n".join("\n".join(texts).splitlines()[-20:])

    def processes(self) -> list[psutil.Process]:
        """Return the process that was started, and all that it has started."""
        return self._tree()

    def _tree(self) -> list[psutil.Process]:
        return process_tree(self._process.pid)

    def wait_until_healthy(self, health: str, url: str | None) -> None:
        """Wait for the first 200 on `health`; the base URL comes from the banner unless it is given."""
        while self.seconds_since_exec() < START_SECONDS:
            if self._process.poll() is not None:
                raise ServerError(f"the server ended with {self._process.returncode}:\n{self.output()}")
            url = url or self._announced_url()
            if url and self._answers(url, health):
                self.seconds_to_first_answer = self.seconds_since_exec()
                return
            time.sleep(POLL_SECONDS)
        raise ServerError(f"no answer within {START_SECONDS:.0f} s:\n{self.output()}")

    def _announced_url(self) -> str | None:
        found = BASE_URL.search((self._folder / "stdout").read_text(errors="replace"))
        return found.group() if found else None

    def _answers(self, url: str, health: str) -> bool:
        parts = urlsplit(url)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", health)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Ask the server to stop; kill by process id whatever of its tree is left."""
        try:
            tree = self._tree()
        except psutil.NoSuchProcess:
            tree = []
        self._process.terminate()
        _, alive = psutil.wait_procs(tree, timeout=STOP_SECONDS)
        for process in alive:
            process.kill()
        self._process.wait()


def process_tree(pid: int) -> list[psutil.Process]:
    """Return a process, and all that it has started."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process tree since its start."""
    times = [process.cpu_times() for process in process_tree(pid)]
    return sum(each.user + each.system for each in times)


def busy_seconds() -> float:
    """Return the processor time that all of the machine has spent on work, stolen time included."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def _environment() -> dict[str, str]:
    """Return this process's environment without settings that would change the measurement."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PAYMENTS_MOCK_", "GRANIAN_"))
    }


@contextmanager
def running(command: Sequence[str], health: str, url: str | None = None) -> Iterator[Server]:
    """Run a server until the block ends.

    Its output goes to files, as reading pipes would cost the measuring process time. Raises ServerError
    when it does not answer 200 on `health` in time.
    """
    with tempfile.TemporaryDirectory(prefix="bench-payments-mock-") as name:
        folder = Path(name)
        with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
            started = time.perf_counter()
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        server = Server(process, folder, started)
        try:
            server.wait_until_healthy(health, url)
            yield server
        finally:
            server.stop()


def versions() -> dict[str, str]:
    """Return the version of what the ceiling runs on."""
    return {"granian": version("granian")}


@contextmanager
def ceiling() -> Iterator[Server]:
    """Run the bare Flask app on granian with its default settings."""
    port = free_port()
    command = (sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port))
    with running((*command, "benchmarks.ceiling:app"), "/", f"http://127.0.0.1:{port}") as server:
        yield server


@contextmanager
def shipped(*options: str) -> Iterator[Server]:
    """Run payments-mock as users do, with further options."""
    with running((*SHIPPED_SERVER, *options), "/health") as server:
        yield server


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
