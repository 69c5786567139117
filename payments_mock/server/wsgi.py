"""Call a WSGI application: its environment, the place where it runs, and its answer as bytes."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import unquote_to_bytes

from payments_mock.api.wire import WIRE, Wire
from payments_mock.http.request_facts import variables_of

_JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """A complete HTTP answer; header names are in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def refused(self, status: int, body: str) -> "WireAnswer":
        """Return the answer that a held call gets in its place when it is refused."""
        data = body.encode()
        headers = [pair for pair in self.headers if pair[0] not in (b"content-type", b"content-length")]
        headers += [(b"content-type", _JSON), (b"content-length", str(len(data)).encode())]
        return WireAnswer(status, headers, data)

    def on_the_wire(self, keeps_alive: bool, has_body: bool = True) -> bytes:
        """Return it as HTTP/1.1, for a connection that goes on after it or not; HEAD wants no body."""
        parts = [_status_line(self.status)]
        for name, value in self.headers:
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if keeps_alive else b"connection: close\r\n\r\n")
        if has_body:
            parts.append(self.body)
        return b"".join(parts)


@lru_cache
def _status_line(status: int) -> bytes:
    known = {member.value: member.phrase for member in HTTPStatus}
    return f"HTTP/1.1 {status} {known.get(status, '')}\r\n".encode()


def error_answer(status: int, code: str, message: str) -> WireAnswer:
    """Make the JSON answer of an error."""
    body = json.dumps({"code": code, "message": message}).encode()
    headers = [(b"content-type", _JSON), (b"content-length", str(len(body)).encode())]
    return WireAnswer(status, headers, body)


Scope = MutableMapping[str, Any]
Environ = dict[str, Any]


def base_environ(multithread: bool, multiprocess: bool) -> Environ:
    """Return the part of the environment that is the same for all requests."""
    return {
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }


def make_environ(base: Environ, scope: Scope) -> Environ:
    """Return the environment of one request, all but its body; PEP 3333 has the rules.

    Text is decoded as Latin-1, the percent-decoded path included.
    """
    environ = base.copy()
    raw_path: bytes = scope["raw_path"]
    environ["REQUEST_METHOD"] = scope["method"]
    environ["PATH_INFO"] = unquote_to_bytes(raw_path).decode("latin-1") if b"%" in raw_path else scope["path"]
    environ["QUERY_STRING"] = scope["query_string"].decode("latin-1")
    environ["SERVER_PROTOCOL"] = "HTTP/" + scope["http_version"]
    host, port = scope["server"]
    environ["SERVER_NAME"] = host
    environ["SERVER_PORT"] = str(port)
    if scope["client"]:
        host, port = scope["client"]
        environ["REMOTE_ADDR"] = host
        environ["REMOTE_PORT"] = str(port)
    headers = tuple(scope["headers"])
    environ[WIRE] = Wire(headers)
    environ.update(variables_of(headers))
    return environ


WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class _Start:
    """The `start_response` of PEP 3333, which keeps what it is told until the body is complete."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exception: _ExceptionInfo | None = None
    ) -> Callable[[bytes], None]:
        if self.status and exception is None:
            raise AssertionError("start_response was called twice")
        self.status, self.headers = status, headers
        return self.written.append


def call_wsgi(application: WsgiApplication, environ: Environ) -> WireAnswer:
    """Return the application's answer; its exceptions pass through."""
    start = _Start()
    chunks = application(environ, start)
    try:
        body = b"".join([*chunks])
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    if start.written:
        body = b"".join(start.written) + body
    headers = [(_name_bytes(name), _header_bytes(value)) for name, value in start.headers]
    status = int(start.status[:3])
    if _lacks_length(environ, status, headers):
        headers.append((b"content-length", str(len(body)).encode()))
    return WireAnswer(status, headers, body)


@lru_cache
def _name_bytes(name: str) -> bytes:
    return _header_bytes(name.lower())


def _header_bytes(text: str) -> bytes:
    if "\n" in text or "\r" in text:
        raise ValueError("a header can't have more than one line")
    return text.encode("latin-1")


def _lacks_length(environ: Environ, status: int, headers: list[tuple[bytes, bytes]]) -> bool:
    if environ["REQUEST_METHOD"] == "HEAD" or status < 200 or status in (204, 304):
        return False
    return b"content-length" not in dict(headers)


Result = TypeVar("Result")


class Place(Protocol):
    """Where a request is answered. The work that does it raises nothing."""

    def begin(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Have work done, and have the event loop call `then` with its result."""

    async def done(self, work: Callable[[], Result]) -> Result:
        """Have work done, and return its result."""


class InLoop:
    """The event loop itself, which is fastest where nothing is to be waited for."""

    def begin(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Do work at once, and call `then` with its result."""
        then(work())

    async def done(self, work: Callable[[], Result]) -> Result:
        """Do work at once, and return its result."""
        return work()


class InThreads:
    """A pool of threads."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "request")
        self._done: deque[Callable[[], None]] = deque()
        self._is_told = False

    def begin(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Have a thread do work, and the loop call `then`, with what other threads have done by then.

        A task and a future for each would take a fifth of the processor time of a look-up.
        """
        self._pool.submit(self._do, asyncio.get_running_loop(), work, then)

    async def done(self, work: Callable[[], Result]) -> Result:
        """Have a thread do work, and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _do(
        self, loop: asyncio.AbstractEventLoop, work: Callable[[], Result], then: Callable[[Result], None]
    ) -> None:
        self._done.append(partial(then, work()))
        if not self._is_told:
            self._is_told = True
            loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        # Before the results are taken: whoever has one a moment later tells again.
        self._is_told = False
        while self._done:
            self._done.popleft()()


_OF_CONTRACTS: Final = "/v1/"
"""How the paths of all contracts begin."""


@dataclass(frozen=True)
class Places:
    """Where calls of the contracts are answered, and where all others, `at_once` in each."""

    of_contracts: Place
    of_others: Place
    at_once: int

    @property
    def are_threads(self) -> bool:
        """Whether any of them has threads beside the event loop."""
        return not isinstance(self.of_others, InLoop)

    def of(self, environ: Environ) -> Place:
        """Return the place where a request is answered."""
        return self.of_contracts if environ["PATH_INFO"].startswith(_OF_CONTRACTS) else self.of_others
