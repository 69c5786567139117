"""What sandboxes, faults and the journal cost: `python -m benchmarks.control`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.client import LoadClient, LoadError, load_client
from benchmarks.control.crosstalk import Crosstalk, measure_crosstalk
from benchmarks.control.held import HELD, Held, measure_held
from benchmarks.control.made import (
    median,
    sandboxes_by_api,
    sandboxes_in_process,
    server_starts,
    suite_tests,
)
from benchmarks.control.unused import Unused, measure_unused
from benchmarks.page import write_report
from benchmarks.report import Check, machine

HELD_P99_AT_MOST = 2.0
HELD_MEGABYTES_AT_MOST = 100.0
UNUSED_COST_AT_MOST = 1.1
SANDBOX_BY_API_MS_AT_MOST = 10.0
SANDBOX_IN_PROCESS_MS_AT_MOST = 5.0
SERVER_START_MS_AT_MOST = 300.0
TEST_MS_AT_MOST = 30.0


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 6
    seconds: float = 1.5
    sandboxes: int = 200
    starts: int = 7
    crowd: int = 200
    clients: int = 16


QUICK = Plan(rounds=3, seconds=0.5, sandboxes=50, starts=3)


@dataclass(frozen=True)
class Results:
    """Everything one run found out; times in milliseconds, medians."""

    held: Held
    unused: Unused
    sandbox_by_api: float
    sandbox_in_process: float
    server_start: float
    test: float
    crosstalk: Crosstalk

    def checks(self) -> Iterator[Check]:
        """Hold the figures against their targets."""
        yield Check(f"p99 with {HELD} held, of the usual", self.held.ratio, HELD_P99_AT_MOST, False)
        yield Check(f"memory of {HELD} held", self.held.added_memory, HELD_MEGABYTES_AT_MOST, False, " MB")
        used_by_others = self.unused.used_by_others.median
        yield Check("cost of confirm, faults unused", used_by_others, UNUSED_COST_AT_MOST, False)
        yield Check("new sandbox by API", self.sandbox_by_api, SANDBOX_BY_API_MS_AT_MOST, False, " ms")
        in_process = self.sandbox_in_process
        yield Check("new sandbox in process", in_process, SANDBOX_IN_PROCESS_MS_AT_MOST, False, " ms")
        yield Check("server in process", self.server_start, SERVER_START_MS_AT_MOST, False, " ms")
        yield Check("test of a suite on the fixture", self.test, TEST_MS_AT_MOST, False, " ms")
        yield Check("crosstalk", len(self.crosstalk.mistakes), 0, False)


def say(message: str) -> None:
    """Tell how far the run is, apart from the report."""
    click.echo(message, err=True)


def measure(client: LoadClient, plan: Plan) -> Results:
    """Run everything, the small things first."""
    by_api = median(sandboxes_by_api(plan.sandboxes))
    in_process = median(sandboxes_in_process(plan.sandboxes))
    say(f"a sandbox: {by_api:.1f} ms by API, {in_process:.1f} ms in process")
    start, test = median(server_starts(plan.starts)), median(suite_tests())
    say(f"a server in process: {start:.0f} ms; a test: {test:.1f} ms")
    with servers.shipped("--log-format", "none") as server:
        crosstalk = measure_crosstalk(server.host, server.port, plan.crowd, plan.clients)
    say(f"{crosstalk.calls} calls in {plan.crowd} sandboxes by {plan.clients} clients")
    return Results(
        measure_held(client, plan.rounds, plan.seconds, say),
        measure_unused(client, plan.rounds, plan.seconds, say),
        by_api,
        in_process,
        start,
        test,
        crosstalk,
    )


def as_text(results: Results) -> str:
    """Return the report a person reads."""
    held, unused = results.held, results.unused
    return "\n".join(
        [
            ", ".join(f"{name} {value}" for name, value in machine().items()),
            "",
            f"confirm, p99: {held.usual_p99:.1f} ms, with {HELD} requests held {held.p99:.1f} ms",
            f"memory: {held.usual_memory:.1f} MB, with them {held.memory:.1f} MB",
            f"cost of confirm where others use faults, of where nobody does: {unused.used_by_others}",
            f"cost of confirm with the journal, of a server that keeps none: {unused.with_journal}",
            f"crosstalk: {len(results.crosstalk.mistakes)} mistakes in {results.crosstalk.calls} calls",
            *results.crosstalk.mistakes[:10],
            "",
            *map(str, results.checks()),
        ]
    )


@click.command()
@click.option("--quick", is_flag=True, help="A rough run, which is not written to docs/benchmarks.md.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures here, too.",
)
def main(quick: bool, json_file: Path | None) -> None:
    """Measure what sandboxes, faults and the journal cost; exit with 1 when a target is missed."""
    try:
        with load_client() as client:
            results = measure(client, QUICK if quick else Plan())
    except (LoadError, servers.ServerError) as error:
        raise click.ClickException(str(error)) from error
    text = as_text(results)
    click.echo(text)
    if not quick:
        write_report("control", text)
    if json_file:
        json_file.write_text(json.dumps({"machine": machine(), **asdict(results)}, indent=2) + "\n")
    if not all(check.passed for check in results.checks()):
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.control")
