"""The command behind `make bench`: `python -m benchmarks`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks import servers
from benchmarks.client import LoadClient, load_client
from benchmarks.command import json_option, quick_option, run, say
from benchmarks.figures import Rows
from benchmarks.fill import Template, fill
from benchmarks.operations import CONFIRM, CREATE, LIFECYCLE, Stage, Stock
from benchmarks.report import EMPTY, STORED, Results
from benchmarks.rounds import CeilingSide, Round, ShippedSide, alternate
from benchmarks.soak.command import soak
from benchmarks.starts import Start, measure_starts
from benchmarks.toss import compare

SETTLE_SECONDS = 1.0
TEMPLATE_SECONDS = 10.0
SAMPLED = 50_000
"""Stored payments of each stage that requests pick from; scattered, so they touch nearly every page."""


@dataclass(frozen=True)
class Plan:
    """How much a run measures."""

    rounds: int
    seconds: float
    stored: int
    cold_starts: int


USUAL = Plan(rounds=8, seconds=1.5, stored=1_000_000, cold_starts=9)
QUICK = Plan(rounds=3, seconds=0.5, stored=100_000, cold_starts=3)


def measure_idle_memory() -> servers.Memory:
    """Return the memory of a server that has answered one health check and then rested."""
    with servers.shipped() as server:
        time.sleep(SETTLE_SECONDS)
        return server.memory()


@contextmanager
def stored_side(client: LoadClient, stored: int) -> Iterator[ShippedSide]:
    """Run the shipped server with that many payments stored, half of them created and half approved."""
    stock = Stock(seed=2)
    templates = {
        Stage.CREATED: Template(stock.new(), stored // 2),
        Stage.APPROVED: Template(stock.new(), stored - stored // 2, first=stored // 2),
    }
    with servers.shipped() as server:
        side = ShippedSide(STORED, server, stock)
        side.send(client, CREATE, [each.payment for each in templates.values()], TEMPLATE_SECONDS)
        side.send(client, CONFIRM, [templates[Stage.APPROVED].payment], TEMPLATE_SECONDS)
        database = server.database()
        started = time.perf_counter()
        fill(database, list(templates.values()))
        megabytes = database.stat().st_size / 1e6
        say(f"stored {stored:,} payments in {time.perf_counter() - started:.1f} s, {megabytes:,.0f} MB")
        for stage, template in templates.items():
            stock.add(stage, template.sample(SAMPLED))
        yield side


def measure_rounds(
    client: LoadClient, plan: Plan, stored: ShippedSide
) -> tuple[list[list[Round]], ShippedSide]:
    """Run all rounds; return them with the side that began empty."""
    with servers.ceiling() as bare, servers.shipped() as server:
        empty = ShippedSide(EMPTY, server, Stock(seed=1))
        rows = []
        total = plan.rounds * len(LIFECYCLE)
        for row in alternate(client, [CeilingSide(bare), empty, stored], plan.rounds, plan.seconds):
            rows.append(row)
            rates = ", ".join(f"{each.side} {each.rate:,.0f}/s" for each in row)
            say(f"{len(rows)} of {total}: {row[0].operation}: {rates}")
        return rows, empty


def compare_contracts(client: LoadClient, plan: Plan) -> list[list[Round]]:
    """Run the rounds of both contracts on a server of their own."""
    with servers.shipped() as server:
        rows = []
        for row in compare(client, server, plan.rounds, plan.seconds):
            rows.append(row)
            say(f"{row[0].operation}: " + ", ".join(f"{each.side} {each.rate:,.0f}/s" for each in row))
        return rows


def compare_starts(plan: Plan) -> list[Start]:
    """Start the bare app and the shipped server in turn."""
    starts = []
    for start in measure_starts(plan.cold_starts):
        starts.append(start)
        say(f"first approved payment after {start.to_payment:.3f} s, the bare app {start.bare:.3f} s")
    return starts


def measure(plan: Plan) -> Results:
    """Run the whole bench."""
    cold_starts = compare_starts(plan)
    idle = measure_idle_memory()
    with load_client() as client, stored_side(client, plan.stored) as stored:
        rows, empty = measure_rounds(client, plan, stored)
        rows += compare_contracts(client, plan)
        return Results(Rows(rows), plan.stored, cold_starts, idle, empty.loaded, stored.loaded)


@click.group(invoke_without_command=True)
@quick_option
@json_option
@click.pass_context
def main(context: click.Context, quick: bool, json_file: Path | None) -> None:
    """Measure the shipped server against a bare Flask app; exit with 1 when a target is missed."""
    if context.invoked_subcommand is None:
        plan = QUICK if quick else USUAL
        run(
            "server",
            lambda: measure(plan).report(servers.versions()),
            is_whole=not quick,
            json_file=json_file,
        )


main.add_command(soak)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
