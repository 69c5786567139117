"""The soak's client: lifecycles that begin at even distances, whatever became of the ones before.

It waits in `select`, whose timeouts are exact to microseconds where those of an event loop are exact to a
millisecond, so that lifecycles do not begin in bunches. There are far more connections than are busy at a
time: a lifecycle that must wait for an answer holds up no other.
"""

import gc
import select
import socket
import time
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, repeat
from typing import Final

import httptools

from benchmarks.errors import LoadError

CONNECTIONS: Final = 64
PATIENCE_SECONDS: Final = 15.0
RECEIVED_AT_MOST: Final = 65_536

Life = Sequence[bytes]
"""The requests of a lifecycle; each is sent as soon as the one before it is answered."""


def seconds_array() -> "array[float]":
    """Return an empty array of seconds, an eighth of a list's size."""
    return array("d")


@dataclass
class Lived:
    """What became of lifecycles; all times in seconds.

    `latencies` has those of the requests by their place in the life. `client_late` is how long after they
    were due lifecycles began though a connection was free, which is the client's own doing; `held_up` counts
    those that found every connection waiting for the server.
    """

    latencies: Sequence["array[float]"]
    client_late: "array[float]" = field(default_factory=seconds_array)
    held_up: int = 0
    lives: int = 0
    seconds: float = 0.0
    client_cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Lifecycles ended a second."""
        return self.lives / self.seconds


class _Connection:
    """One kept-alive connection, over which one life at a time is lived."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = httptools.HttpResponseParser(self)
        self._is_answered = False
        self._body = b""
        self.life: Iterator[tuple[int, bytes]] = iter(())
        self.place = 0
        self.sent_at = 0.0

    def fileno(self) -> int:
        return self._socket.fileno()

    def send_next(self) -> bool:
        """Send the next request of the life; return whether there was one."""
        self.place, request = next(self.life, (-1, b""))
        if not request:
            return False
        self._is_answered = False
        self.sent_at = time.perf_counter()
        self._socket.sendall(request)
        return True

    def receive(self) -> bool:
        """Read what came, and return whether the answer is complete; raises LoadError if it is not a 200."""
        data = self._socket.recv(RECEIVED_AT_MOST)
        if not data:
            raise LoadError("connection lost: closed by the server")
        self._parser.feed_data(data)
        if self._is_answered and self._parser.get_status_code() != 200:
            body = self._body.decode(errors="replace")
            raise LoadError(f"answered {self._parser.get_status_code()}: {body}")
        return self._is_answered

    def on_body(self, body: bytes) -> None:
        self._body = body

    def on_message_complete(self) -> None:
        self._is_answered = True

    def close(self) -> None:
        self._socket.close()


def live_at_rate(host: str, port: int, lives: Sequence[Life], rate: float) -> Lived:
    """Begin `rate` lifecycles a second at even distances, until all have been lived.

    Raises:
        LoadError: an answer was not 200, or did not come.
    """
    with _run(host, port, lives, CONNECTIONS) as run:
        began = time.perf_counter()
        return run.until_lived(began + number / rate for number in count())


def live_at_once(host: str, port: int, lives: Sequence[Life], connections: int, seconds: float) -> Lived:
    """Run lifecycles for this many seconds, one after the other on each connection.

    Raises:
        LoadError: an answer was not 200, or did not come.
    """
    with _run(host, port, lives, connections) as run:
        return run.until_lived(repeat(time.perf_counter()), seconds)


@contextmanager
def _run(host: str, port: int, lives: Sequence[Life], connections: int) -> Iterator["_Run"]:
    opened: list[_Connection] = []
    gc.collect()
    gc.disable()
    try:
        opened += [_Connection(host, port) for _ in range(connections)]
        yield _Run(lives, opened)
    except OSError as error:
        raise LoadError(f"connection lost: {error}") from error
    finally:
        gc.enable()
        for connection in opened:
            connection.close()


class _Run:
    """Lifecycles under way."""

    def __init__(self, lives: Sequence[Life], connections: Iterable[_Connection]) -> None:
        self._waiting = deque(lives)
        self._free = deque(connections)
        self._busy: set[_Connection] = set()
        self._lived = Lived([seconds_array() for _ in lives[0]])

    def until_lived(self, due_times: Iterator[float], seconds: float = float("inf")) -> Lived:
        """Begin each lifecycle when it is due, until the time is over; return when all have ended."""
        lived, began, cpu_began = self._lived, time.perf_counter(), time.process_time()
        due, is_held_up = next(due_times), False
        while self._waiting or self._busy:
            now = time.perf_counter()
            if now >= began + seconds:
                self._waiting.clear()
                if not self._busy:
                    break
            while self._waiting and self._free and due <= now:
                if is_held_up:
                    lived.held_up += 1
                else:
                    lived.client_late.append(now - due)
                self._begin()
                due, now = next(due_times), time.perf_counter()
            is_held_up = bool(self._waiting) and due <= now
            self._receive(max(0.0, due - now) if self._waiting and not is_held_up else PATIENCE_SECONDS)
        lived.seconds = time.perf_counter() - began
        lived.client_cpu_seconds = time.process_time() - cpu_began
        return lived

    def _begin(self) -> None:
        connection = self._free.popleft()
        connection.life = enumerate(self._waiting.popleft())
        self._go_on(connection)

    def _go_on(self, connection: _Connection) -> None:
        if connection.send_next():
            self._busy.add(connection)
        else:
            self._busy.discard(connection)
            self._free.append(connection)
            self._lived.lives += 1

    def _receive(self, seconds: float) -> None:
        """Wait for answers for so long, and go on with the lives that got one."""
        readable, _, _ = select.select(self._busy, (), (), seconds)
        if not readable and seconds == PATIENCE_SECONDS:
            raise LoadError(f"an answer was still missing after {PATIENCE_SECONDS:.0f} s")
        for connection in readable:
            if connection.receive():
                self._lived.latencies[connection.place].append(time.perf_counter() - connection.sent_at)
                self._go_on(connection)
