"""What a network between a server and PostgreSQL costs: lifecycles a second by its length, and messages."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import servers
from benchmarks.client import Load, LoadClient
from benchmarks.command import Check, say
from benchmarks.network import Network, network
from benchmarks.operations import (
    CANCEL,
    CONFIRM,
    CREATE,
    GET,
    LIFECYCLE,
    KioskContract,
    Operation,
    Payment,
    Stock,
)
from benchmarks.postgresql import Postgresql
from benchmarks.rounds import CeilingSide, ShippedSide

MILLISECONDS = (0.0, 0.5, 1.0, 2.0)
"""By how much a message and its answer take longer."""
CLIENTS = 8
PATIENCE_SECONDS = 60.0
COUNTED = 200

JUDGED_AT = 1.0
LIFECYCLES_AT_LEAST = 250.0
WRITES, KEYED, CANCELED = (CREATE, CONFIRM, CANCEL), " with a key", "get of a canceled one"
MESSAGES_AT_MOST = {each.name + how: 3.0 for how in ("", KEYED) for each in WRITES} | {
    GET.name: 1.0,
    CANCELED: 1.0,
}
BESIDE_CALLS = 0.25
"""What a server says beside calls, for each of a counted round: it looks for others' webhooks each second."""


@dataclass(frozen=True)
class Distance:
    """What a server did at a distance: lifecycles a second of each round, and the bare app's requests."""

    milliseconds: float
    lifecycles: Sequence[float]
    bare: Sequence[float]


@dataclass(frozen=True)
class Far:
    """All distances, and the messages that each operation sends, without those of the journal."""

    distances: Sequence[Distance]
    messages: Mapping[str, float]

    def lines(self) -> Iterator[str]:
        """Tell all of it."""
        yield f"PostgreSQL behind a network, one worker, {CLIENTS} clients: lifecycles a second"
        for each in self.distances:
            bare = statistics.median(each.bare)
            yield (
                f"  {each.milliseconds:.1f} ms longer     {statistics.median(each.lifecycles):>8,.0f}"
                f"   ({min(each.lifecycles):,.0f}-{max(each.lifecycles):,.0f};"
                f" the bare app {bare:,.0f} requests a second)"
            )
        told = ", ".join(f"{name} {count:.1f}" for name, count in self.messages.items())
        yield f"messages a call, the journal apart: {told}"

    def checks(self) -> Iterator[Check]:
        """Hold the messages, and the lifecycles at one distance, against their targets."""
        for name, most in MESSAGES_AT_MOST.items():
            yield Check(f"messages of {name}", self.messages[name], most + BESIDE_CALLS, False)
        [judged] = [each for each in self.distances if each.milliseconds == JUDGED_AT]
        rate = statistics.median(judged.lifecycles)
        yield Check(f"lifecycles at {JUDGED_AT:g} ms", rate, LIFECYCLES_AT_LEAST, True, "/s")


def measure_far(client: LoadClient, database: Postgresql, rounds: int, lives: int) -> Far:
    """Measure every distance in turn, `rounds` times over, with so many lives in each."""
    with ExitStack() as stack:
        near = stack.enter_context(network(database.socket_folder))
        bare = CeilingSide(stack.enter_context(servers.ceiling()))
        side = _side(stack, database, near, "far")
        messages = _count(client, near, _side(stack, database, near, "counted", "--journal-entries", "0"))
        found: dict[float, list[tuple[float, float]]] = {each: [] for each in MILLISECONDS}
        _live(client, side, lives)
        for _ in range(rounds):
            for milliseconds in MILLISECONDS:
                near.delay(milliseconds / 1000)
                rate = _live(client, side, lives)
                found[milliseconds].append((rate, bare.measure(client, GET, 0.3).rate))
                say(f"{milliseconds:g} ms: {rate:,.0f} lifecycles/s")
    return Far(
        [Distance(each, [one for one, _ in rates], [of for _, of in rates]) for each, rates in found.items()],
        messages,
    )


def _side(stack: ExitStack, database: Postgresql, near: Network, name: str, *options: str) -> ShippedSide:
    database.create(name)
    server = stack.enter_context(servers.shipped("--database-url", near.url(name), *options))
    return ShippedSide(name, server, Stock(seed=30))


def _live(client: LoadClient, side: ShippedSide, lives: int) -> float:
    """Have payments live their lives, one operation after the other; returns the lives a second."""
    payments = [side.stock.new() for _ in range(lives)]
    seconds = 0.0
    for operation in LIFECYCLE:
        seconds += _send(client, side, operation, payments)
    return lives / seconds


def _send(
    client: LoadClient,
    side: ShippedSide,
    operation: Operation,
    payments: Sequence[Payment],
    *,
    is_keyed: bool = False,
) -> float:
    server, contract = side.server, KioskContract(is_keyed=is_keyed)
    requests = [contract.request(operation, each, server.authority) for each in payments]
    return client.send(Load(server.host, server.port, requests, PATIENCE_SECONDS, CLIENTS)).seconds


def _count(client: LoadClient, near: Network, side: ShippedSide) -> dict[str, float]:
    """Count the messages of each operation, once every thread has its connection and statements."""
    _live(client, side, COUNTED)
    counted = {}

    def count(
        name: str, operation: Operation, payments: Sequence[Payment], *, is_keyed: bool = False
    ) -> None:
        before = near.messages()
        _send(client, side, operation, payments, is_keyed=is_keyed)
        counted[name] = (near.messages() - before) / COUNTED

    payments = [side.stock.new() for _ in range(COUNTED)]
    for operation in LIFECYCLE:
        count(operation.name, operation, payments)
    count(CANCELED, GET, payments)
    payments = [side.stock.new() for _ in range(COUNTED)]
    for operation in WRITES:
        count(operation.name + KEYED, operation, payments, is_keyed=True)
    return counted
