"""The ways in: proxies for programs that heed one, and TLS fronts for connections that were led here."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from payments_mock.intercept import HOSTS
from payments_mock.intercept.others import OtherHosts, Way, connected
from payments_mock.intercept.tunnel import End, NoRequestError

LOOPBACK: Final = "127.0.0.1"
STOP_SECONDS: Final = 1.0
_OF_PROXIES: Final = (b"proxy-connection:", b"proxy-authorization:")
"""Headers of a request that are meant for a proxy."""
_REASONS: Final = {400: "Bad Request", 403: "Forbidden", 502: "Bad Gateway"}


@dataclass
class Door:
    """One way in, and what came by it; there is one for each variable, so that it is known who heeds which.

    `connections` are those for our hosts, `refused` those whose client did not trust the certificate, and
    `silent` those that ended without a word. `away` counts the answers 502.
    """

    name: str
    is_proxy: bool
    port: int = 0
    connections: int = 0
    refused: int = 0
    silent: int = 0
    away: int = 0
    others: int = 0

    @property
    def answered(self) -> int:
        """How many connections reached the mock and sent something."""
        return self.connections - self.refused - self.silent - self.away


class Gateway:
    """Listens on the loopback address for as long as it is entered, on a thread of its own.

    What comes for one of our hosts goes to the mock at `provider_url`, or is answered 502 when that is away.
    Proxies lead other hosts on as `environment` says, or refuse them with `deny_others`.
    """

    def __init__(
        self,
        doors: Sequence[Door],
        context: ssl.SSLContext,
        provider_url: str,
        environment: Mapping[str, str],
        *,
        deny_others: bool = False,
    ) -> None:
        self._doors = doors
        self._context = context
        self._provider = urlsplit(provider_url)
        self._others = OtherHosts(environment)
        self._deny_others = deny_others
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: set[End] = set()
        self._thread = threading.Thread(target=self._run, name="payments-mock intercept", daemon=True)

    def __enter__(self) -> "Gateway":
        self._thread.start()
        self._call(self._open()).result()
        return self

    def __exit__(self, *_error: object) -> None:
        self._call(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def settle(self) -> None:
        """Wait, a moment at the most, until it is known of each connection that came what became of it.

        A client that refuses our certificate is gone before its last word is read.
        """
        self._call(self._settle()).result()

    async def _settle(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)

    def _call(self, work: Coroutine[Any, Any, None]) -> "Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _open(self) -> None:
        self._servers = [await self._listen(door) for door in self._doors]

    async def _listen(self, door: Door) -> asyncio.Server:
        listener = socket.create_server((LOOPBACK, door.port))
        door.port = listener.getsockname()[1]
        serve = self._serve_proxy if door.is_proxy else self._serve_front

        def arrived(end: End) -> None:
            if not door.is_proxy:
                # The client speaks TLS from its first byte on.
                end.transport.pause_reading()
            self._ends.add(end)
            task = self._loop.create_task(serve(end, door))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._ends = {each for each in self._ends if not each.is_gone}

        return await self._loop.create_server(lambda: End(arrived), sock=listener, backlog=512)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in self._ends:
            end.finish(was_reset=True)
        # A connection is gone one turn of the loop, or two, after it was ended.
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                while not all(end.is_wholly_gone for end in self._ends):
                    await asyncio.sleep(0.01)

    async def _serve_front(self, end: End, door: Door) -> None:
        """Take a connection that some hook led here: TLS begins with the first byte."""
        door.connections += 1
        try:
            await end.start_tls(self._context)
        except ssl.SSLError:
            door.refused += 1
            return
        except OSError:
            door.silent += 1
            return
        await end.wait_for_words()
        if not end.has_spoken:
            door.silent += 1
            end.finish()
            return
        await self._pass_to_mock(end, door)

    async def _pass_to_mock(self, end: End, door: Door) -> None:
        provider = self._provider
        context = ssl.create_default_context() if provider.scheme == "https" else None
        port = provider.port or (443 if context else 80)
        try:
            mock = await connected(provider.hostname or "", port, context)
        except OSError:
            door.away += 1
            away = f"payments-mock is away: nothing answers at {provider.geturl()}"
            await end.say_farewell(_answer(502, "PROVIDER_AWAY", away))
            return
        end.join(mock)

    async def _serve_proxy(self, end: End, door: Door) -> None:
        try:
            head = await end.head()
        except NoRequestError:
            end.finish()
            return
        words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        try:
            target = urlsplit(f"//{words[1]}" if words[0] == "CONNECT" else words[1])
            is_right = bool(target.hostname) and (target.port or 1) > 0 and len(words) == 3
        except (IndexError, ValueError):
            is_right = False
        if not is_right:
            await end.say_farewell(_answer(400, "NOT_FOR_A_PROXY", "this is a proxy; name a whole address"))
        elif _is_ours(target):
            await self._lead_in(end, door, head if words[0] != "CONNECT" else None, target)
        else:
            door.others += 1
            await self._lead_on(end, head if words[0] != "CONNECT" else None, target)

    async def _lead_in(self, end: End, door: Door, head: bytes | None, target: SplitResult) -> None:
        """Serve a client that names one of our hosts; some send a request for https without a tunnel."""
        if head is None:
            end.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await self._serve_front(end, door)
        else:
            door.connections += 1
            end.put_back(_for_origin(head, target))
            await self._pass_to_mock(end, door)

    async def _lead_on(self, end: End, head: bytes | None, target: SplitResult) -> None:
        """Serve a client that names another host."""
        host = target.hostname or ""
        if self._deny_others:
            denied = f"{host} is none of {', '.join(HOSTS)}, and --deny-others refuses all others"
            await end.say_farewell(_answer(403, "HOST_DENIED", denied))
            return
        try:
            if head is None:
                way = Way(await self._others.tunnel(host, target.port or 443))
                end.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            elif target.scheme == "https":
                way = Way(await connected(host, target.port or 443, ssl.create_default_context()))
                end.put_back(_for_origin(head, target))
            else:
                way = await self._others.plain(host, target.port or 80)
                end.put_back(_for_proxy(head, way.login) if way.leads_to_proxy else _for_origin(head, target))
        except OSError as error:
            reason = f"{host} can't be reached: {error.strerror or error}"
            await end.say_farewell(_answer(502, "HOST_AWAY", reason))
            return
        end.join(way.end)


def _is_ours(target: SplitResult) -> bool:
    return (target.hostname or "").rstrip(".") in HOSTS


def _for_origin(head: bytes, target: SplitResult) -> bytes:
    """Return the head of a request to a proxy as the host itself gets it."""
    line, _, headers = head.partition(b"\r\n")
    method, _, version = line.split(b" ")
    path = target._replace(scheme="", netloc="", path=target.path or "/").geturl().encode("latin-1")
    return b" ".join((method, path, version)) + b"\r\n" + _for_one_request(headers)


def _for_proxy(head: bytes, login: str) -> bytes:
    line, _, headers = head.partition(b"\r\n")
    return line + b"\r\n" + login.encode() + _for_one_request(headers)


def _for_one_request(headers: bytes) -> bytes:
    """Return the headers of a request with whose answer the connection ends: the next may be for another.

    One that is to become something else, such as a WebSocket, stays.
    """
    lines = [line for line in headers.split(b"\r\n") if line and not line.lower().startswith(_OF_PROXIES)]
    if not any(line.lower().startswith(b"upgrade:") for line in lines):
        lines = [line for line in lines if not line.lower().startswith(b"connection:")]
        lines.append(b"Connection: close")
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def _answer(status: int, code: str, message: str) -> bytes:
    body = json.dumps({"code": code, "message": message}).encode()
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
