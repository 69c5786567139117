"""The process that serves: its socket, its signals, and how it stops."""

import asyncio
import errno
import functools
import resource
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, cast

import uvicorn
from flask import Flask

from payments_mock.server.exchange import AnswersOfATurn
from payments_mock.server.protocol import KEEP_ALIVE_SECONDS, BoundedHttpProtocol
from payments_mock.server.shell import Shell
from payments_mock.server.wsgi import InLoop, InThreads, Places
from payments_mock.settings import Settings, SettingsError
from payments_mock.storage.engine.database import EXTENSION, MOST_KEPT_OF_POSTGRESQL, Database
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.webhooks import delivering

if TYPE_CHECKING:
    from payments_mock.http.dispatcher import Dispatcher


BACKLOG: Final = 2048
_DESCRIPTORS_BESIDE_CONNECTIONS: Final = 256


def bind(host: str, port: int, option: str = "--port") -> socket.socket:
    """Return a socket bound to that address; port 0 takes a free one. `option` is where the port was said.

    Raises:
        SettingsError: the address is taken, or is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"host: {host} is not an address of this machine") from error
    listener = socket.socket(family, kind, protocol)
    # Lets a restarted server take its port back at once; unlike SO_REUSEPORT it never lets two share one.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise SettingsError(_why_not(host, port, option, error)) from error
    return listener


def _why_not(host: str, port: int, option: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; stop what listens there, or choose another with {option}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; choose one above 1023 with {option}"
    return f"host: {host} is not an address of this machine"


def base_url(listener: socket.socket) -> str:
    """Return the URL under which this machine reaches the listener, which may listen on all addresses."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def allow_descriptors(max_connections: int) -> None:
    """Raise this process's limit of open files, as far as it may, to hold that many connections."""
    wanted = max_connections + _DESCRIPTORS_BESIDE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


_DISPATCHER: Final = "payments_mock"
"""The key of the dispatcher in our applications; a server can run others, too."""

STOP_SECONDS: Final = 2.3
"""After this time a stopping process ends, whatever still runs; the docs promise three seconds."""
ANSWER_SECONDS: Final = 2
"""How long requests in flight may still take when the process is told to stop."""


@dataclass(frozen=True)
class Secure:
    """A listener for HTTPS, how to speak TLS there, and the file of our authority, where it is ours."""

    listener: socket.socket
    context: ssl.SSLContext
    authority: Path | None = None


class Server(uvicorn.Server):
    """uvicorn's server, with the bounds of our connections and our way to stop.

    `announce` is called once the server listens. `leave` must end the process at once: it is called on the
    second Ctrl-C, and when a stop takes longer than STOP_SECONDS. With `obeys_interrupt` false, Ctrl-C is
    left to the parent process. `secure` is a second listener.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        shell: Shell,
        announce: Callable[[], None],
        leave: Callable[[], None],
        obeys_interrupt: bool,
        secure: Secure | None = None,
    ) -> None:
        super().__init__(config)
        self._secure = secure
        self._shell = shell
        config.callback_notify = self._close_overdue_connections
        config.timeout_notify = 1
        self._announce = announce
        self._leave = leave
        self._obeys_interrupt = obeys_interrupt

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and call `announce`."""
        await super().startup(sockets)
        if self._secure is not None:
            loop, listener, context = asyncio.get_running_loop(), self._secure.listener, self._secure.context
            more = await loop.create_server(self._protocol, sock=listener, ssl=context, backlog=BACKLOG)
            self.servers.append(more)
        self._announce()

    def _protocol(self) -> asyncio.Protocol:
        make = cast(Callable[..., asyncio.Protocol], self.config.http_protocol_class)
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop as soon as requests in flight are answered; at a second Ctrl-C, now."""
        if sig == signal.SIGINT and not self._obeys_interrupt:
            return
        if not self.should_exit:
            self.should_exit = True
            patience = threading.Timer(STOP_SECONDS, self._leave)
            patience.daemon = True
            patience.start()
        elif sig == signal.SIGINT:
            self._leave()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let requests in flight be answered; those that only watch are not waited for."""
        self._shell.end_watching()
        await super().shutdown(sockets)
        self._shell.stop_answering()

    async def _close_overdue_connections(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, BoundedHttpProtocol):
                connection.close_if_overdue()


AT_ONCE_ON_POSTGRESQL: Final = MOST_KEPT_OF_POSTGRESQL // 2
"""So that each call has a connection, and the journal, the webhooks and other threads do, too."""


def places_of(settings: Settings) -> Places:
    """Return where a process answers.

    On SQLite more than one thread would only wait for each other. On PostgreSQL calls of the contracts wait
    for it without a thread each; others have threads, as they may wait for something else.
    """
    if not _may_have_replicas(settings):
        threads = settings.threads or 1
        place = InLoop() if threads == 1 else InThreads(threads)
        return Places(place, place, threads)
    # Imported late, as only PostgreSQL needs it.
    from payments_mock.storage.engine.waiting import Errands

    at_once = settings.threads or AT_ONCE_ON_POSTGRESQL
    return Places(Errands(at_once), InThreads(at_once), at_once)


def make_server(
    app: Flask,
    settings: Settings,
    announce: Callable[[], None],
    leave: Callable[[], None],
    obeys_interrupt: bool = True,
    secure: Secure | None = None,
) -> Server:
    """Return a server that answers with `app`, ready to be run on a listener."""
    allow_descriptors(settings.max_connections)
    database: Database | None = app.extensions.get(EXTENSION)
    if database is not None:
        database.keep_connections()
    shell = Shell(app, places_of(settings), settings.workers > 1 or _may_have_replicas(settings))
    protocol = functools.partial(
        BoundedHttpProtocol,
        shell=shell,
        answers=AnswersOfATurn(),
        max_connections=settings.max_connections,
    )
    config = uvicorn.Config(
        shell,
        http=cast(type[asyncio.Protocol], protocol),
        loop="auto",
        interface="asgi3",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=ANSWER_SECONDS,
    )
    return Server(config, shell, announce, leave, obeys_interrupt, secure)


def close(app: Flask) -> None:
    """Write the journal's waiting entries, and close the database."""
    dispatcher: Dispatcher | None = app.extensions.get(_DISPATCHER)
    if dispatcher is not None:
        dispatcher.journal.write_or_lose()
    database: Database | None = app.extensions.get(EXTENSION)
    if database is not None:
        database.close()


def _may_have_replicas(settings: Settings) -> bool:
    """Tell whether other servers may share the database, so that their answers must be waited for."""
    return bool(settings.sqlalchemy_url) and not str(settings.sqlalchemy_url).startswith(SQLITE)


def run(
    app: Flask,
    listener: socket.socket,
    settings: Settings,
    announce: Callable[[], None],
    leave: Callable[[], None],
    obeys_interrupt: bool = True,
    secure: Secure | None = None,
) -> None:
    """Answer requests that come to `listener`, and to `secure`, with `app`, until a signal says stop."""
    with delivering(app, base_url(listener)):
        make_server(app, settings, announce, leave, obeys_interrupt, secure).run([listener])
    close(app)
