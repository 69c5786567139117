"""One request and its answer on a connection, and what faults do to the answer on the wire."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from payments_mock.api.wire import LONGEST_HANG_SECONDS, Awaited, Damage, Pause
from payments_mock.domain.faults import Ending
from payments_mock.http.access_log import write_lines
from payments_mock.server.wsgi import WireAnswer
from payments_mock.services.faults import HeldWait

RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)
DRIPS: Final = 20
MOST_AT_ONCE: Final = 16
DISCARD_SECONDS: Final = 2.0

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
"""Gives the next part of a request's body, by ASGI's rules."""


async def wait_for_client(has_left: Callable[[], bool], news: asyncio.Event, seconds: float) -> bool:
    """Wait, unless the client leaves first; returns whether it stayed.

    `news` is set whenever something happens on the connection, so that waiting costs nothing in between.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(seconds, LONGEST_HANG_SECONDS)):
            while not has_left():
                news.clear()
                await news.wait()
    # Bytes of the body that came meanwhile are still to be read.
    news.set()
    return not has_left()


class _Connection:
    """A connection, for effects that spoil an answer."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._transport = cycle.transport
        self.write = cycle.transport.write
        self.close = cycle.transport.close

    def reset(self) -> None:
        """End the connection so that the client sees it reset, with nothing more."""
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self._transport.abort()


async def drip(cycle: RequestResponseCycle, data: bytes, seconds: float) -> None:
    """Send `data` in small pieces over so many seconds, or until the client leaves."""
    size = max(1, -(-len(data) // DRIPS))
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    for piece in pieces:
        if cycle.disconnected:
            return
        cycle.transport.write(piece)
        await asyncio.sleep(seconds / len(pieces))


class AnswersOfATurn:
    """Answers that leave together, at the end of the event loop's turn or when there are MOST_AT_ONCE.

    Each write on its own wakes the client that it is for. With 16 clients at once that takes 38 of the 280 µs
    of processor time of a look-up, and 6 in this way. Their lines of the access log are written before them,
    in one piece.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.Transport, bytes]] = []
        self._lines: list[str] = []

    def add(self, transport: asyncio.Transport, data: bytes, line: str) -> None:
        """Send `data` soon, after what was added before."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.leave)
        self._waiting.append((transport, data))
        self._lines.append(line)
        if len(self._waiting) >= MOST_AT_ONCE:
            self.leave()

    def leave(self) -> None:
        """Write everything now, before a connection closes or something follows an answer."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            write_lines("".join(self._lines))
            self._lines.clear()
            for transport, data in waiting:
                transport.write(data)


EXCHANGE: Final = "payments_mock.exchange"
"""The name of the exchange in the ASGI scope of a request."""


class Exchange:
    """Where the answer to one request goes, which is the connection itself.

    An answer goes out in one write: half of what ASGI's two messages cost, and a client never sees a head
    whose body is late. `has_ended` tells whether the client has ended its own side of the connection.
    """

    def __init__(
        self, cycle: RequestResponseCycle, answers: AnswersOfATurn, has_ended: Callable[[], bool]
    ) -> None:
        self._cycle = cycle
        self._answers = answers
        self._has_ended = has_ended

    async def send(self, answer: WireAnswer) -> None:
        """Send an answer, once the client has taken most of those before it."""
        if self._cycle.flow.write_paused:
            await self._cycle.flow.drain()
        self.send_soon(answer)
        self._answers.leave()

    def send_soon(self, answer: WireAnswer, line: str = "") -> None:
        """Send an answer to a client that takes what comes, and log its line, with others of this turn."""
        cycle = self._cycle
        if cycle.disconnected:
            write_lines(line)
            return
        cycle.response_started = True
        data = answer.on_the_wire(cycle.keep_alive, cycle.scope["method"] != "HEAD")
        self._answers.add(cycle.transport, data, line)

    def leave(self) -> None:
        """Send the answer now, as something must follow it."""
        self._answers.leave()

    async def wait(self, seconds: float) -> bool:
        """Wait, unless the client leaves first; returns whether it stayed.

        A client that has ended its side alone may still take an answer, so that is not leaving.
        """
        cycle = self._cycle
        return await wait_for_client(lambda: cycle.disconnected, cycle.message_event, seconds)

    async def wait_as(self, pause: Pause) -> bool:
        """Wait as a pause says, unless the client leaves first; returns whether it stayed."""
        if pause.awaited is None:
            return await self.wait(pause.seconds)
        return await self._wait_for(pause.awaited, pause.seconds)

    async def _wait_for(self, awaited: Awaited, seconds: float) -> bool:
        cycle, wake, loop = self._cycle, self._cycle.message_event.set, asyncio.get_running_loop()
        awaited.on_end(lambda: _tell(loop, wake))
        try:
            await wait_for_client(lambda: cycle.disconnected or awaited.is_over, cycle.message_event, seconds)
        finally:
            if isinstance(awaited, HeldWait):
                # It removes a row, and the loop must not wait for a database: it may be what others wait for.
                # A server that stops ends this task, but not what a thread has yet to release.
                await asyncio.shield(loop.run_in_executor(None, awaited.release))
            else:
                awaited.release()
        return not cycle.disconnected

    async def _hang(self) -> None:
        """Wait until the client gives up; as no answer is coming, ending its side is enough."""
        cycle = self._cycle
        await wait_for_client(
            lambda: cycle.disconnected or self._has_ended(), cycle.message_event, LONGEST_HANG_SECONDS
        )
        self.abandon()

    async def send_spoilt(self, answer: WireAnswer, damage: Damage) -> None:
        """Do to an answer what a fault says, and end the connection where it can't go on."""
        cycle = self._cycle
        if damage.hangs:
            await self._hang()
            return
        if not await self.wait(damage.seconds):
            return
        if damage.held is not None:
            held = await self._hold(answer, damage.held)
            if held is None:
                return
            answer = held
        cycle.response_started = True
        data = answer.on_the_wire(cycle.keep_alive, cycle.scope["method"] != "HEAD")
        if damage.spoil is not None:
            cycle.keep_alive = False
            head, end, body = data.partition(b"\r\n\r\n")
            damage.spoil(head + end, body, _Connection(cycle))
        elif damage.drip_seconds:
            await drip(cycle, data, damage.drip_seconds)
        else:
            cycle.transport.write(data)

    async def _hold(self, answer: WireAnswer, held: HeldWait) -> WireAnswer | None:
        """Wait until somebody ends the hold; returns the answer to send, or None for no answer."""
        if not await self._wait_for(held, held.seconds):
            return None
        end = held.end
        if end.ending is Ending.CUT:
            self.abandon()
            _Connection(self._cycle).reset()
            return None
        return answer if end.status is None else answer.refused(end.status, end.body or "")

    def abandon(self) -> None:
        """Leave the request without an answer, and close the connection at the end."""
        self._cycle.response_started = True
        self._cycle.keep_alive = False

    def close_at_end(self) -> None:
        """Say in the answer that the connection closes after it, and ask for no more of the body."""
        self._cycle.waiting_for_100_continue = False
        self._cycle.keep_alive = False

    def end(self) -> None:
        """Make the connection ready for the next request, or close it."""
        cycle = self._cycle
        # Request and exchange refer to each other; without this, only the garbage collector would free them.
        cast(dict[str, Any], cycle.scope).pop(EXCHANGE, None)
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._answers.leave()
            cycle.transport.close()
        if not cycle.disconnected:
            cycle.on_response()


def _tell(loop: asyncio.AbstractEventLoop, wake: Callable[[], None]) -> None:
    """Call `wake` in an event loop from another thread, unless the loop is closed and nobody waits."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(wake)


class ClientGoneError(Exception):
    """The client left before its request was complete."""


async def read_up_to(limit: int, receive: Receive) -> bytes | None:
    """Return a body, or None as soon as it turns out to be longer than `limit` bytes.

    Raises:
        ClientGoneError: the client left before the body was complete.
    """
    parts: list[bytes] = []
    size = 0
    while size <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        parts.append(message["body"])
        size += len(message["body"])
        if not message["more_body"]:
            return b"".join(parts) if size <= limit else None
    return None


async def discard(receive: Receive) -> None:
    """Read and drop what still comes of a body, for a while.

    Closing over unread bytes resets the connection, and the client would see that instead of the answer.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while (await receive()).get("more_body"):
                pass
