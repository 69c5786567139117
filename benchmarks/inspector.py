"""What the inspector costs when nobody watches, and how its page copes with a busy server."""

import base64
import http.client
import json
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import servers
from benchmarks.client import LoadClient, load_client
from benchmarks.command import Check, Report, json_option, quick_option, run, say
from benchmarks.errors import BenchError
from benchmarks.figures import Ratio
from benchmarks.operations import CONFIRM, CREATE, Stock
from benchmarks.rounds import Round, ShippedSide

UNWATCHED_COST_AT_MOST = 1.03
LONG_TASK_MS_AT_MOST = 200.0
MEMORY_GROWTH_AT_MOST = 1.3
P99_AT_MOST = 1.5
"""How much slower the slowest answers may be while a browser shares the machine."""

CALLS_A_SECOND = 500
CALLERS = 4


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 8
    seconds: float = 1.5
    watched_seconds: float = 60.0


QUICK = Plan(rounds=3, seconds=0.5, watched_seconds=15.0)


@dataclass(frozen=True)
class Watched:
    """How a page and the server stood a minute of calls; times in milliseconds, memory in megabytes."""

    calls: int
    long_tasks: int
    median_long_task: float
    longest_task: float
    memory_before: float
    memory_after: float
    usual_p99: float
    watched_p99: float


@dataclass(frozen=True)
class Results:
    """Everything one run found out."""

    unwatched: Ratio
    watched: Watched

    def checks(self) -> Iterator[Check]:
        """Hold the figures against their targets."""
        watched = self.watched
        yield Check("confirm, of without inspector", self.unwatched.median, UNWATCHED_COST_AT_MOST, False)
        yield Check("long tasks, median", watched.median_long_task, LONG_TASK_MS_AT_MOST, False, " ms")
        growth = watched.memory_after / watched.memory_before
        yield Check("memory of the page, end of start", growth, MEMORY_GROWTH_AT_MOST, False)
        p99 = watched.watched_p99 / watched.usual_p99
        yield Check("p99 while watched, of the usual", p99, P99_AT_MOST, False)


def measure_unwatched(client: LoadClient, plan: Plan) -> Ratio:
    """Compare the processor time of a confirm with the inspector and without it, by neighbouring rounds."""
    with (
        servers.shipped("--log-format", "none") as usual,
        servers.shipped("--log-format", "none", "--no-inspector") as bare,
    ):
        sides = [ShippedSide("usual", usual, Stock(seed=11)), ShippedSide("bare", bare, Stock(seed=12))]
        ratios = []
        for _ in range(plan.rounds):
            for side in sides:
                side.measure(client, CREATE, 1.5 * plan.seconds)
            row = [_milliseconds(side.measure(client, CONFIRM, plan.seconds)) for side in sides]
            say(f"confirm: with the inspector {row[0]:.3f} ms, without {row[1]:.3f} ms")
            ratios.append(row[0] / row[1])
        return Ratio.over(ratios)


def _milliseconds(measured: Round) -> float:
    return 1000 * measured.server_cpu_seconds / measured.requests


class Callers:
    """Shops that make 500 calls a second together, and time each."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self.latencies: list[float] = []
        self._mistakes: list[str] = []

    def call(self, seconds: float) -> None:
        """Make calls for so long: each creates a payment or confirms the one that was just created.

        Raises:
            BenchError: a call was not answered with 200.
        """
        threads = [threading.Thread(target=self._call, args=(place, seconds)) for place in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._mistakes:
            raise BenchError(self._mistakes[0])

    @property
    def p99(self) -> float:
        """The slowest answer but for one in a hundred, in milliseconds."""
        return 1000 * sorted(self.latencies)[int(len(self.latencies) * 0.99)]

    def _call(self, place: int, seconds: float) -> None:
        connection = http.client.HTTPConnection(*self._address, timeout=30)
        headers = {"Authorization": "Basic " + base64.b64encode(b"test_sk_dummy:").decode()}
        headers["Content-Type"] = "application/json"
        pause, began = CALLERS / CALLS_A_SECOND, time.perf_counter()
        for number in range(int(seconds / pause)):
            wait = began + number * pause - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            name = f"{id(self)}_{place}_{number // 2}"
            body = {"paymentKey": f"pay_{name}", "orderId": f"order_{name}", "amount": 15000}
            path = "/v1/payments/confirm" if number % 2 else "/v1/payments"
            asked = time.perf_counter()
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
            self.latencies.append(time.perf_counter() - asked)
            if answer.status != 200:
                self._mistakes.append(f"{path} was answered {answer.status}")
                return
        connection.close()


WATCH_TASKS = """
window.tasks = [];
new PerformanceObserver((list) => { for (const task of list.getEntries()) window.tasks.push(task.duration); })
  .observe({ entryTypes: ["longtask"] });
"""


def measure_watched(plan: Plan) -> Watched:
    """Call a server without anybody who watches, and then with the page open in Chromium."""
    from playwright.sync_api import sync_playwright

    with servers.shipped("--log-format", "none") as server, sync_playwright() as playwright:
        usual = Callers(server.host, server.port)
        usual.call(plan.watched_seconds)
        found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_init_script(WATCH_TASKS)
        page.goto(f"http://{server.authority}/inspector#/kiosk/flow")
        page.get_by_test_id("order").first.wait_for()
        devtools = page.context.new_cdp_session(page)
        watched = Callers(server.host, server.port)
        thread = threading.Thread(target=watched.call, args=(plan.watched_seconds,))
        thread.start()
        page.wait_for_timeout(1000 * plan.watched_seconds / 6)
        before = _megabytes(devtools)
        while thread.is_alive():
            page.wait_for_timeout(200)
        thread.join()
        tasks: list[float] = page.evaluate("window.tasks")
        after = _megabytes(devtools)
        browser.close()
    median = statistics.median(tasks) if tasks else 0.0
    calls = len(watched.latencies)
    longest = max(tasks, default=0.0)
    say(f"{calls} calls while watched; {len(tasks)} long tasks, median {median:.0f} ms")
    return Watched(calls, len(tasks), median, longest, before, after, usual.p99, watched.p99)


def _megabytes(devtools: Any) -> float:
    """Return the memory of the page's scripts after a garbage collection."""
    devtools.send("HeapProfiler.collectGarbage")
    used: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


def report(results: Results) -> Report:
    """Return the result, to be shown and stored."""
    watched = results.watched
    lines = [
        f"cost of a confirm, of a server without the inspector: {results.unwatched}",
        f"{watched.calls} calls: {watched.long_tasks} long tasks, median {watched.median_long_task:.0f} ms, "
        f"longest {watched.longest_task:.0f} ms",
        f"memory of the page: {watched.memory_before:.1f} MB, at the end {watched.memory_after:.1f} MB",
        f"p99: {watched.usual_p99:.1f} ms, with the page open {watched.watched_p99:.1f} ms",
    ]
    return Report(lines, list(results.checks()), asdict(results))


@click.command()
@quick_option
@json_option
def main(quick: bool, json_file: Path | None) -> None:
    """Measure what the inspector costs; exit with 1 when a target is missed."""

    def measured() -> Report:
        plan = QUICK if quick else Plan()
        with load_client() as client:
            return report(Results(measure_unwatched(client, plan), measure_watched(plan)))

    run("inspector", measured, is_whole=not quick, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.inspector")
