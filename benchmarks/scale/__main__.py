"""PostgreSQL beside SQLite, and 1, 2 and 4 workers on each: `python -m benchmarks.scale`."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.client import load_client
from benchmarks.command import Report, json_option, quick_option, run, say
from benchmarks.figures import Rows
from benchmarks.operations import LIFECYCLE, Stock
from benchmarks.postgresql import Postgresql, postgresql
from benchmarks.rounds import CeilingSide, ShippedSide, Side, alternate, no_database
from benchmarks.scale.far import measure_far
from benchmarks.scale.report import KINDS, POSTGRESQL, Kind, report


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int = 5
    seconds: float = 0.7
    lives: int = 400


QUICK = Plan(rounds=3, seconds=0.3, lives=150)


@contextmanager
def sides(database: Postgresql) -> Iterator[list[Side]]:
    """Run a server of each kind, and the ceiling, until the block ends."""
    with ExitStack() as stack:
        bare = stack.enter_context(servers.ceiling())
        yield [CeilingSide(bare), *[_side(stack, database, kind) for kind in KINDS]]


def _side(stack: ExitStack, database: Postgresql, kind: Kind) -> ShippedSide:
    options = ["--workers", str(kind.workers)]
    is_other = kind.database == POSTGRESQL
    if is_other:
        options += ["--database-url", database.create(f"workers_{kind.workers}")]
    server = stack.enter_context(servers.shipped(*options))
    database_cpu = database.cpu_seconds if is_other else no_database
    return ShippedSide(kind.name, server, Stock(seed=20), database_cpu=database_cpu)


def measure(plan: Plan) -> Report:
    """Run all rounds, of which each side's next to the others'."""
    with load_client() as client, postgresql() as database, sides(database) as measured:
        rows = []
        for row in alternate(client, measured, plan.rounds, plan.seconds):
            rows.append(row)
            rates = "; ".join(f"{each.side}: {each.rate:,.0f}/s" for each in row)
            say(f"{len(rows)} of {plan.rounds * len(LIFECYCLE)}: {row[0].operation}: {rates}")
        far = measure_far(client, database, plan.rounds, plan.lives)
        versions = {"PostgreSQL": database.version, "psycopg": version("psycopg")}
        return report(Rows(rows), far, servers.versions() | versions)


@click.command()
@quick_option
@json_option
def main(quick: bool, json_file: Path | None) -> None:
    """Measure PostgreSQL beside SQLite, and 1, 2 and 4 workers on each."""
    plan = QUICK if quick else Plan()
    run("scale", lambda: measure(plan), is_whole=not quick, json_file=json_file)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.scale")
