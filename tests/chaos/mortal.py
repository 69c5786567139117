"""A server that is killed without warning, and started again at the same address on the same database."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from step_defs.support.processes import answers

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.01
_URL = re.compile(r"http://[^\s]+:(\d+)")


class MortalServer:
    """A server process with all of its workers; `command` makes its command line for a port.

    `recoveries` holds how many seconds passed until it answered again, for each time that it was killed: from
    the start of the new process where there had to be one.
    """

    def __init__(self, command: Callable[[int], list[str]], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._port = 0
        self.url = ""
        self.recoveries: list[float] = []
        self.start()

    def __enter__(self) -> "MortalServer":
        return self

    def __exit__(self, *_exception: object) -> None:
        """Leave nothing of it running, however the test ended."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE_SECONDS)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "stdout").open("wb") as stdout, (self._folder / "stderr").open("ab") as stderr:
            self._process = subprocess.Popen(
                self._command(self._port), stdout=stdout, stderr=stderr, start_new_session=True
            )
        if not self.url:
            self._wait_until(lambda: _URL.search(self._printed()) is not None)
            found = _URL.search(self._printed())
            assert found is not None
            self.url, self._port = found[0], int(found[1])
        self._wait_until_it_answers()

    def kill_all(self) -> None:
        """Kill the server and its workers at once, and start it again."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)
        began = time.monotonic()
        self.start()
        self.recoveries.append(time.monotonic() - began)

    def kill_worker(self) -> None:
        """Kill one of the workers; the server itself puts another in its place."""
        children = psutil.Process(self._process.pid).children()
        if not children:
            self.kill_all()
            return
        began = time.monotonic()
        children[0].kill()
        psutil.wait_procs(children[:1], PATIENCE_SECONDS)
        self._wait_until(lambda: self._has_workers(len(children)))
        self._wait_until_it_answers()
        self.recoveries.append(time.monotonic() - began)

    def stop(self) -> str:
        """End it in order, and return what it logged in all of its lives."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            raise
        return self.log

    @property
    def log(self) -> str:
        return (self._folder / "stderr").read_text(errors="replace")

    def _printed(self) -> str:
        return (self._folder / "stdout").read_text(errors="replace")

    def _has_workers(self, count: int) -> bool:
        alive = psutil.Process(self._process.pid).children()
        return sum(child.status() != psutil.STATUS_ZOMBIE for child in alive) == count

    def _wait_until_it_answers(self) -> None:
        self._wait_until(lambda: answers(f"{self.url}/health"))

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self._process.poll() is None, self.log[-4000:]
            assert time.monotonic() < deadline, self.log[-4000:]
            time.sleep(LOOK_SECONDS)
