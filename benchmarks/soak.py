"""Whole lifecycles at a steady share of what the server can do, for long, and what that leaves behind."""

import asyncio
import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final, cast

import httptools
import uvloop

from benchmarks.client import CONNECTIONS, LoadError
from benchmarks.operations import LIFECYCLE, KioskContract, Stock
from benchmarks.servers import Server, shipped

SHARE: Final = 0.7
"""How much of what the server can do is asked of it."""

CAPACITY_SECONDS: Final = 5.0
SETTLE_SECONDS: Final = 2.0
WARM_UP: Final = 0.25
"""The first part of a soak, in which caches fill."""

RETENTION: Final = 10_000
"""How many calls the journal is to keep, the newest."""

PRUNED_LATE: Final = 1.1
"""The journal is cut back now and then only, so that it may hold a little more in between."""

MEMORY_GROWTH: Final = 1.05
TAIL_GROWTH: Final = 1.5
TAIL_TO_MEDIAN: Final = 5.0
STORED_GROWTH: Final = 1.1


@dataclass(frozen=True)
class Sample:
    """A part of a soak: seconds a request at the median and the 99th percentile, and what its end finds.

    Memory and the size of the database are in megabytes.
    """

    p50: float
    p99: float
    lifecycles: int
    memory: float
    stored: float


@dataclass(frozen=True)
class Holdings:
    """What a server at rest holds open."""

    threads: int
    sockets: int
    files: int


@dataclass(frozen=True)
class Verdict:
    """Whether one promise held, and the figures that say so."""

    passed: bool
    text: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{'pass' if self.passed else 'FAIL'}  {self.text}"


class _Client(asyncio.Protocol):
    """One kept-alive connection, over which one request at a time is sent."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answered: asyncio.Future[None] | None = None
        self._body = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body = body

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._answered is None or self._answered.done():
            return
        if status == 200:
            self._answered.set_result(None)
        else:
            self._answered.set_exception(
                LoadError(f"answered {status}: {self._body.decode(errors='replace')}")
            )

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(LoadError(f"connection lost: {exc or 'closed by the server'}"))

    async def send(self, request: bytes) -> float:
        """Send a request, and return how many seconds its answer took."""
        assert self.transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self.transport.write(request)
        await self._answered
        return time.perf_counter() - began


class Soak:
    """Lifecycles on one server, at a rate or as fast as they go."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stock = Stock(seed=3)
        self._contract = KioskContract()
        self._latencies: list[float] = []
        self._lived = 0

    def run(self, seconds: float, rate: float | None = None) -> tuple[list[float], int]:
        """Live `rate` lifecycles a second, else as many as go; returns seconds a request, and lives.

        Raises:
            LoadError: an answer was not 200, or did not come.
        """
        self._latencies, self._lived = [], 0
        uvloop.run(self._run(seconds, rate))
        return self._latencies, self._lived

    async def _run(self, seconds: float, rate: float | None) -> None:
        loop = asyncio.get_running_loop()
        clients = [
            (await loop.create_connection(_Client, self._server.host, self._server.port))[1]
            for _ in range(CONNECTIONS)
        ]
        began = loop.time()
        turns = self._turns(began, seconds, rate)
        try:
            async with asyncio.TaskGroup() as group:
                for client in clients:
                    group.create_task(self._live(client, turns))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            for client in clients:
                if client.transport is not None:
                    client.transport.close()
        await asyncio.sleep(0)

    @staticmethod
    def _turns(began: float, seconds: float, rate: float | None) -> Iterator[float]:
        """Yield when each lifecycle is to begin, until the time is up; whoever is free takes the next."""
        number = 0
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() if rate is None else began + number / rate
            if due >= began + seconds:
                return
            number += 1
            yield due

    async def _live(self, client: _Client, turns: Iterator[float]) -> None:
        loop = asyncio.get_running_loop()
        for due in turns:
            await asyncio.sleep(max(0.0, due - loop.time()))
            payment = self._stock.new()
            for operation in LIFECYCLE:
                request = self._contract.request(operation, payment, self._server.authority)
                self._latencies.append(await client.send(request))
            self._lived += 1


def run_soak(minutes: float, say: Callable[[str], None]) -> list[Verdict]:
    """Soak a server on a file of its own for so long, and return how it stood that.

    Raises:
        LoadError: an answer was not 200, or did not come.
        ServerError: the server did not start.
    """
    with TemporaryDirectory(prefix="soak-payments-mock-") as name:
        options = (
            "--data",
            f"{name}/payments.db",
            "--journal-entries",
            str(RETENTION),
            "--log-format",
            "none",
        )
        with shipped(*options) as server:
            soak = Soak(server)
            rate = SHARE * capacity(soak)
            say(f"{rate:,.0f} lifecycles a second, {SHARE:.0%} of what the server can do")
            before = holdings(server)
            samples = []
            for sample in measure(soak, server, Path(name), rate, minutes):
                samples.append(sample)
                say(
                    f"{len(samples)}: p50 {sample.p50 * 1e3:.1f} ms, p99 {sample.p99 * 1e3:.1f} ms, "
                    f"{sample.memory:.1f} MB, database {sample.stored:.1f} MB"
                )
            after = holdings(server)
            return verdicts(samples, before, after, journal_entries(server), RETENTION)


def capacity(soak: Soak) -> float:
    """Return how many lifecycles a second the server can do."""
    _, lived = soak.run(CAPACITY_SECONDS)
    return lived / CAPACITY_SECONDS


def measure(
    soak: Soak, server: Server, folder: Path, rate: float, minutes: float, parts: int = 40
) -> Iterator[Sample]:
    """Yield the samples of a soak, one after the other."""
    for _ in range(parts):
        latencies, lived = soak.run(minutes * 60 / parts, rate)
        percentiles = quantiles(latencies, n=100)
        stored = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        yield Sample(percentiles[49], percentiles[98], lived, server.memory().judged, stored)


def holdings(server: Server) -> Holdings:
    """Return what the server holds open once it has rested."""
    time.sleep(SETTLE_SECONDS)
    processes = server.processes()
    return Holdings(
        sum(process.num_threads() for process in processes),
        sum(len(process.net_connections()) for process in processes),
        sum(process.num_fds() for process in processes),
    )


def journal_entries(server: Server) -> int:
    """Return how many calls the journal holds."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    try:
        connection.request("GET", "/control/sandboxes/kiosk/journal/count")
        return int(json.loads(connection.getresponse().read())["count"])
    finally:
        with suppress(OSError):
            connection.close()


def verdicts(
    samples: Sequence[Sample], before: Holdings, after: Holdings, entries: int, retention: int
) -> list[Verdict]:
    """Judge a soak: all is flat once it is warm, and nothing is left open."""
    warm = samples[int(len(samples) * WARM_UP) :]
    quarter = max(1, len(warm) // 4)
    first, last = warm[:quarter], warm[-quarter:]
    memory = median(each.memory for each in last) / median(each.memory for each in first)
    tail = median(each.p99 for each in last) / median(each.p99 for each in first)
    spread = median(each.p99 for each in warm) / median(each.p50 for each in warm)
    growth = _stored_per_life(last) / _stored_per_life(first) if quarter > 1 else 1.0
    return [
        Verdict(memory <= MEMORY_GROWTH, f"memory after warm-up x {memory:.3f} (at most {MEMORY_GROWTH})"),
        Verdict(
            tail <= TAIL_GROWTH,
            f"p99 at the end x {tail:.2f} of that at the beginning (at most {TAIL_GROWTH})",
        ),
        Verdict(spread <= TAIL_TO_MEDIAN, f"p99 is {spread:.1f} times p50 (at most {TAIL_TO_MEDIAN:.0f})"),
        Verdict(after.threads <= before.threads, f"threads: {before.threads} before, {after.threads} after"),
        Verdict(after.sockets <= before.sockets, f"sockets: {before.sockets} before, {after.sockets} after"),
        Verdict(after.files <= before.files, f"open files: {before.files} before, {after.files} after"),
        Verdict(entries <= retention * PRUNED_LATE, f"journal: {entries:,} entries, to keep {retention:,}"),
        Verdict(
            growth <= STORED_GROWTH,
            f"database: a payment takes x {growth:.2f} of what it took at first (at most {STORED_GROWTH})",
        ),
    ]


def _stored_per_life(samples: Sequence[Sample]) -> float:
    lived = sum(sample.lifecycles for sample in samples[1:])
    return max(samples[-1].stored - samples[0].stored, 1e-9) / lived if lived else 1e-9
