"""A line between kiosk and provider that a test can break exactly where it wants to.

It is a small HTTP proxy on a port of its own: the kiosk meets real connections that are refused, cut,
or silent, and the provider behind it really carries out what was let through.
"""

import json
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Event, Thread
from typing import Any

import requests

PROVIDER_SECONDS = 30
HOLD_SECONDS = 30
FORWARDED = ("Authorization", "Content-Type", "Idempotency-Key")


@dataclass(frozen=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    promised: int | None = None
    """The length that its header promises, where that is not the length of the body."""

    def as_bytes(self) -> bytes:
        length = len(self.body) if self.promised is None else self.promised
        head = [
            f"HTTP/1.1 {self.status} Whatever",
            "Content-Type: application/json",
            f"Content-Length: {length}",
            "Connection: close",
        ]
        return "\r\n".join([*head, "", ""]).encode() + self.body


@dataclass
class Exchange:
    """One request of the kiosk on its way, and what became of it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    upstream: str
    connection: socket.socket
    forwarded: Reply | None = field(default=None, init=False)
    is_reset: bool = field(default=False, init=False)

    @property
    def operation(self) -> str:
        """Return which operation of the provider is asked for."""
        if self.method == "GET":
            return "look-up"
        return {"payments": "create", "confirm": "confirm", "cancel": "cancel"}[self.path.rpartition("/")[2]]

    @property
    def fields(self) -> Any:
        """Return the JSON that the kiosk sent."""
        return json.loads(self.body)

    def forward(self) -> Reply:
        """Let the provider carry the request out, and return its answer."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                self.method,
                self.upstream + self.path,
                headers=self.headers,
                data=self.body,
                timeout=PROVIDER_SECONDS,
            )
        self.forwarded = Reply(answer.status_code, answer.content)
        return self.forwarded

    def reply(self, reply: Reply) -> None:
        """Answer the kiosk, which may have given up by now."""
        try:
            self.connection.sendall(reply.as_bytes())
        except OSError:
            self.is_reset = True

    def reset(self) -> None:
        """Cut the connection without an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_reset = True


Fault = Callable[[Exchange], None]


class Line:
    """The line itself; without faults it passes everything on."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.exchanges: list[Exchange] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._holds: list[Event] = []
        self._server: _Server | None = _Server(("127.0.0.1", 0), self)
        self._port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        """Return the base URL that the kiosk takes for the provider's."""
        return f"http://127.0.0.1:{self._port}"

    def next(self, operation: str, fault: Fault) -> None:
        """Let `fault` befall the next request of `operation`; several queue up."""
        self._faults[operation].append(fault)

    def hold(self) -> Event:
        """Return something to wait for, which is released at the latest when the line is mended."""
        released = Event()
        self._holds.append(released)
        return released

    def cut(self) -> None:
        """Refuse every connection from now on."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def mend(self) -> None:
        """Accept connections, let go what is held, and forget all faults."""
        self._faults.clear()
        for released in self._holds:
            released.set()
        self._holds.clear()
        if self._server is None:
            self._server = _Server(("127.0.0.1", self._port), self)

    def close(self) -> None:
        """End the line."""
        self.mend()
        self.cut()

    def sent(self, operation: str, order_id: str) -> list[Exchange]:
        """Return the requests of `operation` for an order that the kiosk has sent so far."""
        keys = {
            exchange.fields["paymentKey"]
            for exchange in self.exchanges
            if exchange.operation == "create" and exchange.fields["orderId"] == order_id
        }
        return [
            exchange
            for exchange in self.exchanges
            if exchange.operation == operation
            and any(key in exchange.path or key.encode() in exchange.body for key in keys)
        ]

    def serve(self, exchange: Exchange) -> None:
        """Carry one request, or do to it what the test wants."""
        self.exchanges.append(exchange)
        waiting = self._faults[exchange.operation]
        fault = waiting.popleft() if waiting else pass_on
        fault(exchange)


def pass_on(exchange: Exchange) -> None:
    """Carry request and answer."""
    exchange.reply(exchange.forward())


def lose_answer(exchange: Exchange) -> None:
    """Let the provider do it, and cut the connection instead of answering."""
    exchange.forward()
    exchange.reset()


def send_twice(exchange: Exchange) -> None:
    """Carry the request twice, as a nervous proxy does, and answer what the provider said to the second."""
    exchange.forward()
    exchange.reply(exchange.forward())


def lose_request(exchange: Exchange) -> None:
    """Cut the connection before the provider sees anything."""
    exchange.reset()


def answer_with(status: int, body: bytes) -> Fault:
    """Answer without asking the provider."""

    def fault(exchange: Exchange) -> None:
        exchange.reply(Reply(status, body))

    return fault


def swap_answer(change: Callable[[Reply], Reply]) -> Fault:
    """Let the provider do it, and answer something else."""

    def fault(exchange: Exchange) -> None:
        exchange.reply(change(exchange.forward()))

    return fault


class HeldAnswer:
    """The provider does it at once; its answer waits until the line is mended."""

    def __init__(self, line: Line) -> None:
        self.reached = Event()
        self._released = line.hold()

    def __call__(self, exchange: Exchange) -> None:
        reply = exchange.forward()
        self.reached.set()
        self._released.wait(HOLD_SECONDS)
        exchange.reply(reply)


class HeldRequest:
    """The request waits until the line is mended, and only then reaches the provider."""

    def __init__(self, line: Line) -> None:
        self.reached = Event()
        self.arrived = Event()
        self._released = line.hold()

    def __call__(self, exchange: Exchange) -> None:
        self.reached.set()
        self._released.wait(HOLD_SECONDS)
        reply = exchange.forward()
        self.arrived.set()
        exchange.reply(reply)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        wanted = {name: self.headers[name] for name in FORWARDED if name in self.headers}
        body = self.rfile.read(length)
        line = self.server.line
        exchange = Exchange(self.command, self.path, wanted, body, line.upstream, self.connection)
        self.close_connection = True
        line.serve(exchange)
        if exchange.is_reset:
            self.server.cut_off.add(self.connection)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], line: Line) -> None:
        self.line = line
        self.cut_off: set[Any] = set()
        super().__init__(address, _Handler)
        self._thread = Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def shutdown_request(self, request: Any) -> None:
        # Closing without the usual farewell is what makes the peer see a reset.
        if request in self.cut_off:
            self.cut_off.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)
