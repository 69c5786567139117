"""Whole lifecycles beside localstripe's, and both cold starts: `python -m benchmarks.peers`."""

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.page import write_report
from benchmarks.peers.connection import AnswerError, Connection
from benchmarks.peers.lifecycles import Lifecycle, LocalstripeLifecycle, OurLifecycle
from benchmarks.report import Check, machine

CONNECTIONS = 16
SPEED_AT_LEAST = 15.0
COLD_START_AT_MOST = 2.0


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 6
    seconds: float = 3.0
    starts: int = 7


QUICK = Plan(rounds=3, seconds=1.0, starts=3)


@contextmanager
def localstripe() -> Iterator[servers.Server]:
    """Run localstripe as its users do, forgetting what an earlier run left."""
    port = servers.free_port()
    command = [str(Path(sys.executable).with_name("localstripe")), "--port", str(port), "--from-scratch"]
    with servers.running(command, "/js.stripe.com/v3/", f"http://127.0.0.1:{port}") as server:
        yield server


async def lifecycles_in(server: servers.Server, lifecycle: Lifecycle, seconds: float) -> float:
    """Run lifecycles on many connections for so long; return how many a second ended.

    Raises:
        AnswerError: a call was not answered with 200.
    """
    ended = 0
    until = time.perf_counter() + seconds

    async def live() -> None:
        nonlocal ended
        connection = await Connection.open(server.host, server.port, lifecycle.authorization)
        try:
            while time.perf_counter() < until:
                await lifecycle.live(connection)
                ended += 1
        finally:
            connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(live() for _ in range(CONNECTIONS)))
    return ended / (time.perf_counter() - began)


def measure_speed(plan: Plan) -> tuple[list[float], list[float]]:
    """Return the lifecycles a second of neighbouring rounds: ours, and localstripe's."""
    ours, theirs = OurLifecycle(), LocalstripeLifecycle()
    rates: tuple[list[float], list[float]] = ([], [])
    with servers.shipped() as mock, localstripe() as peer:
        for _ in range(plan.rounds):
            for server, lifecycle, found in ((mock, ours, rates[0]), (peer, theirs, rates[1])):
                found.append(asyncio.run(lifecycles_in(server, lifecycle, plan.seconds)))
            click.echo(f"ours {rates[0][-1]:,.0f}/s, localstripe {rates[1][-1]:,.1f}/s", err=True)
    return rates


def measure_starts(plan: Plan) -> tuple[list[float], list[float]]:
    """Return the seconds from exec to the first 200 of neighbouring starts: ours, and localstripe's."""
    starts: tuple[list[float], list[float]] = ([], [])
    for _ in range(plan.starts):
        with servers.shipped() as mock:
            starts[0].append(mock.seconds_to_first_answer)
        with localstripe() as peer:
            starts[1].append(peer.seconds_to_first_answer)
    return starts


def report(speed: tuple[list[float], list[float]], starts: tuple[list[float], list[float]]) -> list[str]:
    """Return the lines that a person reads, above the verdicts."""
    about = {**machine(), "localstripe": version("localstripe")}
    lines = [", ".join(f"{name} {value}" for name, value in about.items()), ""]
    for name, rates, seconds in zip(("payments-mock", "localstripe"), speed, starts, strict=True):
        lines.append(
            f"{name:<14}{statistics.median(rates):>9,.1f} lifecycles/s ({min(rates):,.1f}-{max(rates):,.1f})"
            f"   cold start {statistics.median(seconds):.2f} s ({min(seconds):.2f}-{max(seconds):.2f})"
        )
    return lines


def checks(speed: tuple[list[float], list[float]], starts: tuple[list[float], list[float]]) -> list[Check]:
    """Hold the ratios of neighbours against their targets, by their median."""
    faster = statistics.median(ours / theirs for ours, theirs in zip(*speed, strict=True))
    slower = statistics.median(ours / theirs for ours, theirs in zip(*starts, strict=True))
    return [
        Check("lifecycles, of localstripe's", faster, SPEED_AT_LEAST, at_least=True),
        Check("cold start, of localstripe's", slower, COLD_START_AT_MOST, at_least=False),
    ]


@click.command()
@click.option("--quick", is_flag=True, help="A rough run, which is not written to docs/benchmarks.md.")
def main(quick: bool) -> None:
    """Measure whole lifecycles beside localstripe; exit with 1 when a target is missed."""
    plan = QUICK if quick else Plan()
    try:
        starts, speed = measure_starts(plan), measure_speed(plan)
    except (AnswerError, servers.ServerError) as error:
        raise click.ClickException(str(error)) from error
    verdicts = checks(speed, starts)
    text = "\n".join([*report(speed, starts), "", *map(str, verdicts)])
    click.echo(text)
    if not quick:
        write_report("peers", text)
    if not all(verdict.passed for verdict in verdicts):
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.peers")
