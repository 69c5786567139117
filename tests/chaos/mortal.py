"""A server that is killed without warning, and started again at the same address on the same database."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import requests

from testkit.processes import answers
from tests.chaos.processor import waited_for_processor

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.01
ANSWER_SECONDS = 10.0
_URL = re.compile(r"http://[^\s]+:(\d+)")


class MortalServer:
    """A server process with all of its workers; `command` makes its command line for a port.

    `recoveries` holds how many seconds it took until it took payments again, for each time that it was
    killed: from the start of the new process where there had to be one, and without those in which other
    programs had the processor that it waited for.
    """

    def __init__(self, command: Callable[[int], list[str]], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._port = 0
        self._payments = 0
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
        """Start it, and wait until it takes payments."""
        with (self._folder / "stdout").open("wb") as stdout, (self._folder / "stderr").open("ab") as stderr:
            self._process = subprocess.Popen(
                self._command(self._port),
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        if not self.url:
            self._wait_until(lambda: _URL.search(self._printed()) is not None)
            found = _URL.search(self._printed())
            assert found is not None
            self.url, self._port = found[0], int(found[1])
        self._wait_until(self.takes_payments)

    def kill_all(self) -> None:
        """Kill the server and its workers at once, and start it again."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)
        began = time.monotonic()
        self.start()
        took = time.monotonic() - began
        waited = waited_for_processor(self._process.pid) + self._longest_wait(self._workers())
        self.recoveries.append(took - waited)

    def kill_worker(self) -> None:
        """Kill one of the workers; the server itself puts another in its place."""
        before = self._workers()
        if not before:
            self.kill_all()
            return
        began, waited_before = time.monotonic(), waited_for_processor(self._process.pid)
        before[0].kill()
        psutil.wait_procs(before[:1], PATIENCE_SECONDS)
        self._wait_until(lambda: self._has_workers(len(before)))
        self._wait_until(self.takes_payments)
        took = time.monotonic() - began
        waited = waited_for_processor(self._process.pid) - waited_before
        new = [worker for worker in self._workers() if worker not in before]
        self.recoveries.append(took - waited - self._longest_wait(new))

    def is_healthy(self) -> bool:
        """Tell whether it says that it is well."""
        return answers(f"{self.url}/health")

    def takes_payments(self) -> bool:
        """Tell whether it is well and makes a payment now."""
        self._payments += 1
        name = f"mortal-{self._payments:06}"
        body = {"paymentKey": name, "orderId": name, "amount": 1_000}
        with requests.Session() as session:
            session.trust_env = False
            try:
                made = session.post(
                    f"{self.url}/v1/payments", json=body, auth=("test_sk_dummy", ""), timeout=ANSWER_SECONDS
                )
            except requests.RequestException:
                return False
        return made.status_code == 200 and self.is_healthy()

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

    def _workers(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children()

    def _has_workers(self, count: int) -> bool:
        return sum(worker.status() != psutil.STATUS_ZOMBIE for worker in self._workers()) == count

    @staticmethod
    def _longest_wait(workers: list[psutil.Process]) -> float:
        return max((waited_for_processor(worker.pid) for worker in workers), default=0.0)

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert self._process.poll() is None, self.log[-4000:]
            assert time.monotonic() < deadline, self.log[-4000:]
            time.sleep(LOOK_SECONDS)
