"""A network of any length before PostgreSQL: a proxy that delays and counts what it passes on."""

import asyncio
import multiprocessing
import selectors
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

START_SECONDS = 10.0


class _Delays:
    """How long what clients send is on its way, how much they have sent, and whether all is lost."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.messages = 0
        self.is_silent = False


class _ToServer(asyncio.Protocol):
    """The end at the database: answers go back as they come."""

    transport: asyncio.Transport

    def __init__(self, client: "_ToClient") -> None:
        self._client = client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._client.delays.is_silent:
            self._client.has_answer = True
            self._client.transport.write(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self._client.delays.is_silent:
            self._client.transport.close()


class _ToClient(asyncio.Protocol):
    """The client's end: what it sends after an answer counts as one message, in however many parts."""

    transport: asyncio.Transport

    def __init__(self, delays: _Delays, target: Path) -> None:
        self.delays = delays
        self.has_answer = True
        self._target = target
        self._server: asyncio.Task[_ToServer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> _ToServer:
        loop = asyncio.get_running_loop()
        _, server = await loop.create_unix_connection(lambda: _ToServer(self), str(self._target))
        return server

    def data_received(self, data: bytes) -> None:
        if self.delays.is_silent:
            return
        self.delays.messages += self.has_answer
        self.has_answer = False
        loop = asyncio.get_running_loop()
        loop.call_later(self.delays.seconds, self._pass_on, data)

    def connection_lost(self, _exc: Exception | None) -> None:
        asyncio.get_running_loop().call_later(self.delays.seconds, self._pass_on, None)

    def _pass_on(self, data: bytes | None) -> None:
        """Send data to the database, or hang up."""
        assert self._server is not None
        if not self._server.done():
            asyncio.get_running_loop().call_later(0.001, self._pass_on, data)
        elif self._server.exception() is not None:
            self.transport.close()
        elif data is None:
            self._server.result().transport.close()
        else:
            self._server.result().transport.write(data)


def _serve(pipe: Pipe, listener: socket.socket, target: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Of the selectors, this one alone waits for less than a millisecond.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    delays = _Delays()

    def obey() -> None:
        try:
            name, value = pipe.recv()
        except EOFError:
            loop.stop()
            return
        if name != "count":
            setattr(delays, name, value)
        pipe.send(delays.messages)

    loop.add_reader(pipe.fileno(), obey)
    loop.run_until_complete(loop.create_server(lambda: _ToClient(delays, target), sock=listener))
    loop.run_forever()


class Network:
    """The proxy's process, seen from the process that measures."""

    def __init__(self, pipe: Pipe, port: int, pid: int) -> None:
        self._pipe = pipe
        self.port = port
        self.pid = pid

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database behind it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def delay(self, seconds: float) -> None:
        """Have a message and its answer be on their way for so much longer."""
        self._order("seconds", seconds)

    def lose_all(self, is_silent: bool = True) -> None:
        """Lose whatever is sent from now on, in either direction, or let it pass again."""
        self._order("is_silent", is_silent)

    def messages(self) -> int:
        """Return how many messages clients have sent, each of which they had an answer to wait for."""
        return self._order("count", None)

    def _order(self, name: str, value: Any) -> int:
        self._pipe.send((name, value))
        messages: int = self._pipe.recv()
        return messages


@contextmanager
def network(socket_folder: Path) -> Iterator[Network]:
    """Run the proxy before the PostgreSQL whose socket is in a folder, until the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        target = socket_folder / ".s.PGSQL.5432"
        process = context.Process(target=_serve, args=(theirs, listener, target), daemon=True)
        process.start()
        port = listener.getsockname()[1]
    theirs.close()
    assert process.pid is not None
    try:
        yield Network(ours, port, process.pid)
    finally:
        ours.close()
        with suppress(OSError):
            process.join(timeout=2)
        if process.is_alive():
            process.kill()
            process.join()
