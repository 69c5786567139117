"""The shell around the Flask application: it reads a request, calls Flask, and sends the answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from typing import Any, Final, cast

from flask import Flask

from payments_mock.api.wire import LONGEST_HOLD_SECONDS, WIRE, Pause, Wire
from payments_mock.http.access_log import write_lines
from payments_mock.server.exchange import EXCHANGE, ClientGoneError, Exchange, Receive, discard, read_up_to
from payments_mock.server.wsgi import (
    Environ,
    Places,
    Scope,
    WireAnswer,
    base_environ,
    call_wsgi,
    error_answer,
    make_environ,
)

AsgiApplication = Callable[[Scope, Receive, Any], Awaitable[None]]
Begin = Callable[[AsgiApplication], None]
"""Begins a task that answers a request."""

DEFAULT_BODY_LIMIT_BYTES: Final = 64 * 1024

_log = logging.getLogger(__name__)
_failure = error_answer(500, "INTERNAL_ERROR", "The server failed to answer this request.")
_stopping = error_answer(503, "STOPPING", "The server stopped before this request was answered.")


class Shell:
    """An ASGI application that asks a Flask application, and answers through the request's exchange.

    Flask runs in one of `places`. The body limit is the application's MAX_CONTENT_LENGTH: a longer body is
    not kept, Flask is asked all the same since it is Flask that answers 413, and the connection is closed.
    """

    def __init__(self, app: Flask, places: Places, multiprocess: bool = False) -> None:
        self._application = app.wsgi_app
        self._body_limit = app.config["MAX_CONTENT_LENGTH"] or DEFAULT_BODY_LIMIT_BYTES
        self._base = base_environ(places.are_threads, multiprocess)
        self._places = places
        self._turns = asyncio.Semaphore(max(1, places.at_once // 2) if places.are_threads else 2)
        self._asked: set[Exchange] = set()
        self._watching: set[asyncio.Task[Any]] = set()
        self._is_stopping = False

    def end_watching(self) -> None:
        """End the waits of those who only watch, now and from now on, as the server stops.

        Calls that a fault delays or holds still have the time that a stop leaves them.
        """
        self._is_stopping = True
        for task in list(self._watching):
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, _send: object) -> None:
        """Answer one request."""
        environ = make_environ(self._base, scope)
        try:
            is_whole = await self._read_body(environ, receive)
            answer = await self._ask(environ)
        except ClientGoneError:
            return
        except asyncio.CancelledError:
            answer, is_whole = _stopping, True
            environ[WIRE].forget()
        await self._finish(environ, scope[EXCHANGE], receive, answer, is_whole)

    def answer_at_once(self, scope: Scope, body: bytes, begin: Begin) -> None:
        """Answer a request whose whole body is there, and `begin` a task where something is to be awaited.

        Where Flask does not run in the event loop alone, this returns before the answer is there.
        """
        environ = make_environ(self._base, scope)
        if len(body) > self._body_limit or "HTTP_TRANSFER_ENCODING" in environ:
            begin(self)
            return
        environ["wsgi.input"], environ[WIRE].body = BytesIO(body), body
        exchange: Exchange = scope[EXCHANGE]
        self._asked.add(exchange)
        self._places.of(environ).begin(
            partial(self._call, environ), partial(self._send_if_asked, environ, exchange, begin)
        )

    def _send_if_asked(self, environ: Environ, exchange: Exchange, begin: Begin, answer: WireAnswer) -> None:
        if exchange in self._asked:
            self._asked.remove(exchange)
            self._send_at_once(environ, exchange, begin, answer)

    def _send_at_once(self, environ: Environ, exchange: Exchange, begin: Begin, answer: WireAnswer) -> None:
        wire: Wire = environ[WIRE]
        if wire.leaves_at_once():
            exchange.send_soon(answer, wire.line)
            exchange.end()
            if wire.after is not None:
                exchange.leave()
                wire.answer_has_left()
            return
        write_lines(wire.line)

        async def finish(_scope: Scope, receive: Receive, _send: object) -> None:
            await self._finish(environ, exchange, receive, answer, is_whole=True)

        begin(finish)

    def stop_answering(self) -> None:
        """Tell those whose calls have not ended by now that the server stops."""
        while self._asked:
            exchange = self._asked.pop()
            exchange.send_soon(_stopping)
            exchange.end()
            exchange.leave()

    async def _finish(
        self, environ: Environ, exchange: Exchange, receive: Receive, answer: WireAnswer, is_whole: bool
    ) -> None:
        """Send the answer to the client, after what must come before it."""
        try:
            await self._send(environ, exchange, receive, answer, is_whole)
        finally:
            environ[WIRE].answer_has_left()

    async def _send(
        self, environ: Environ, exchange: Exchange, receive: Receive, answer: WireAnswer, is_whole: bool
    ) -> None:
        wire: Wire = environ[WIRE]
        try:
            answer = await self._go_on_until_answered(environ, exchange, answer)
            await wait_before_answer(wire)
        except ClientGoneError:
            return
        except asyncio.CancelledError:
            answer, is_whole = _stopping, True
            wire.forget()
        if wire.damage is not None:
            # The webhooks after the answer leave even if sending it fails.
            wire.answer_has_left()
            try:
                await exchange.send_spoilt(answer, wire.damage)
            except asyncio.CancelledError:
                # The server stops before the answer was due.
                exchange.abandon()
        elif is_whole:
            await exchange.send(answer)
        else:
            exchange.close_at_end()
            await exchange.send(answer)
            await discard(receive)
        exchange.end()

    async def _read_body(self, environ: Environ, receive: Receive) -> bool:
        """Put the body into the environment, if it is not too long; return whether it was read to its end.

        A chunked body is given the length that it has, or, when that is above the limit, just above: Flask
        judges a body by its length alone.
        """
        body: bytes | None = b""
        if "HTTP_TRANSFER_ENCODING" in environ:
            del environ["HTTP_TRANSFER_ENCODING"]
            body = await read_up_to(self._body_limit, receive)
            environ["CONTENT_LENGTH"] = str(self._body_limit + 1 if body is None else len(body))
        elif int(environ.get("CONTENT_LENGTH", 0)) > self._body_limit:
            body = None
        elif "CONTENT_LENGTH" in environ:
            body = await read_up_to(self._body_limit, receive)
        environ["wsgi.input"] = BytesIO(body or b"")
        environ[WIRE].body = body
        return body is not None

    async def _go_on_until_answered(
        self, environ: Environ, exchange: Exchange, answer: WireAnswer
    ) -> WireAnswer:
        """Wait where the application has paused the call, and let it go on; returns the answer in the end.

        A pause is taken out first: whatever becomes of the call then, it is not held by the same pause again.
        """
        wire: Wire = environ[WIRE]
        while (pause := wire.pause) is not None:
            if not await self._wait(exchange, pause):
                raise ClientGoneError
            wire.pause, wire.resumed = None, pause
            answer = await self._ask_again(environ, only_watches=pause.go_on is None)
        return answer

    async def _wait(self, exchange: Exchange, pause: Pause) -> bool:
        """Wait as a pause says; returns whether the client stayed.

        Raises:
            asyncio.CancelledError: the server stops, and the call only watches.
        """
        if pause.go_on is not None:
            return await exchange.wait_as(pause)
        if self._is_stopping:
            raise asyncio.CancelledError
        task = cast(asyncio.Task[Any], asyncio.current_task())
        self._watching.add(task)
        try:
            return await exchange.wait_as(pause)
        finally:
            self._watching.discard(task)

    async def _ask_again(self, environ: Environ, only_watches: bool) -> WireAnswer:
        """Call Flask again, in turns, so that others are answered while hundreds wake at once.

        Calls that only watch take at most half of the threads, never the last; or two a turn of the loop.
        """
        if self._places.are_threads and not only_watches:
            return await self._ask(environ)
        async with self._turns:
            await asyncio.sleep(0)
            return await self._ask(environ)

    async def _ask(self, environ: Environ) -> WireAnswer:
        return await self._places.of(environ).done(partial(self._call_and_log, environ))

    def _call_and_log(self, environ: Environ) -> WireAnswer:
        answer = self._call(environ)
        write_lines(environ[WIRE].line)
        return answer

    def _call(self, environ: Environ) -> WireAnswer:
        try:
            return call_wsgi(self._application, environ)
        except Exception:
            _log.exception("%s %r failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return _failure


async def wait_before_answer(wire: Wire) -> None:
    """Wait for what the application says comes before the answer; other requests go on."""
    parts = [asyncio.wrap_future(part) for part in wire.before]
    if parts:
        await asyncio.wait(parts, timeout=LONGEST_HOLD_SECONDS)
