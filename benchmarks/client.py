"""The load client: a process of its own that sends prebuilt requests over kept-alive connections.

It speaks HTTP/1.1 through a bare asyncio protocol (uvloop, httptools), so that on a machine with two
cores the server is what limits the rate. Every answer's status is checked.
"""

import asyncio
import gc
import multiprocessing
import signal
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import cast

import httptools
import uvloop

from benchmarks.errors import LoadError

CONNECTIONS = 16
GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Load:
    """Requests to send in order, until they run out or `seconds` have passed."""

    host: str
    port: int
    requests: Sequence[bytes]
    seconds: float
    connections: int = CONNECTIONS


@dataclass
class Outcome:
    """What a load met: seconds a request took, in the order of their answers, and the client's own cost."""

    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: float = 0.0
    client_cpu_seconds: float = 0.0
    failure: str | None = None

    @property
    def answered(self) -> int:
        """The number of requests sent; each was answered with 200."""
        return len(self.latencies)


class _Run:
    """One load under way: hands requests to connections and gathers their answers."""

    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self.requests = iter(load.requests)
        self.busy = load.connections
        self.done = done
        self.outcome = Outcome()
        self.deadline = 0.0

    def next_request(self, now: float) -> bytes | None:
        if now >= self.deadline:
            return None
        return next(self.requests, None)

    def record(self, seconds: float) -> None:
        self.outcome.latencies.append(seconds)

    def finish_one(self) -> None:
        self.busy -= 1
        if self.busy == 0:
            self.stop()

    def fail(self, reason: str) -> None:
        if not self.done.done():
            self.outcome.failure = reason
            self.stop()

    def stop(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


class _Connection(asyncio.Protocol):
    """One kept-alive connection: sends the next request as soon as the last one is answered."""

    transport: asyncio.Transport

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.parser = httptools.HttpResponseParser(self)
        self.body = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send_next(self, now: float) -> None:
        request = self.run.next_request(now)
        if request is None:
            self.run.finish_one()
            return
        self.sent_at = now
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body = body

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        status = self.parser.get_status_code()
        if status != 200:
            self.run.fail(f"answered {status}: {self.body.decode(errors='replace')}")
            return
        self.run.record(now - self.sent_at)
        self.send_next(now)

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.fail(f"connection lost: {exc or 'closed by the server'}")


async def _send(load: Load) -> Outcome:
    loop = asyncio.get_running_loop()
    run = _Run(load, loop.create_future())
    connections = [
        (await loop.create_connection(lambda: _Connection(run), load.host, load.port))[1]
        for _ in range(load.connections)
    ]
    started, cpu_started = time.perf_counter(), time.process_time()
    run.deadline = started + load.seconds
    for connection in connections:
        connection.send_next(time.perf_counter())
    try:
        await asyncio.wait_for(run.done, load.seconds + GRACE_SECONDS)
    except TimeoutError:
        run.fail(f"an answer was still missing {GRACE_SECONDS:.0f} s after the end")
    run.outcome.seconds = time.perf_counter() - started
    run.outcome.client_cpu_seconds = time.process_time() - cpu_started
    for connection in connections:
        connection.transport.abort()
    return run.outcome


def _serve_loads(pipe: Pipe) -> None:
    """Send each load that arrives through the pipe; end when its other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    with suppress(EOFError, ConnectionError):
        while True:
            pipe.send(_outcome_of(pipe.recv()))
            gc.collect()


def _outcome_of(load: Load) -> Outcome:
    try:
        return uvloop.run(_send(load))
    except OSError as error:
        return Outcome(failure=f"cannot connect: {error}")


class LoadClient:
    """The load client's process, seen from the process that measures."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def send(self, load: Load) -> Outcome:
        """Send one load and wait for its end.

        Raises LoadError when an answer is not 200, does not come, or a connection breaks.
        """
        self._pipe.send(load)
        if not self._pipe.poll(load.seconds + 2 * GRACE_SECONDS):
            raise LoadError("the load client does not answer")
        try:
            outcome: Outcome = self._pipe.recv()
        except EOFError as error:
            raise LoadError("the load client ended") from error
        if outcome.failure:
            raise LoadError(outcome.failure)
        return outcome


@contextmanager
def load_client() -> Iterator[LoadClient]:
    """Start the load client's process; end it on leaving."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_loads, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield LoadClient(ours)
    finally:
        ours.close()
        process.join(timeout=2)
        if process.is_alive():
            process.kill()
            process.join()
