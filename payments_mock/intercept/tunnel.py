"""The two ends of a tunnel: what comes in at one goes out at the other, and so does how the connection ends.

A fault of the mock must reach its client as it is: a reset as a reset, an early end as an early end. So
nothing here reads HTTP but the head that a proxy is given.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)
MOST_HELD_BYTES: Final = 64 * 1024
"""How many bytes are kept until the other end is there."""
HANDSHAKE_SECONDS: Final = 30.0
FAREWELL_SECONDS: Final = 2.0
"""How long a client may take to end a connection that has nothing more for it."""
_END_OF_HEAD: Final = b"\r\n\r\n"


class NoRequestError(Exception):
    """A client left, or sent something that is no request."""


class End(asyncio.Protocol):
    """One end of a tunnel; `arrived` is called once its connection is there.

    What comes in before it is joined to another end is kept for that.
    """

    def __init__(self, arrived: Callable[["End"], None] | None = None) -> None:
        self._arrived = arrived
        self._transport: asyncio.Transport | None = None
        self._other: End | None = None
        self._held = bytearray()
        self._news = asyncio.Event()
        self._has_ended = False
        self._was_reset = False
        self._discards = False
        self._is_secure = False
        self.is_gone = False
        self.has_spoken = False
        """Whether this end received anything."""

    @property
    def transport(self) -> asyncio.Transport:
        """The connection of this end."""
        assert self._transport is not None  # noqa: S101
        return self._transport

    @property
    def is_wholly_gone(self) -> bool:
        """Whether neither this end nor the other one has a connection any more."""
        return self.is_gone and (self._other is None or self._other.is_gone)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = cast(asyncio.Transport, transport)
        self._connection: socket.socket = transport.get_extra_info("socket")
        if self._arrived is not None:
            self._arrived(self)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, or keep them until there is somebody to pass them on to."""
        self.has_spoken = True
        self._news.set()
        if self._discards:
            return
        if self._other is not None:
            self._other.write(data)
            return
        self._held += data
        if len(self._held) > MOST_HELD_BYTES:
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """Pass on the end of the input; returns whether the connection may still take an answer."""
        self._has_ended = True
        self._news.set()
        if self._other is not None:
            self._pass_on_the_end(self._other)
        return not self._is_secure

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other end in the way that this one was ended."""
        self.is_gone = True
        self._was_reset = isinstance(exc, ConnectionError)
        self._news.set()
        if self._other is not None:
            self._other.finish(was_reset=self._was_reset)

    def pause_writing(self) -> None:
        """Have the other end read no more while this one is full."""
        if self._other is not None and not self._other.is_gone:
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Have the other end read on."""
        if self._other is not None and not self._other.is_gone:
            self._other.transport.resume_reading()

    def write(self, data: bytes) -> None:
        """Send bytes out of this end, if its connection still stands."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def join(self, other: "End") -> None:
        """Make a tunnel of two ends."""
        self._other, other._other = other, self
        self._pass_on_what_was_held(other)
        other._pass_on_what_was_held(self)

    def _pass_on_what_was_held(self, other: "End") -> None:
        if self._held:
            other.write(bytes(self._held))
            self._held.clear()
        if self.is_gone:
            other.finish(was_reset=self._was_reset)
            return
        self.transport.resume_reading()
        if self._has_ended:
            self._pass_on_the_end(other)

    def _pass_on_the_end(self, other: "End") -> None:
        if other._has_ended or not other.transport.can_write_eof():
            other.finish()
            if other._has_ended:
                self.finish()
        elif not other.transport.is_closing():
            other.transport.write_eof()

    def finish(self, *, was_reset: bool = False) -> None:
        """End the connection, once everything is sent; after a reset at once, so that its client sees one."""
        if self.is_gone:
            return
        if was_reset:
            # The connection may have ended before the event loop told us.
            with suppress(OSError):
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
            self.transport.abort()
        elif not self.transport.is_closing():
            # To close TLS twice forgets the connection that is to be reset.
            self.transport.close()

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on, as the server.

        Raises:
            ssl.SSLError: the client does not speak it, or refuses the certificate.
            OSError: the client left.
        """
        self.has_spoken = False
        try:
            secured = await asyncio.get_running_loop().start_tls(
                self.transport,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=FAREWELL_SECONDS,
            )
        except OSError:
            # The connection is closed then, and nobody tells us so.
            self.is_gone = True
            raise
        if secured is None:
            self.is_gone = True
            raise ConnectionAbortedError("the client left during the handshake")
        self._transport, self._is_secure = secured, True

    async def head(self) -> bytes:
        """Return the head of a request, up to the empty line that ends it.

        Raises:
            NoRequestError: none came.
        """
        while (end := self._held.find(_END_OF_HEAD)) < 0:
            if self.is_gone or self._has_ended or len(self._held) > MOST_HELD_BYTES:
                raise NoRequestError
            self._news.clear()
            await self._news.wait()
        size = end + len(_END_OF_HEAD)
        head = bytes(self._held[:size])
        del self._held[:size]
        return head

    def put_back(self, head: bytes) -> None:
        """Put a head before the bytes that followed it, to be passed on."""
        self._held[:0] = head

    async def wait_for_words(self) -> None:
        """Return once the client has said something, or is gone."""
        while not (self.has_spoken or self.is_gone or self._has_ended):
            self._news.clear()
            await self._news.wait()

    async def say_farewell(self, answer: bytes) -> None:
        """Send a last answer, and end the connection once the client has had the time to read it."""
        self._discards = True
        if self.is_gone:
            return
        self.transport.resume_reading()
        self.write(answer)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while not (self.is_gone or self._has_ended):
                    self._news.clear()
                    await self._news.wait()
        self.finish()


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return how to speak TLS as the server, with HTTP/1.1 inside.

    Raises:
        OSError: a file can't be read, or holds something else (which is an `ssl.SSLError`).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    # A client that finds tickets and a reset together, as Node may, would take the reset for an end.
    context.num_tickets = 0
    return context
