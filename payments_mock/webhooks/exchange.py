"""One HTTP exchange that ends in time whatever the other side does, and keeps a bounded part of the answer.

A client's usual timeout starts anew with every byte. Here one deadline holds for the whole exchange: the
look-up of the name, the connection, the encryption, the request, and the answer.
"""

import socket
import time
from collections.abc import Mapping
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from io import BufferedReader, RawIOBase
from ssl import create_default_context
from threading import Thread
from typing import Any, Final, cast
from urllib.parse import urlsplit

from payments_mock.domain.values import immutable

LONGEST_HEAD_BYTES: Final = 65_536
"""How long the answer's head may be, with all that comes before it, such as 100 Continue."""

LONGEST_BODY_BYTES: Final = 4096
"""How much of the answer's body is kept; the rest is not read."""


class TooLongError(Exception):
    """The head of the answer is too long."""


@immutable
class Deadline:
    """The moment at which an exchange must be over, by the process's monotonic clock."""

    at: float

    def seconds_left(self) -> float:
        """Return how much time is left.

        Raises:
            TimeoutError: none is.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Answer:
    """An answer whose head has come; names that come twice have both values, separated by a comma."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: dict[str, str] = {}
        for name, value in response.headers.items():
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def read(self) -> bytes:
        """Read the beginning of the body, LONGEST_BODY_BYTES at the most.

        Raises:
            OSError: the connection broke, or the time was over (TimeoutError).
            http.client.HTTPException: what came is not a body, or not all of it.
        """
        content = self._response.read(LONGEST_BODY_BYTES)
        missing = self._response.length
        if missing and len(content) < LONGEST_BODY_BYTES:
            raise IncompleteRead(content, missing)
        return content


class WebhookExchange:
    """A connection for one request; to be used in a `with` statement, which closes it."""

    def __init__(self, url: str, deadline: Deadline, certificates: str) -> None:
        """Prepare an exchange with `url`; https is judged by the authorities in the file `certificates`."""
        self._url = urlsplit(url)
        self._deadline = deadline
        self._certificates = certificates
        self._socket: socket.socket | None = None
        self._reader: _Reader | None = None

    def __enter__(self) -> "WebhookExchange":
        return self

    def __exit__(self, *_error: object) -> None:
        for part in (self._reader, self._socket):
            if part is not None:
                part.close()

    def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request for `target`, a path with its query, and return the answer when its head has come.

        Raises:
            OSError: there is no connection, or the time was over (TimeoutError).
            http.client.HTTPException: what came is not HTTP.
            TooLongError: the head of the answer does not end.
            ValueError: the name of the host is none.
        """
        is_encrypted = self._url.scheme == "https"
        host, port = self._url.hostname or "", self._url.port or (443 if is_encrypted else 80)
        connected = self._socket = _connect(host, port, self._deadline)
        if is_encrypted:
            connected.settimeout(self._deadline.seconds_left())
            context = create_default_context(cafile=self._certificates)
            connected = self._socket = context.wrap_socket(connected, server_hostname=host)
        request = HTTPConnection(host, port)
        request.sock = _Sender(connected, self._deadline)
        request.putrequest("POST", target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            request.putheader(name, value)
        request.endheaders(body)
        self._reader = _Reader(connected, self._deadline)
        response = HTTPResponse(cast(socket.socket, self._reader), method="POST")
        response.begin()
        self._reader.allow_more(LONGEST_BODY_BYTES)
        return Answer(response)


class _Sender:
    """The side of a socket that `HTTPConnection` sends by, with a deadline for all of it."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def sendall(self, content: Any) -> None:
        self._socket.settimeout(self._deadline.seconds_left())
        self._socket.sendall(content)


class _Reader(RawIOBase):
    """The side of a socket that `HTTPResponse` reads from, with a deadline and a bound for all of it."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline
        self._bytes_left = LONGEST_HEAD_BYTES

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(self)

    def allow_more(self, count: int) -> None:
        # The framing of chunks is extra, and may be as long as the body if each chunk has one byte.
        self._bytes_left += 8 * count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._bytes_left <= 0:
            raise TooLongError
        self._socket.settimeout(self._deadline.seconds_left())
        count = self._socket.recv_into(memoryview(buffer)[: self._bytes_left])
        self._bytes_left -= count
        return count


def _connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first address of a host that accepts the connection."""
    failure = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in _addresses(host, port, deadline):
        connected = socket.socket(family, kind, protocol)
        try:
            connected.settimeout(deadline.seconds_left())
            connected.connect(address)
        except OSError as error:
            connected.close()
            failure = error
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
    raise failure


def _addresses(host: str, port: int, deadline: Deadline) -> list[Any]:
    """Look a host up in a thread that is abandoned at the deadline, as the system's look-up has none."""
    found: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    Thread(target=look_up, name="webhooks look-up", daemon=True).start()
    return found.result(deadline.seconds_left())
