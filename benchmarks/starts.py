"""How long a user waits for a server that is started: for it to be up, and for a payment."""

import socket
from dataclasses import dataclass

from benchmarks import servers
from benchmarks.errors import LoadError
from benchmarks.operations import CREATE, KioskContract, Payment

PAYMENT = Payment("first-key", "first-order")
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Start:
    """Seconds from exec to the first 200 on `/health`, and to the first payment that was created then."""

    to_health: float
    to_payment: float


def measure_starts(count: int) -> list[Start]:
    """Start the shipped server that many times, and create a payment as soon as it is up."""
    starts = []
    for _ in range(count):
        with servers.shipped() as server:
            to_health = server.seconds_to_first_answer
            _create_payment(server)
            starts.append(Start(to_health, server.seconds_since_exec()))
    return starts


def _create_payment(server: servers.Server) -> None:
    request = KioskContract().request(CREATE, PAYMENT, server.authority)
    with socket.create_connection((server.host, server.port), PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        answer = connection.recv(65536)
    if answer[9:12] not in (b"200", b"201"):
        raise LoadError(f"the first payment: {answer[:300].decode(errors='replace')}")
