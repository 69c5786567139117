"""What sandboxes, faults and the journal cost: `python -m benchmarks.control`."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.client import LoadClient, load_client
from benchmarks.command import Check, Report, json_option, quick_option, run, say
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
from benchmarks.control.waiters import WAITERS, Waiters, measure_waiters

HELD_P99_AT_MOST = 2.0
HELD_MEGABYTES_AT_MOST = 100.0
UNUSED_COST_AT_MOST = 1.1
SANDBOX_BY_API_MS_AT_MOST = 10.0
SANDBOX_IN_PROCESS_MS_AT_MOST = 5.0
SERVER_START_MS_AT_MOST = 300.0
TEST_MS_AT_MOST = 30.0
WAITERS_LATE_AT_MOST = 0.3
WAITERS_P99_AT_MOST = 2.0


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
    waiters: Waiters
    waiters_of_threads: Waiters
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
        late, p99 = self.waiters.late, self.waiters.ratio
        yield Check(f"{WAITERS} waiters, the last late", late, WAITERS_LATE_AT_MOST, False, " s")
        yield Check(f"p99 with {WAITERS} waiters, of the usual", p99, WAITERS_P99_AT_MOST, False)
        used_by_others = self.unused.used_by_others.median
        yield Check("cost of confirm, faults unused", used_by_others, UNUSED_COST_AT_MOST, False)
        yield Check("new sandbox by API", self.sandbox_by_api, SANDBOX_BY_API_MS_AT_MOST, False, " ms")
        in_process = self.sandbox_in_process
        yield Check("new sandbox in process", in_process, SANDBOX_IN_PROCESS_MS_AT_MOST, False, " ms")
        yield Check("server in process", self.server_start, SERVER_START_MS_AT_MOST, False, " ms")
        yield Check("test of a suite on the fixture", self.test, TEST_MS_AT_MOST, False, " ms")
        yield Check("crosstalk", len(self.crosstalk.mistakes), 0, False)


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
        measure_waiters(client, plan.rounds, say),
        measure_waiters(client, plan.rounds, say, "--threads", "4"),
        measure_unused(client, plan.rounds, plan.seconds, say),
        by_api,
        in_process,
        start,
        test,
        crosstalk,
    )


def report(results: Results) -> Report:
    """Return the result, to be shown and stored."""
    held, unused, crosstalk = results.held, results.unused, results.crosstalk
    waiters, of_threads = results.waiters, results.waiters_of_threads
    lines = [
        f"confirm, p99: {held.usual_p99:.1f} ms, with {HELD} requests held {held.p99:.1f} ms",
        f"{WAITERS} waiters: the last {waiters.late:.2f} s late, and {of_threads.late:.2f} s with 4 threads",
        f"look-up, p99: {waiters.usual_p99:.1f} ms, with waiters {waiters.p99:.1f} ms;"
        f" with 4 threads {of_threads.usual_p99:.1f} and {of_threads.p99:.1f} ms",
        f"memory: {held.usual_memory:.1f} MB, with them {held.memory:.1f} MB",
        f"cost of confirm where others use faults, of where nobody does: {unused.used_by_others}",
        f"cost of confirm with the journal, of a server that keeps none: {unused.with_journal}",
        f"crosstalk: {len(crosstalk.mistakes)} mistakes in {crosstalk.calls} calls",
        *crosstalk.mistakes[:10],
    ]
    return Report(lines, list(results.checks()), asdict(results))


@click.command()
@quick_option
@json_option
def main(quick: bool, json_file: Path | None) -> None:
    """Measure what sandboxes, faults and the journal cost; exit with 1 when a target is missed."""

    def measured() -> Report:
        with load_client() as client:
            return report(measure(client, QUICK if quick else Plan()))

    run("control", measured, is_whole=not quick, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.control")
