"""One call of a WSGI application, from its environment to a complete answer."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from payments_mock.server.answer import Answer
from payments_mock.server.environ import Environ

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


def call_wsgi(application: WsgiApplication, environ: Environ) -> Answer:
    """Return what the application answers; what it raises is raised."""
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
    headers = [(_header_bytes(name.lower()), _header_bytes(value)) for name, value in start.headers]
    status = int(start.status[:3])
    if _lacks_length(environ, status, headers):
        headers.append((b"content-length", str(len(body)).encode()))
    return Answer(status, headers, body)


def _header_bytes(text: str) -> bytes:
    if "\n" in text or "\r" in text:
        raise ValueError("a header can't have more than one line")
    return text.encode("latin-1")


def _lacks_length(environ: Environ, status: int, headers: list[tuple[bytes, bytes]]) -> bool:
    if environ["REQUEST_METHOD"] == "HEAD" or status < 200 or status in (204, 304):
        return False
    return all(name != b"content-length" for name, _ in headers)
