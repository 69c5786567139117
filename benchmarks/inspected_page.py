"""How the inspector's page copes with a busy server, many orders, and calls that are held, in Chromium."""

import base64
import http.client
import json
import os
import shutil
import statistics
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks import servers
from benchmarks.client import LoadClient
from benchmarks.command import say
from benchmarks.control.desk import Desk
from benchmarks.control.held import HELD, holding, holding_sandbox, p99_of_confirms
from benchmarks.errors import BenchError
from benchmarks.operations import CONFIRM, CREATE, Stock
from benchmarks.rounds import ShippedSide

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CALLS_A_SECOND = 500
CALLERS = 4
ORDERS = 10_000
VIEWS = 5
HOLD_EFFECT = {"kind": "hold", "seconds": 600}
HOLDS = ({"moment": "before", "effect": HOLD_EFFECT}, {"moment": "after", "effect": HOLD_EFFECT})


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
class HeldInView:
    """The p99 in milliseconds of another sandbox's confirms: usual, and with calls held in view."""

    usual_p99: float
    p99: float


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Lend a headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def on_cores(cores: Collection[int]) -> Iterator[None]:
    """Have this thread, and what it starts within the block, run on these cores, or without any on all."""
    if not cores:
        yield
        return
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def parted_cores() -> tuple[Collection[int], Collection[int]]:
    """Part the cores between the server with its callers and the browser; only Linux lets us."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    half = len(cores) // 2
    return (cores[:half], cores[half:]) if half else ((), ())


class Callers:
    """Shops that make 500 calls a second together on some of the cores, and time each."""

    def __init__(self, host: str, port: int, cores: Collection[int]) -> None:
        self._address = host, port
        self._cores = cores
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
        with on_cores(self._cores):
            self._call_on(place, seconds)

    def _call_on(self, place: int, seconds: float) -> None:
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


def measure_watched(usual_seconds: float, seconds: float) -> Watched:
    """Call a server without anybody who watches, and then for so long with the page open in Chromium.

    The browser has cores of its own, as what it draws with is not the server's.
    """
    ours, browsers = parted_cores()
    with ExitStack() as stack:
        with on_cores(ours):
            server = stack.enter_context(servers.shipped("--log-format", "none"))
        stack.enter_context(on_cores(browsers))
        browser = stack.enter_context(chromium())
        usual = Callers(server.host, server.port, ours)
        usual.call(usual_seconds)
        page = browser.new_page()
        page.add_init_script(WATCH_TASKS)
        page.goto(f"http://{server.authority}/inspector#/kiosk/flow")
        page.get_by_test_id("order").first.wait_for()
        devtools = page.context.new_cdp_session(page)
        watched = Callers(server.host, server.port, ours)
        thread = threading.Thread(target=watched.call, args=(seconds,))
        thread.start()
        page.wait_for_timeout(1000 * seconds / 6)
        before = _megabytes(devtools)
        while thread.is_alive():
            page.wait_for_timeout(200)
        thread.join()
        tasks: list[float] = page.evaluate("window.tasks")
        after = _megabytes(devtools)
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


FIRST_ORDER = """
new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-testid="order"]')) return;
  watch.disconnect();
  window.came = performance.now();
}).observe(document, { childList: true, subtree: true });
"""


def measure_first_view(client: LoadClient) -> float:
    """Return after how many milliseconds the flow of a server with 10,000 orders shows orders."""
    with servers.shipped("--log-format", "none") as server, chromium() as browser:
        side = ShippedSide("full", server, Stock(seed=13))
        count = 0
        while count < ORDERS:
            count += side.measure(client, CREATE, 2.0).requests
            side.measure(client, CONFIRM, 2.0)
        came = []
        for _ in range(VIEWS):
            page = browser.new_context().new_page()
            page.add_init_script(FIRST_ORDER)
            page.goto(f"http://{server.authority}/inspector#/kiosk/flow")
            page.get_by_test_id("order").first.wait_for()
            came.append(float(page.evaluate("window.came")))
            page.context.close()
        say(f"{count} orders: the first view came in {', '.join(f'{one:.0f}' for one in came)} ms")
        return statistics.median(came)


def measure_held_in_view(client: LoadClient, rounds: int, seconds: float) -> HeldInView:
    """Measure confirms of one sandbox, with the page open on another that holds calls, and without those."""
    with ExitStack() as stack:
        server = stack.enter_context(servers.shipped("--log-format", "none"))
        desk = stack.enter_context(Desk(server.host, server.port))
        holder = holding_sandbox(desk, HOLDS)
        page = stack.enter_context(chromium()).new_page()
        page.goto(f"http://{server.authority}/inspector#/{holder['id']}/break")
        side = ShippedSide("calm", server, Stock(seed=14))
        usual, slow = [], []
        for number in range(rounds):
            usual.append(p99_of_confirms(client, side, seconds))
            with holding(server, desk, holder, len(HOLDS)):
                page.get_by_test_id("held").filter(has_text=str(HELD)).wait_for()
                slow.append(p99_of_confirms(client, side, seconds))
            say(f"held {number + 1} of {rounds}: p99 {usual[-1]:.1f} ms, with {HELD} held {slow[-1]:.1f} ms")
        return HeldInView(statistics.median(usual), statistics.median(slow))
