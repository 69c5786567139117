"""Whole lifecycles beside localstripe's: `python -m benchmarks.peers`."""

import asyncio
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.command import Check, Report, json_option, quick_option, run, say
from benchmarks.figures import Ratio
from benchmarks.peers.connection import Connection
from benchmarks.peers.lifecycles import Lifecycle, LocalstripeLifecycle, OurLifecycle

CONNECTIONS = 16
SPEED_AT_LEAST = 15.0

LEFT_BEHIND = Path("/tmp/localstripe.pickle")
"""Where localstripe writes what it holds after every change, whatever it is told."""


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 6
    seconds: float = 3.0


QUICK = Plan(rounds=3, seconds=1.0)


@contextmanager
def localstripe() -> Iterator[servers.Server]:
    """Run localstripe as its users do, forgetting what an earlier run left, and leave nothing behind."""
    port = servers.free_port()
    command = [str(Path(sys.executable).with_name("localstripe")), "--port", str(port), "--from-scratch"]
    url = f"http://127.0.0.1:{port}"
    with _put_back(LEFT_BEHIND), servers.running(command, "/js.stripe.com/v3/", url) as server:
        yield server


@contextmanager
def _put_back(file: Path) -> Iterator[None]:
    """Restore a file after the block, as it may be somebody's."""
    content = file.read_bytes() if file.exists() else None
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)


async def lifecycles_in(server: servers.Server, lifecycle: Lifecycle, seconds: float) -> float:
    """Run lifecycles on many connections for so long; return how many a second ended.

    Raises:
        LoadError: a call was not answered with 200.
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


Pairs = list[tuple[float, float]]
"""What neighbouring rounds found: ours, and localstripe's."""


def measure_speed(plan: Plan) -> Pairs:
    """Return the lifecycles a second of neighbouring rounds."""
    ours, theirs = OurLifecycle(), LocalstripeLifecycle()
    rates = []
    with servers.shipped() as mock, localstripe() as peer:
        for _ in range(plan.rounds):
            our_rate = asyncio.run(lifecycles_in(mock, ours, plan.seconds))
            their_rate = asyncio.run(lifecycles_in(peer, theirs, plan.seconds))
            say(f"ours {our_rate:,.0f}/s, localstripe {their_rate:,.1f}/s")
            rates.append((our_rate, their_rate))
    return rates


def report(speed: Pairs, versions: Mapping[str, str]) -> Report:
    """Return what is shown and kept; ratios of neighbours are judged by their median."""
    faster = Ratio.over([ours / theirs for ours, theirs in speed])
    lines = [
        f"{name:<14}{Ratio.over(rates).median:>9,.1f} lifecycles/s ({min(rates):,.1f}-{max(rates):,.1f})"
        for name, rates in zip(("payments-mock", "localstripe"), zip(*speed, strict=True), strict=True)
    ]
    lines.append(f"ratio: lifecycles {faster}")
    checks = [Check("lifecycles, of localstripe's", faster.median, SPEED_AT_LEAST, at_least=True)]
    return Report(lines, checks, {"lifecycles_per_second": speed}, versions)


@click.command()
@quick_option
@json_option
def main(quick: bool, json_file: Path | None) -> None:
    """Measure whole lifecycles beside localstripe; exit with 1 when a target is missed."""
    plan = QUICK if quick else Plan()

    def measure() -> Report:
        return report(measure_speed(plan), {"localstripe": version("localstripe")})

    run("peers", measure, is_whole=not quick, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.peers")
