"""A server, what it is asked, and how fast it can answer that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Protocol

from benchmarks.operations import (
    CONFIRM,
    CREATE,
    GET,
    LIFECYCLE,
    KioskContract,
    Operation,
    Payment,
    Stock,
    encode,
)
from benchmarks.servers import Server
from benchmarks.soak.lives import Life, Lived, live_at_once, live_at_rate

SATURATING: Final = 16
"""Connections that are enough for full speed."""

ROUNDS: Final = 3
ROUND_SECONDS: Final = 0.5
WARM_UP_SECONDS: Final = 8.0
"""At full speed, before anything is measured: the journal is full then and has to forget."""

MOST_REQUESTS_PER_SECOND: Final = 16_000
"""Requests built for a second at full speed: a round that runs out of them ends early."""

LOOKED_UP: Final = 2_000
"""How many payments there are to look up, where that is all that is done."""


class Lives(Protocol):
    """Makes the lives that a server is to see."""

    @property
    def operations(self) -> Sequence[str]:
        """The names of the requests of a life."""

    def make(self, count: int) -> list[Life]:
        """Return this many lives."""


class Lifecycles:
    """Whole lifecycles of payments that the server does not know yet."""

    asked: Sequence[Operation] = LIFECYCLE

    def __init__(self, server: Server) -> None:
        self._authority = server.authority
        self._contract = KioskContract()
        self._stock = Stock(seed=3)

    @property
    def operations(self) -> Sequence[str]:
        """The names of the requests of a life."""
        return [operation.name for operation in self.asked]

    def make(self, count: int) -> list[Life]:
        """Return this many lives."""
        return [self.life(self.payment(), self.asked) for _ in range(count)]

    def payment(self) -> Payment:
        """Return the payment of the next life."""
        return self._stock.new()

    def life(self, payment: Payment, operations: Sequence[Operation]) -> Life:
        """Return a payment's life."""
        return tuple(self._contract.request(each, payment, self._authority) for each in operations)


class LookUps(Lifecycles):
    """One look-up each, of payments that are stored and approved beforehand."""

    asked = (GET,)

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._stored = [self._stock.new() for _ in range(LOOKED_UP)]
        self._turn = 0
        born = [self.life(payment, (CREATE, CONFIRM)) for payment in self._stored]
        live_at_rate(server.host, server.port, born, rate=200.0)

    def payment(self) -> Payment:
        """Return a stored payment, each in its turn."""
        self._turn += 1
        return self._stored[self._turn % LOOKED_UP]


class BareRoute:
    """As many requests of the bare app's one route as a lifecycle has."""

    operations = ("constant",) * len(LIFECYCLE)

    def __init__(self, server: Server) -> None:
        self._life = (encode("GET", "/", server.authority),) * len(LIFECYCLE)

    def make(self, count: int) -> list[Life]:
        """Return this many equal lives."""
        return [self._life] * count


@dataclass
class Side:
    """A server, and what it is asked; `lived` counts the lives that it has seen."""

    server: Server
    lives: Lives
    lived: int = field(default=0, init=False)

    def warm_up(self) -> None:
        """Ask at full speed for a while."""
        self._at_once(WARM_UP_SECONDS)

    def full_speed(self) -> float:
        """Return how many lives a second the server can do now: the median of a few short rounds."""
        return median(self._at_once(ROUND_SECONDS).rate for _ in range(ROUNDS))

    def steadily(self, rate: float, seconds: float) -> Lived:
        """Begin this many lives a second for this long."""
        lives = self.lives.make(max(1, round(rate * seconds)))
        return self._counted(live_at_rate(self.server.host, self.server.port, lives, rate))

    def _at_once(self, seconds: float) -> Lived:
        lives = self.lives.make(int(MOST_REQUESTS_PER_SECOND * seconds / len(self.lives.operations)))
        return self._counted(live_at_once(self.server.host, self.server.port, lives, SATURATING, seconds))

    def _counted(self, lived: Lived) -> Lived:
        self.lived += lived.lives
        return lived
