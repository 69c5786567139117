"""The command `python -m benchmarks soak`."""

import http.client
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from benchmarks.command import Report, json_option, run, say
from benchmarks.figures import Ratio
from benchmarks.operations import CONFIRM, CREATE, GET, LIFECYCLE, KioskContract, Operation, Payment, Stock
from benchmarks.servers import Server, busy_seconds, shipped
from benchmarks.soak.lives import Life, Lived, live_at_once, live_at_rate
from benchmarks.soak.report import Load, report
from benchmarks.soak.verdicts import Holdings, Percentiles, Sample, Shares, Soaked

SHARE: Final = 0.7
"""How much of what the server can do is asked of it."""

WHOLE_MINUTES: Final = 10.0
SAMPLES: Final = 40

CAPACITY_ROUNDS: Final = 5
CAPACITY_SECONDS: Final = 4.0
WARM_UP_SECONDS: Final = 8.0
"""At full speed, before it is measured what the server can do: the journal is full then and has to forget."""

SATURATING: Final = 16
"""Connections that are enough for full speed."""

MOST_PER_SECOND: Final = 2_000
"""Lifecycles built for a second at full speed."""

SETTLE_SECONDS: Final = 2.0
RETENTION: Final = 10_000
"""How many calls the journal is to keep, the newest."""

LOOKED_UP: Final = 2_000
"""How many payments there are to look up, where that is all that is done."""


class Lifecycles:
    """Makes the lives that a server is to see, of payments that it does not know yet."""

    operations: Sequence[Operation] = LIFECYCLE

    def __init__(self, server: Server) -> None:
        self._authority = server.authority
        self._contract = KioskContract()
        self._stock = Stock(seed=3)

    def make(self, count: int) -> list[Life]:
        """Return so many lives."""
        return [self.life(self.payment(), self.operations) for _ in range(count)]

    def payment(self) -> Payment:
        """Return the payment of the next life."""
        return self._stock.new()

    def life(self, payment: Payment, operations: Sequence[Operation]) -> Life:
        """Return a payment's life."""
        return tuple(self._contract.request(each, payment, self._authority) for each in operations)


class LookUps(Lifecycles):
    """Makes lives of one look-up each, of payments that are stored and approved beforehand."""

    operations = (GET,)

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._stored = [self._stock.new() for _ in range(LOOKED_UP)]
        self._turn = 0
        born = [self.life(payment, (CREATE, CONFIRM)) for payment in self._stored]
        live_at_rate(server.host, server.port, born, rate=200.0)

    def payment(self) -> Payment:
        """Return a stored payment, each in its turn."""
        self._turn += 1
        return self._stored[self._turn % LOOKED_UP]


def soak_server(kind: type[Lifecycles], share: float, minutes: float, *, kept: bool) -> Report:
    """Soak a server, on a file that it keeps or not, for so long, and report on how it stood that.

    Raises:
        BenchError: an answer was not 200 or did not come, or the server did not start.
    """
    options = ("--journal-entries", str(RETENTION), "--log-format", "none")
    with TemporaryDirectory(prefix="soak-payments-mock-") as name:
        file = ("--data", str(Path(name) / "payments.db")) if kept else ()
        with shipped(*file, *options) as server:
            data = server.database()
            lifecycles = kind(server)
            lifecycle = ", ".join(operation.name for operation in kind.operations)
            shown = (*(["--data payments.db"] if kept else []), *options)
            load = Load(lifecycle, capacity(server, lifecycles), share, minutes, shown)
            say(f"{load.rate:,.0f} lifecycles a second, {share:.0%} of what the server can do")
            before = holdings(server)
            samples = []
            for sample in measure(server, lifecycles, data, load):
                samples.append(sample)
                say(progress(sample))
            soaked = Soaked(samples, before, holdings(server), journal_entries(server), RETENTION)
            return report(load, soaked)


def capacity(server: Server, lifecycles: Lifecycles) -> Ratio:
    """Return how many lifecycles a second the server can do, in several rounds at full speed."""
    rates = []
    for seconds in (WARM_UP_SECONDS, *[CAPACITY_SECONDS] * CAPACITY_ROUNDS):
        lives = lifecycles.make(int(MOST_PER_SECOND * seconds * len(LIFECYCLE) / len(lifecycles.operations)))
        rates.append(live_at_once(server.host, server.port, lives, SATURATING, seconds).rate)
        say(f"full speed: {rates[-1]:,.0f} lifecycles a second")
    return Ratio.over(rates[1:])


def measure(server: Server, lifecycles: Lifecycles, data: Path, load: Load) -> Iterator[Sample]:
    """Yield the samples of a soak, one after the other."""
    names = [operation.name for operation in lifecycles.operations]
    log = data.with_name(f"{data.name}-wal")
    began = time.monotonic()
    for _ in range(SAMPLES):
        lives = lifecycles.make(max(1, round(load.rate * load.minutes * 60 / SAMPLES)))
        machine_before, server_before = busy_seconds(), server.cpu_seconds()
        lived = live_at_rate(server.host, server.port, lives, load.rate)
        server_cpu = server.cpu_seconds() - server_before
        other_cpu = busy_seconds() - machine_before - server_cpu - lived.client_cpu_seconds
        yield Sample(
            (time.monotonic() - began) / 60,
            dict(zip(names, lived.latencies, strict=True)),
            lived.lives,
            lived.client_late,
            lived.held_up,
            shares(lived, server_cpu, other_cpu),
            server.memory().judged,
            data.stat().st_size / 1e6,
            log.stat().st_size / 1e6 if log.exists() else 0.0,
        )


def shares(lived: Lived, server_cpu: float, other_cpu: float) -> Shares:
    """Return how busy everything was while lifecycles were lived, from seconds of processor time."""
    client_cpu, cores = lived.client_cpu_seconds, os.cpu_count() or 1
    others = max(other_cpu, 0.0) / cores
    return Shares(server_cpu / lived.seconds, client_cpu / lived.seconds, others / lived.seconds)


def progress(sample: Sample) -> str:
    """Return a line that tells how far the soak is."""
    taken, late, shares = sample.percentiles, Percentiles.over(sample.client_late), sample.shares
    return (
        f"{sample.minute:.1f}: p50 {taken.p50:.2f} ms, p99 {taken.p99:.2f} ms, server {shares.server:.0%}, "
        f"client {shares.client:.0%}, {late.p99:.2f} ms late, others {shares.others:.0%}, "
        f"{sample.memory:.1f} MB, database {sample.stored:.1f} MB"
    )


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
    with closing(http.client.HTTPConnection(server.host, server.port, timeout=30)) as connection:
        connection.request("GET", "/control/sandboxes/kiosk/journal/count")
        return int(json.loads(connection.getresponse().read())["count"])


@click.command()
@click.option(
    "--minutes", type=click.FloatRange(min=0.1), default=WHOLE_MINUTES, show_default=True, help="How long."
)
@click.option(
    "--load",
    "share",
    type=click.FloatRange(0.05, 1.0),
    default=SHARE,
    show_default=True,
    help="How much is asked of the server, as a share of what it can do.",
)
@click.option("--look-ups", is_flag=True, help="Look stored payments up, instead of whole lifecycles.")
@click.option("--kept", is_flag=True, help="On a file that is kept (--data) and waits for the disk.")
@json_option
def soak(minutes: float, share: float, look_ups: bool, kept: bool, json_file: Path | None) -> None:
    """Ask 70 % of what a server can do of it, and see that nothing grows; exit with 1 when something does.

    A run of ten minutes of whole lifecycles at 70 % is written to docs/benchmarks.md.
    """
    is_whole = minutes >= WHOLE_MINUTES and share == SHARE and not look_ups
    kind = LookUps if look_ups else Lifecycles
    name = "soak on a kept file" if kept else "soak"
    run(name, lambda: soak_server(kind, share, minutes, kept=kept), is_whole=is_whole, json_file=json_file)
