"""How long it takes to make what a test needs: a sandbox, a server in the test's process, a whole suite."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.control.desk import Desk
from benchmarks.errors import LoadError
from benchmarks.servers import PROJECT, shipped
from payments_mock.testing.servers import MockServer

START = """
import time
from payments_mock.testing import MockServer
began = time.perf_counter()
with MockServer():
    print(time.perf_counter() - began)
"""
SUITE = """
import pytest
import requests

from payments_mock.testing import Sandbox


def call(sandbox: Sandbox, path: str) -> requests.Response:
    body = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 1000}
    url = f"{sandbox.base_url}/v1/payments{path}"
    return requests.post(url, json=body, auth=(sandbox.secret_key, ""), timeout=10)


@pytest.mark.parametrize("number", range(200))
def test_a_lost_approval_is_found(sandbox: Sandbox, number: int) -> None:
    sandbox.faults.lose_answer("confirm")
    call(sandbox, "")
    with pytest.raises(requests.ConnectionError):
        call(sandbox, "/confirm")
    assert call(sandbox, "/confirm").json()["status"] == "APPROVED"
    sandbox.journal.assert_called("confirm", count=2)
"""
"""A suite of 200 tests on the fixture; each makes eight calls of the server."""


def sandboxes_by_api(count: int) -> list[float]:
    """Make sandboxes by the control API of a server process; returns the milliseconds of each."""
    with shipped("--log-format", "none") as server, Desk(server.host, server.port) as desk:
        desk.sandbox()
        return [_milliseconds(desk.sandbox) for _ in range(count)]


def sandboxes_in_process(count: int) -> list[float]:
    """Make sandboxes as the pytest fixture does; returns the milliseconds of each."""
    with MockServer() as server:
        server.sandbox()
        return [_milliseconds(server.sandbox) for _ in range(count)]


def server_starts(count: int) -> list[float]:
    """Start servers in the process of a test, each in a new one; returns the milliseconds of each."""
    command = [sys.executable, "-c", START]
    started = []
    for _ in range(count):
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
        started.append(1000 * float(done.stdout))
    return started


def suite_tests() -> list[float]:
    """Run a merchant's suite on the fixture; returns the milliseconds of each test, fixtures included.

    Raises LoadError when a test does not pass.
    """
    with tempfile.TemporaryDirectory(prefix="bench-payments-mock-") as name:
        folder = Path(name)
        (folder / "test_suite.py").write_text(SUITE)
        report = folder / "report.xml"
        options = ("-q", "-p", "no:cacheprovider", "--rootdir", name, f"--junitxml={report}")
        command = [sys.executable, "-m", "pytest", *options, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        if done.returncode != 0:
            raise LoadError(f"the suite failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        cases = ElementTree.parse(report).iter("testcase")
        return [1000 * float(case.attrib["time"]) for case in cases]


def _milliseconds(make: Callable[[], object]) -> float:
    began = time.perf_counter()
    make()
    return 1000 * (time.perf_counter() - began)


def median(values: list[float]) -> float:
    """Return the median of many."""
    return statistics.median(values)
