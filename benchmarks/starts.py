"""How long a user waits for a server that is started: for it to be up, and for an approved payment."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import servers
from benchmarks.errors import LoadError
from benchmarks.operations import CONFIRM, CREATE, KioskContract, Operation, Payment

PAYMENT = Payment("first-key", "first-order")
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Start:
    """Neighbouring starts: seconds from exec to the first 200 on `/health`, to the first approved payment,
    and to the first answer of the bare Flask app."""

    to_health: float
    to_payment: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times as long as for the bare app's first answer it takes until a payment is approved."""
        return self.to_payment / self.bare


def measure_starts(count: int) -> Iterator[Start]:
    """Start the bare app and the shipped server in turn, that many times each."""
    for _ in range(count):
        with servers.ceiling() as bare:
            first_answer = bare.seconds_to_first_answer
        with servers.shipped() as server:
            to_health = server.seconds_to_first_answer
            _approve_payment(server)
            yield Start(to_health, server.seconds_since_exec(), first_answer)


def _approve_payment(server: servers.Server) -> None:
    """Create a payment and confirm it, on one connection."""
    with socket.create_connection((server.host, server.port), PATIENCE_SECONDS) as connection:
        _call(connection, server, CREATE, b'"INITIATED"')
        _call(connection, server, CONFIRM, b'"APPROVED"')


def _call(connection: socket.socket, server: servers.Server, operation: Operation, state: bytes) -> None:
    connection.sendall(KioskContract().request(operation, PAYMENT, server.authority))
    answer = connection.recv(65536)
    if answer[9:12] != b"200" or state not in answer:
        raise LoadError(f"the first {operation}: {answer[:300].decode(errors='replace')}")
