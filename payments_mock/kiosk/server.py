"""Run a kiosk on a real port, and stop it cleanly."""

import json
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from types import FrameType

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from payments_mock.kiosk.app import create_kiosk
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.tables import db

BACKLOG = 256
POLL_SECONDS = 0.1
DRAIN_SECONDS = 1.5
IDLE_SECONDS = 30


class PortTakenError(OSError):
    """The kiosk cannot listen where it was told to."""


class _InFlight:
    """Counts the requests being answered, so that a stop can wait for them."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_for_none(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


def _handler(in_flight: _InFlight) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        """Counts requests, keeps quiet about each, and answers unreadable ones in JSON too."""

        timeout = IDLE_SECONDS
        protocol_version = "HTTP/1.1"

        def run_wsgi(self) -> None:
            with in_flight.one_more():
                super().run_wsgi()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Leave the log to what matters: outcomes that are unknown, and failures."""

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            status = HTTPStatus(code)
            body = json.dumps({"code": status.name, "message": f"{message or status.phrase}."}).encode()
            self.close_connection = True
            self.request_version = self.protocol_version
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

    return Handler


class KioskServer:
    """A kiosk that listens from its construction on and answers between ``start`` and ``stop``.

    Raises ``PortTakenError`` on construction when the address is not to be had.
    """

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._app = app
        self._in_flight = _InFlight()
        with _listen(host, port) as listener:
            handler = _handler(self._in_flight)
            self._server = make_server(
                host, port, app, threaded=True, request_handler=handler, fd=listener.fileno()
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.port}"

    def start(self) -> None:
        """Begin to answer, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, let those under way be answered for a moment, close the database.

        One that still waits for the provider after that is cut off; its order stays unresolved, and a
        look-up settles it.
        """
        self._server.shutdown()
        self._thread.join()
        if not self._in_flight.wait_for_none(DRAIN_SECONDS):
            logging.getLogger(__name__).warning("stopped with requests still waiting for the provider")
            return
        with self._app.app_context():
            db.engine.dispose()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTakenError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listener


def serve_kiosk(settings: KioskSettings, announce: Callable[[str], None] = lambda url: None) -> None:
    """Run a kiosk until SIGTERM or Ctrl-C; ``announce`` is told its base URL once it answers.

    Must be called in the main thread. Raises ``PortTakenError`` and ``SettingError``.
    """
    server = KioskServer(create_kiosk(settings), settings.host, settings.port)
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.start()
    announce(server.url)
    stopping.wait()
    server.stop()
