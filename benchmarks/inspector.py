"""What the inspector costs when nobody watches, and how its page copes with a busy server."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.client import LoadClient, load_client
from benchmarks.command import Check, Report, json_option, quick_option, run, say
from benchmarks.figures import Ratio
from benchmarks.inspected_page import (
    HeldInView,
    Watched,
    measure_first_view,
    measure_held_in_view,
    measure_watched,
)
from benchmarks.operations import CONFIRM, CREATE, Stock
from benchmarks.rounds import Round, ShippedSide

UNWATCHED_COST_AT_MOST = 1.03
LONG_TASK_MS_AT_MOST = 200.0
MEMORY_GROWTH_AT_MOST = 1.3
P99_AT_MOST = 1.5
"""How much slower the slowest answers may be while a browser shares the machine."""

FIRST_VIEW_MS_AT_MOST = 1000.0
HELD_P99_AT_MOST = 1.5
PARTS = ("unwatched", "watched", "first-view", "held")


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 8
    seconds: float = 1.5
    usual_seconds: float = 20.0
    watched_seconds: float = 60.0
    held_rounds: int = 3


QUICK = Plan(rounds=3, seconds=0.5, usual_seconds=15.0, watched_seconds=15.0, held_rounds=1)


@dataclass(frozen=True)
class Results:
    """What a run found out; None is what it did not measure. The first view is in milliseconds."""

    unwatched: Ratio | None = None
    watched: Watched | None = None
    first_view: float | None = None
    held: HeldInView | None = None

    def checks(self) -> Iterator[Check]:
        """Hold the figures against their targets."""
        if self.unwatched:
            cost = self.unwatched.median
            yield Check("confirm, of without inspector", cost, UNWATCHED_COST_AT_MOST, False)
        if watched := self.watched:
            yield Check("long tasks, median", watched.median_long_task, LONG_TASK_MS_AT_MOST, False, " ms")
            growth = watched.memory_after / watched.memory_before
            yield Check("memory of the page, end of start", growth, MEMORY_GROWTH_AT_MOST, False)
            p99 = watched.watched_p99 / watched.usual_p99
            yield Check("p99 while watched, of the usual", p99, P99_AT_MOST, False)
        if self.first_view is not None:
            yield Check("first view of 10,000 orders", self.first_view, FIRST_VIEW_MS_AT_MOST, False, " ms")
        if self.held:
            p99 = self.held.p99 / self.held.usual_p99
            yield Check("p99 with 500 held, of the usual", p99, HELD_P99_AT_MOST, False)

    def lines(self) -> Iterator[str]:
        """Tell the figures to people."""
        if self.unwatched:
            yield f"cost of a confirm, of a server without the inspector: {self.unwatched}"
        if watched := self.watched:
            yield (
                f"{watched.calls} calls: {watched.long_tasks} long tasks, "
                f"median {watched.median_long_task:.0f} ms, longest {watched.longest_task:.0f} ms"
            )
            memory = f"{watched.memory_before:.1f} MB, at the end {watched.memory_after:.1f} MB"
            yield f"memory of the page: {memory}"
            yield f"p99: {watched.usual_p99:.1f} ms, with the page open {watched.watched_p99:.1f} ms"
        if self.first_view is not None:
            yield f"the first view of 10,000 orders came in {self.first_view:.0f} ms"
        if self.held:
            yield (
                f"p99 of another sandbox, with the page open: {self.held.usual_p99:.1f} ms, "
                f"with 500 calls held {self.held.p99:.1f} ms"
            )


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


def measured_parts(client: LoadClient, plan: Plan, part: str | None) -> Results:
    """Measure one part, or with None all of them."""
    wanted = PARTS if part is None else (part,)
    return Results(
        measure_unwatched(client, plan) if "unwatched" in wanted else None,
        measure_watched(plan.usual_seconds, plan.watched_seconds) if "watched" in wanted else None,
        measure_first_view(client) if "first-view" in wanted else None,
        measure_held_in_view(client, plan.held_rounds, plan.seconds) if "held" in wanted else None,
    )


@click.command()
@quick_option
@json_option
@click.option("--part", type=click.Choice(PARTS), help="Measure this alone, and write nothing to the page.")
def main(quick: bool, json_file: Path | None, part: str | None) -> None:
    """Measure what the inspector costs; exit with 1 when a target is missed."""

    def measured() -> Report:
        with load_client() as client:
            results = measured_parts(client, QUICK if quick else Plan(), part)
        return Report(list(results.lines()), list(results.checks()), asdict(results))

    run("inspector", measured, is_whole=not quick and part is None, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.inspector")
