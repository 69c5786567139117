"""HTTP by hand: send bytes that no client library would, and read what comes back."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

ANSWER_SECONDS = 10.0
CUT_OFF_SECONDS = 1.0


@dataclass(frozen=True)
class RawRequest:
    """A request as it goes over the wire; nothing is added and nothing escaped.

    `whole` tells whether a server can see where the request ends, so that it owes an answer.
    """

    method: bytes
    target: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = b""
    whole: bool = True

    @property
    def encoded(self) -> bytes:
        """Return the bytes to send."""
        lines = [b"%s %s HTTP/1.1" % (self.method, self.target)]
        lines += [b"%s: %s" % header for header in self.headers]
        return b"\r\n".join([*lines, b"", self.body])

    def __str__(self) -> str:
        return repr(self.encoded[:600])


@dataclass(frozen=True)
class RawAnswer:
    """An answer to a `RawRequest`."""

    status: int
    media_type: str
    body: bytes


def exchange(url: str, request: RawRequest) -> RawAnswer | None:
    """Send `request` over a connection of its own; return None where the server closed without an answer."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), ANSWER_SECONDS) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request.encoded)
            if not request.whole:
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(CUT_OFF_SECONDS)
        return _read_answer(connection, request)


def _read_answer(connection: socket.socket, request: RawRequest) -> RawAnswer | None:
    with HTTPResponse(connection, method=request.method.decode("latin-1")) as response:
        try:
            response.begin()
            media_type = response.headers.get_content_type() if "Content-Type" in response.headers else ""
            return RawAnswer(response.status, media_type, response.read())
        except (HTTPException, ConnectionError, TimeoutError):
            return None
