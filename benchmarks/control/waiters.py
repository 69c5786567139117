"""What hundreds of long polls that end together cost: how late they are, and the p99 of everybody else."""

import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.client import Load, LoadClient, load_client
from benchmarks.control.desk import Desk
from benchmarks.operations import CREATE, GET, KioskContract, Payment
from benchmarks.servers import shipped

WAITERS = 300
WAIT_SECONDS = 3
BESIDE_SECONDS = 4.0
"""Others are measured for so long: while all of them come, wait and are answered."""

CALLS_A_SECOND_AT_MOST = 5_000
LOOKED_UP = Payment("watched-key", "watched-order")


@dataclass(frozen=True)
class Waiters:
    """How many seconds the last answer was late, and p99 of look-ups in milliseconds; medians of rounds."""

    late: float
    usual_p99: float
    p99: float

    @property
    def ratio(self) -> float:
        """How many times the usual p99 it is."""
        return self.p99 / self.usual_p99


def measure_waiters(client: LoadClient, rounds: int, say: Callable[[str], None], *options: str) -> Waiters:
    """Measure look-ups of one client in turn without waiters and with them, which another client sends."""
    with (
        shipped("--log-format", "none", *options) as server,
        Desk(server.host, server.port) as desk,
        load_client() as waiting,
        ThreadPoolExecutor(1) as beside,
    ):
        contract = KioskContract()
        desk.send(contract.request(CREATE, LOOKED_UP, server.authority))
        look_up = contract.request(GET, LOOKED_UP, server.authority)
        calls = [look_up] * int(CALLS_A_SECOND_AT_MOST * BESIDE_SECONDS)
        look_ups = Load(server.host, server.port, calls, BESIDE_SECONDS, connections=1)
        path = f"/control/sandboxes/{desk.sandbox()['id']}/journal?wait={WAIT_SECONDS}"
        waits = [desk.request("GET", path, "")] * WAITERS
        load = Load(server.host, server.port, waits, BESIDE_SECONDS, connections=WAITERS)
        _p99(client, look_ups)
        seen: list[tuple[float, float, float]] = []
        for number in range(rounds):
            usual = _p99(client, look_ups)
            waited = beside.submit(waiting.send, load)
            p99 = _p99(client, look_ups)
            late = max(waited.result().latencies) - WAIT_SECONDS
            seen.append((late, usual, p99))
            say(
                f"waiters {number + 1} of {rounds}: the last {late:.2f} s late; "
                f"p99 {usual:.1f} ms, with them {p99:.1f} ms"
            )
    return Waiters(*(statistics.median(each) for each in zip(*seen, strict=True)))


def _p99(client: LoadClient, load: Load) -> float:
    """Return the p99 of a load in milliseconds."""
    latencies = sorted(client.send(load).latencies)
    return 1000 * latencies[len(latencies) * 99 // 100]
