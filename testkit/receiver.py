"""A merchant's server that takes webhooks, or refuses them as the test says."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Received:
    """One request as it came; header names in lower case."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def status(self) -> str:
        """The payment's status, as either kind of event tells it."""
        return str(self.body["data"]["status"] if "data" in self.body else self.body["status"])

    @property
    def retried(self) -> int:
        return int(self.headers["tosspayments-webhook-transmission-retried-count"])

    @property
    def id(self) -> str:
        return self.headers["tosspayments-webhook-transmission-id"]


class _Server(ThreadingHTTPServer):
    # All threads of all workers of a provider may deliver at once; the usual 5 would reset some of them.
    request_queue_size = 128
    daemon_threads = True


class Receiver:
    """Keeps what it receives; answers the `statuses` in turn, the last of them for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses) or [200]
        self.received: list[Received] = []
        self.answer_body = b"OK"
        self.headers: dict[str, str] = {}
        self.before_answer: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/webhooks"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, count: int) -> Sequence[Received]:
        """Wait until this many requests have come, and return them all."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} webhooks came"
            time.sleep(0.01)
        return list(self.received)

    def _take(self, received: Received) -> int:
        with self._lock:
            self.received.append(received)
            return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = receiver._take(Received(self.path, headers, raw, time.monotonic()))
                receiver.before_answer()
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.answer_body)))
                self.end_headers()
                self.wfile.write(receiver.answer_body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def assert_signed(received: Received, security_key: str) -> None:
    """Check that one of a webhook's signatures is right, as the provider's guide says to."""
    sent_at = received.headers["tosspayments-webhook-transmission-time"]
    signed = received.raw + f":{sent_at}".encode()
    right = hmac.new(security_key.encode(), signed, sha256).digest()
    header = received.headers["tosspayments-webhook-signature"]
    assert right in [base64.b64decode(part.removeprefix("v1:")) for part in header.split(",")]
