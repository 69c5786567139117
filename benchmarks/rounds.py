"""Rounds that alternate between sides, so that a noisy machine hits all of them alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.client import Load, LoadClient
from benchmarks.errors import LoadError
from benchmarks.operations import LIFECYCLE, KioskContract, Operation, Payment, Stock, encode
from benchmarks.servers import Memory, Server, busy_seconds

MOST_PER_SECOND = 10_000
"""Requests built a second of a round: a round that runs out of them ends early."""


@dataclass
class Round:
    """One operation on one side for a moment; latencies in seconds."""

    side: str
    operation: str
    requests: int
    seconds: float
    latencies: Sequence[float]
    server_cpu_seconds: float
    client_cpu_seconds: float
    other_cpu_seconds: float
    """What all other processes of the machine took meanwhile."""
    database_cpu_seconds: float = 0.0
    """What a database with processes of its own took, which is no part of the server's."""

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


def no_database() -> float:
    """Tell what a database takes that is part of the server's process: nothing beside that."""
    return 0.0


@dataclass
class CeilingSide:
    """The bare app: whatever is measured on the other sides, it answers its one route."""

    server: Server
    name: str = "ceiling"
    database_cpu: Callable[[], float] = no_database

    def measure(self, client: LoadClient, operation: Operation, seconds: float) -> Round:
        """Run one round of the one route."""
        request = encode("GET", "/", self.server.authority)
        return _measure(client, self, operation, [request] * int(MOST_PER_SECOND * seconds), seconds)


@dataclass
class ShippedSide:
    """The shipped server with the payments it holds; remembers the most memory seen.

    `database_cpu` tells the processor time that a database with processes of its own has taken.
    """

    name: str
    server: Server
    stock: Stock
    contract: KioskContract = field(default_factory=KioskContract)
    loaded: Memory = field(default_factory=lambda: Memory(0.0, 0.0))
    database_cpu: Callable[[], float] = no_database

    def measure(self, client: LoadClient, operation: Operation, seconds: float) -> Round:
        """Run one round of an operation on payments that are at the stage it needs."""
        payments = self.stock.take(operation, int(MOST_PER_SECOND * seconds))
        if not payments:
            raise LoadError(f"no payment is {operation.needs.value}")
        measured = self.send(client, operation, payments, seconds)
        self.stock.settle(operation, payments[: measured.requests])
        self.loaded = max(self.loaded, self.server.memory(), key=lambda memory: memory.judged)
        return measured

    def send(
        self, client: LoadClient, operation: Operation, payments: Sequence[Payment], seconds: float
    ) -> Round:
        """Send one operation for given payments, in their order, until they or the seconds run out."""
        requests = [self.contract.request(operation, each, self.server.authority) for each in payments]
        return _measure(client, self, operation, requests, seconds)


Side = CeilingSide | ShippedSide


def _measure(
    client: LoadClient, side: Side, operation: Operation, requests: list[bytes], seconds: float
) -> Round:
    load = Load(side.server.host, side.server.port, requests, seconds)
    machine_before, cpu_before, database_before = (
        busy_seconds(),
        side.server.cpu_seconds(),
        side.database_cpu(),
    )
    try:
        outcome = client.send(load)
    except LoadError as error:
        raise LoadError(f"{operation.name} on {side.name}: {error}") from error
    server_cpu = side.server.cpu_seconds() - cpu_before
    database_cpu = side.database_cpu() - database_before
    other_cpu = busy_seconds() - machine_before - server_cpu - database_cpu - outcome.client_cpu_seconds
    return Round(
        side.name,
        operation.name,
        outcome.answered,
        outcome.seconds,
        outcome.latencies,
        server_cpu,
        outcome.client_cpu_seconds,
        max(other_cpu, 0.0),
        database_cpu,
    )


def alternate(client: LoadClient, sides: Sequence[Side], count: int, seconds: float) -> Iterator[list[Round]]:
    """Yield the neighbouring rounds of all sides, operation by operation, `count` times over.

    A short untimed pass goes first.
    """
    for side in sides:
        for operation in LIFECYCLE:
            side.measure(client, operation, seconds / 3)
    for _ in range(count):
        for operation in LIFECYCLE:
            yield [side.measure(client, operation, seconds) for side in sides]
