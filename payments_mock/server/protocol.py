"""HTTP on one connection, with bounds: on time, on size, and on how many connections there are."""

from asyncio import Transport
from functools import partial
from math import inf
from typing import Any, Final, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from payments_mock.server.exchange import EXCHANGE, AnswersOfATurn, Exchange
from payments_mock.server.shell import Begin, Shell
from payments_mock.server.wsgi import WireAnswer, error_answer

RECEIVE_SECONDS: Final = 15.0
KEEP_ALIVE_SECONDS: Final = 75
LINGER_SECONDS: Final = 1.0
REFUSALS_AT_ONCE: Final = 100
HEAD_LIMIT_BYTES: Final = 64 * 1024
DISCARD_LIMIT_BYTES: Final = 16 * 1024 * 1024

_malformed = error_answer(400, "INVALID_REQUEST", "This is not a well-formed HTTP request.")
_too_slow = error_answer(408, "REQUEST_TIMEOUT", "The request did not arrive in time.")
_too_large = error_answer(431, "INVALID_REQUEST", "The head of the request is too large.")
_too_many = error_answer(503, "TOO_MANY_CONNECTIONS", "Too many connections are open; close some.")


class HeadTooLargeError(ValueError):
    """The head of a request is larger than HEAD_LIMIT_BYTES."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """A connection with limits, so that no client can hold it forever or fill the memory.

    A request must arrive within RECEIVE_SECONDS, and the next one begin within KEEP_ALIVE_SECONDS; whoever
    runs the server calls `close_if_overdue` every now and then. A malformed request is answered in JSON, like
    every error.

    A request that came in whole is answered by `shell` on the spot where it can be: a task for each would
    cost a tenth of the answer.
    """

    def __init__(
        self, *arguments: Any, shell: Shell, answers: AnswersOfATurn, max_connections: int, **keywords: Any
    ) -> None:
        super().__init__(*arguments, **keywords)
        self._shell = shell
        self._answers = answers
        self._max_connections = max_connections
        self._is_parsing = False
        self._begun: RequestResponseCycle | None = None
        self._deadline = inf
        self._message_bytes = 0
        self._in_head = False
        self._in_body = False
        self._ignores_input = False
        self._has_ended = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take a connection, or turn it away when there are too many."""
        super().connection_made(transport)
        self._deadline = self.loop.time() + RECEIVE_SECONDS
        surplus = len(self.connections) - self._max_connections
        if surplus > REFUSALS_AT_ONCE:
            transport.abort()
        elif surplus > 0:
            self._refuse(_too_many)

    def data_received(self, data: bytes) -> None:
        """Take bytes off the wire."""
        if self._ignores_input:
            return
        self._message_bytes += len(data)
        self._is_parsing = True
        rest: bytes | None = data
        while rest is not None and not self._ignores_input:
            rest = self._parse(rest)
        self._is_parsing = False
        self._answer_what_has_begun()

    def _parse(self, data: bytes) -> bytes | None:
        """Parse bytes; returns the bytes to parse next, if any."""
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as offer:
            return self._decline(data[offer.args[0] :])
        except HttpParserError as error:
            self._refuse(_too_large if isinstance(error.__context__, HeadTooLargeError) else _malformed)
        else:
            if self._message_bytes > (DISCARD_LIMIT_BYTES if self._in_body else HEAD_LIMIT_BYTES):
                self._refuse(_too_large)
        return None

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection for the answer when the client has only ended its own side of it."""
        self._answers.leave()
        if not self._is_answering():
            return False
        self._has_ended = True
        self._close_after_answer()
        self.cycle.message_event.set()
        # TLS ends both sides at once.
        return bool(self.scheme == "http")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head = True
        self._deadline = self.loop.time() + RECEIVE_SECONDS

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer after the body is dropped, as the request was judged without it."""
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End the head of a request, and have it answered."""
        if self.parser.should_upgrade():
            return
        self._check_head()
        super().on_headers_complete()
        cast(dict[str, Any], self.scope)[EXCHANGE] = Exchange(
            self.cycle, self._answers, lambda: self._has_ended
        )
        self._in_head = False
        self._in_body = True
        self._message_bytes = 0

    def on_message_complete(self) -> None:
        """End a request."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._in_body = False
        self._message_bytes = 0
        self._deadline = inf

    def on_response_complete(self) -> None:
        """End an answer, and begin the next one if its request has arrived."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not (self._in_head or self._message_bytes):
            self._deadline = self.loop.time() + KEEP_ALIVE_SECONDS

    def close_if_overdue(self) -> None:
        """Close the connection if its time is up; a client that has begun a request is told so."""
        if self._deadline > self.loop.time() or self.pipeline:
            return
        if self._ignores_input or not (self._in_head or self._in_body or self._message_bytes):
            self.transport.close()
        else:
            self._refuse(_too_slow)

    def shutdown(self) -> None:
        """Close the connection once complete requests are answered."""
        self._answers.leave()
        if self._ignores_input and not self._is_answering():
            self.transport.close()
        else:
            super().shutdown()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Have a request answered, which waits until what was received with its head is read, too."""
        if self._is_parsing:
            self._begun = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def _answer_what_has_begun(self) -> None:
        cycle, self._begun = self._begun, None
        if cycle is None:
            return
        is_whole = not cycle.more_body and not cycle.waiting_for_100_continue and not self.flow.write_paused
        begin = cast(Begin, partial(super()._start_asgi_task, cycle))
        if is_whole:
            self._shell.answer_at_once(cast(dict[str, Any], cycle.scope), bytes(cycle.body), begin)
        else:
            begin(self._shell)

    def _decline(self, rest: bytes) -> bytes | None:
        """Return a request as if it did not offer another protocol; `rest` is what came after its head.

        The parser stops at the head of such a request and would skip its body. Java's own client offers
        HTTP/2 in this way with every first request.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(_malformed)
            return None
        head = [b"%s %s HTTP/1.1" % (method, self.url)]
        head += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        return b"\r\n".join(head) + b"\r\n\r\n" + rest

    def _check_head(self) -> None:
        """Check the head that is complete: its size, as one read may bring several, and its Host.

        HTTP/1.1 wants the Host once, and HTTP/1.0 at the most once. The parser turns an exception into an
        error of its own, and the request counts as malformed.
        """
        hosts, size = 0, len(self.url)
        for name, value in self.headers:
            hosts += name == b"host"
            size += len(name) + len(value) + 4
        if hosts != 1 and (hosts > 1 or self.parser.get_http_version() == "1.1"):
            raise ValueError("HTTP/1.1 wants one Host")
        if size > HEAD_LIMIT_BYTES:
            raise HeadTooLargeError

    def _is_answering(self) -> bool:
        """Tell whether a request that came in whole still waits for its answer."""
        return bool(self.pipeline) or (
            self.cycle is not None and not self.cycle.response_complete and not self._in_body
        )

    def _close_after_answer(self) -> None:
        self._ignores_input = True
        self.cycle.keep_alive = False

    def _refuse(self, answer: WireAnswer) -> None:
        """Answer in the application's place and close, once requests before this one have their answers.

        The client may still be sending, so its bytes are dropped for LINGER_SECONDS: closing over them would
        reset the connection, and take the answer with it.
        """
        if self._is_answering():
            self._close_after_answer()
            return
        self._ignores_input = True
        self._answers.leave()
        if self._in_body and self.cycle.response_started:
            self.transport.close()
            return
        if self._in_body:
            self.cycle.disconnected = True
            # No later read of the body may send 100 Continue: no answer comes after this.
            self.cycle.waiting_for_100_continue = False
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(answer.on_the_wire(keeps_alive=False))
        self.transport.write_eof()
        self._deadline = self.loop.time() + LINGER_SECONDS
