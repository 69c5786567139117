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
from benchmarks.servers import Server, busy_seconds, ceiling, shipped, versions
from benchmarks.soak.lives import Lived
from benchmarks.soak.percentiles import Percentiles, by_second
from benchmarks.soak.report import Load, report
from benchmarks.soak.sides import BareRoute, Lifecycles, LookUps, Side
from benchmarks.soak.verdicts import Holdings, Sample, Shares, Soaked

SHARE: Final = 0.7
"""How much of what the server can do is asked of it."""

WHOLE_MINUTES: Final = 10.0
SAMPLES: Final = 40

BARE_SECONDS: Final = 3.0
"""How long the bare app is asked after each sample, for what the machine makes of any server's answers."""

SETTLE_SECONDS: Final = 2.0
RETENTION: Final = 10_000
"""How many calls the journal is to keep, the newest."""


def soak_server(kind: type[Lifecycles], share: float, minutes: float, *, kept: bool) -> Report:
    """Soak a server, on a file that it keeps or not, for so long, and report on how it stood that.

    Raises:
        BenchError: an answer was not 200 or did not come, or the server did not start.
    """
    options = ("--journal-entries", str(RETENTION), "--log-format", "none")
    with TemporaryDirectory(prefix="soak-payments-mock-") as name:
        file = ("--data", str(Path(name) / "payments.db")) if kept else ()
        with ceiling() as bare, shipped(*file, *options) as server:
            soaked, beside = Side(server, kind(server)), Side(bare, BareRoute(bare))
            shown = (*(["--data payments.db"] if kept else []), *options)
            load = Load(", ".join(soaked.lives.operations), share, minutes, shown)
            for side in (soaked, beside):
                side.warm_up()
            before = holdings(server)
            samples = []
            for sample in measure(soaked, beside, server.database(), load):
                samples.append(sample)
                say(progress(sample))
            result = Soaked(samples, before, holdings(server), journal_entries(server), RETENTION)
            return report(load, result, versions())


def measure(soaked: Side, beside: Side, data: Path, load: Load) -> Iterator[Sample]:
    """Yield the samples of a soak, one after the other, each with what the bare app does right after it.

    Full speed is measured before each, as the machine itself is faster or slower from minute to minute.
    """
    server, seconds, steady_seconds = soaked.server, load.minutes * 60 / SAMPLES, 0.0
    log = data.with_name(f"{data.name}-wal")
    for _ in range(SAMPLES):
        full_speed = soaked.full_speed()
        machine_before, server_before = busy_seconds(), server.cpu_seconds()
        lived = soaked.steadily(load.share * full_speed, seconds)
        server_cpu = server.cpu_seconds() - server_before
        other_cpu = busy_seconds() - machine_before - server_cpu - lived.client_cpu_seconds
        steady_seconds += lived.seconds
        yield Sample(
            steady_seconds / 60,
            lived.seconds,
            full_speed,
            dict(zip(soaked.lives.operations, lived.latencies, strict=True)),
            lived.lives,
            soaked.lived,
            lived.client_late,
            lived.held_up,
            shares(lived, server_cpu, other_cpu),
            server.memory().judged,
            data.stat().st_size / 1e6,
            log.stat().st_size / 1e6 if log.exists() else 0.0,
            bare_seconds(beside, load.share),
        )


def bare_seconds(bare: Side, share: float) -> Sequence[Percentiles]:
    """Ask the bare app for a while, at a share of its own full speed, and return what each second took."""
    lived = bare.steadily(share * bare.full_speed(), BARE_SECONDS)
    return by_second(lived.latencies, lived.seconds)


def shares(lived: Lived, server_cpu: float, other_cpu: float) -> Shares:
    """Return how busy everything was while lifecycles were lived, from seconds of processor time."""
    client_cpu, cores = lived.client_cpu_seconds, os.cpu_count() or 1
    others = max(other_cpu, 0.0) / cores
    return Shares(server_cpu / lived.seconds, client_cpu / lived.seconds, others / lived.seconds)


def progress(sample: Sample) -> str:
    """Return a line that tells how far the soak is."""
    taken, late, shares = sample.percentiles, Percentiles.over(sample.client_late), sample.shares
    return (
        f"{sample.minute:.1f}: {sample.rate:,.0f} of {sample.full_speed:,.0f}/s, p50 {taken.p50:.2f} ms, "
        f"p99 {taken.p99:.2f} ms; in a second p99 is {sample.tail:.1f} times p50, "
        f"with the bare app {sample.bare_tail:.1f}; "
        f"server {shares.server:.0%}, client {shares.client:.0%}, {late.p99:.2f} ms late, "
        f"others {shares.others:.0%}, {sample.memory:.1f} MB, database {sample.stored:.1f} MB"
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
