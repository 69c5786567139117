"""A balancer before several servers: each request goes to the next one, byte for byte, resets included."""

import asyncio
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from threading import Thread
from urllib.parse import urlsplit

START_SECONDS = 10.0
_RESET = struct.pack("ii", 1, 0)


@contextmanager
def round_robin(urls: Sequence[str]) -> Iterator[str]:
    """Balance between the servers at these base URLs for the length of a block; gives its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="round robin", daemon=True)
    thread.start()
    addresses = cycle([(urlsplit(url).hostname, urlsplit(url).port) for url in urls])

    ends: set[_End] = set()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: _Caller(ends, loop, next(addresses)), "127.0.0.1", 0)

    async def hang_up() -> None:
        server.close()
        while ends:
            for end in list(ends):
                end.transport.abort()
            await asyncio.sleep(0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(START_SECONDS)
    try:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


class _End(asyncio.Protocol):
    """One of the two connections that are joined; what comes out of one goes into the other."""

    transport: asyncio.Transport
    other: "_End | None" = None

    def __init__(self, ends: "set[_End]") -> None:
        self._ends = ends

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ends.add(self)

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        self.other.transport.write(data)

    def eof_received(self) -> bool:
        if self.other is not None and self.other.transport.can_write_eof():
            self.other.transport.write_eof()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        self._ends.discard(self)
        if self.other is None:
            return
        if error is None:
            self.other.transport.close()
        else:
            self.other.reset()

    def reset(self) -> None:
        connection = self.transport.get_extra_info("socket")
        if connection.fileno() != -1:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()


class _Server(_End):
    """The connection to a server, which ends with its answer."""

    def eof_received(self) -> bool:
        # The server has sent everything; pass the end on to the caller.
        return False


class _Caller(_End):
    """The connection of a caller, whose request is asked to be the only one on it."""

    def __init__(
        self, ends: set[_End], loop: asyncio.AbstractEventLoop, address: tuple[str | None, int | None]
    ) -> None:
        super().__init__(ends)
        self._loop = loop
        self._address = address
        self._has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.pause_reading()
        self._joining = self._loop.create_task(self._join())

    def data_received(self, data: bytes) -> None:
        if not self._has_asked:
            self._has_asked = True
            data = data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        super().data_received(data)

    async def _join(self) -> None:
        host, port = self._address
        try:
            _, server = await self._loop.create_connection(lambda: _Server(self._ends), host, port)
        except OSError:
            self.reset()
            return
        self.other, server.other = server, self
        self.transport.resume_reading()
