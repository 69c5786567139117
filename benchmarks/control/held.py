"""What hundreds of held requests cost everybody else: the p99 of another sandbox, and memory."""

import socket
import statistics
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.client import LoadClient
from benchmarks.control.desk import Desk
from benchmarks.errors import LoadError
from benchmarks.operations import CONFIRM, CREATE, GET, KioskContract, Payment, Stock
from benchmarks.rounds import ShippedSide
from benchmarks.servers import Server, shipped

HELD = 500
HOLDS: Sequence[Mapping[str, object]] = (
    {"moment": "before", "effect": {"kind": "hang"}},
    {"moment": "before", "effect": {"kind": "delay", "seconds": 600}},
    {"moment": "after", "effect": {"kind": "hang"}},
    {"moment": "after", "effect": {"kind": "delay", "seconds": 600}},
)
"""Each of these holds its share of the requests."""

PATIENCE_SECONDS = 60.0
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
HELD_PAYMENT = Payment("held-key", "held-order")


@dataclass(frozen=True)
class Held:
    """The p99 of confirms in milliseconds and the memory in megabytes, without held requests and with."""

    usual_p99: float
    p99: float
    usual_memory: float
    memory: float

    @property
    def ratio(self) -> float:
        """How many times the usual p99 it is."""
        return self.p99 / self.usual_p99

    @property
    def added_memory(self) -> float:
        """What the held requests took."""
        return self.memory - self.usual_memory


def measure_held(client: LoadClient, rounds: int, seconds: float, say: Callable[[str], None]) -> Held:
    """Measure confirms of one sandbox in turn without and with requests of another that are held."""
    with shipped("--log-format", "none") as server, Desk(server.host, server.port) as desk:
        holder = holding_sandbox(desk)
        side = ShippedSide("calm", server, Stock(seed=5))
        p99_of_confirms(client, side, seconds)
        usual: list[float] = []
        slow: list[float] = []
        memory = (server.memory().judged, 0.0)
        for number in range(rounds):
            usual.append(p99_of_confirms(client, side, seconds))
            memory = (max(memory[0], server.memory().judged), memory[1])
            with holding(server, desk, holder):
                slow.append(p99_of_confirms(client, side, seconds))
                memory = (memory[0], max(memory[1], server.memory().judged))
            say(f"held {number + 1} of {rounds}: p99 {usual[-1]:.1f} ms, with {HELD} held {slow[-1]:.1f} ms")
        return Held(statistics.median(usual), statistics.median(slow), *memory)


def p99_of_confirms(client: LoadClient, side: ShippedSide, seconds: float) -> float:
    """Return the p99 of a round of confirms in milliseconds."""
    side.measure(client, CREATE, 1.5 * seconds)
    latencies = sorted(side.measure(client, CONFIRM, seconds).latencies)
    return 1000 * latencies[len(latencies) * 99 // 100]


def holding_sandbox(desk: Desk, holds: Sequence[Mapping[str, object]] = HOLDS) -> dict[str, str]:
    """Make a sandbox with a payment to look up, and rules that hold whoever does; returns the sandbox."""
    holder = desk.sandbox()
    contract = KioskContract(holder["secretKey"])
    desk.send(contract.request(CREATE, HELD_PAYMENT, f"{desk.host}:{desk.port}"))
    for number, rule in enumerate(holds):
        match = {"headers": {"X-Hold": str(number)}}
        path = f"/sandboxes/{holder['id']}/faults"
        desk.control("POST", path, {**rule, "match": match, "times": "always"})
    return holder


@contextmanager
def holding(server: Server, desk: Desk, holder: dict[str, str], kinds: int = len(HOLDS)) -> Iterator[None]:
    """Have HELD requests wait for their answers until the block ends, held by so many rules in turn."""
    before = _fired(desk, holder)
    with ExitStack() as stack:
        for number in range(HELD):
            connection = socket.create_connection((server.host, server.port), timeout=PATIENCE_SECONDS)
            stack.enter_context(connection)
            # A client that is done resets: one that only ends its side may still be waiting for its answer.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
            connection.sendall(_request(desk, holder, number % kinds))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _fired(desk, holder) < before + HELD:
            if time.monotonic() > deadline:
                raise LoadError("the requests are not held")
            time.sleep(0.05)
        yield


def _request(desk: Desk, holder: dict[str, str], hold: int) -> bytes:
    contract = KioskContract(holder["secretKey"])
    line, rest = contract.request(GET, HELD_PAYMENT, f"{desk.host}:{desk.port}").split(b"\r\n", 1)
    return line + f"\r\nX-Hold: {hold}\r\n".encode() + rest


def _fired(desk: Desk, holder: dict[str, str]) -> int:
    faults = desk.control("GET", f"/sandboxes/{holder['id']}/faults")["faults"]
    return sum(fault["fired"] for fault in faults)
