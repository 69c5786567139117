"""Serve a kiosk by waitress on a real port, and stop it cleanly."""

import json
import logging
import socket
import threading
from http import HTTPStatus

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from payments_mock.kiosk.tables import db
from payments_mock.kiosk.web.api import code_of

THREADS = 64
"""How many requests are answered at once; each may have to wait for the provider."""

MOST_CONNECTIONS = 1000
IDLE_SECONDS = 30
DRAIN_SECONDS = 1.5
LARGEST_READ = 1024 * 1024
"""A body that is too large for the kiosk, but not larger than this, is refused by the kiosk itself."""


class PortTakenError(OSError):
    """The kiosk cannot listen where it was told to."""


class _JsonErrorTask(ErrorTask):
    """Answers a request that is not HTTP with an error of the kiosk's shape."""

    def execute(self) -> None:
        error = self.request.error
        # What is not HTTP may have no path, and waitress logs one when the client leaves before the answer.
        self.request.path = getattr(self.request, "path", "")
        # An unknown transfer coding is the sender's mistake, not the kiosk's.
        is_unknown = error.code == HTTPStatus.NOT_IMPLEMENTED
        status = HTTPStatus.BAD_REQUEST if is_unknown else HTTPStatus(error.code)
        body = json.dumps({"code": code_of(status), "message": f"{status.phrase}: {error.body}."}).encode()
        self.version = "1.1"
        self.status = f"{status.value} {status.phrase}"
        self.response_headers = [("Content-Type", "application/json")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    error_task_class = _JsonErrorTask


class _Server(TcpWSGIServer):
    channel_class = _Channel


class KioskServer:
    """A kiosk that listens from its construction on and answers between `start` and `stop`.

    Raises:
        PortTakenError: on construction, if the address can't be had.
    """

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._app = app
        self._listener = _listen(host, port)
        self._sockets: dict[int, wasyncore.dispatcher] = {}
        self._server = _Server(
            app,
            self._sockets,
            _sock=self._listener,
            adj=_adjustments(),
            sockinfo=(self._listener.family, socket.SOCK_STREAM, None, None),
            bind_socket=False,
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Begin to answer, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, let those under way be answered for a moment, close the database.

        One that still waits for the provider after that is cut off; its order stays unresolved, and a
        look-up settles it.
        """
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join()
        self._listener.close()
        self._server.task_dispatcher.shutdown(timeout=DRAIN_SECONDS)
        if self._server.task_dispatcher.threads:
            logging.getLogger(__name__).warning("stopped with requests still waiting for the provider")
        self._hang_up()
        with self._app.app_context():
            db.engine.dispose()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=IDLE_SECONDS, use_poll=True, map=self._sockets, count=1)

    def _hang_up(self) -> None:
        # What was not sent yet, such as an open picture, is closed with its channel.
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


def _adjustments() -> Adjustments:
    return Adjustments(
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=LARGEST_READ,
        log_socket_errors=False,
        ident="",
    )


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listener
