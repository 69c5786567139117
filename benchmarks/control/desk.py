"""The control API of a server that is measured, over one kept-alive connection."""

import http.client
import json
from types import TracebackType
from typing import Any, Self

from benchmarks.errors import LoadError
from benchmarks.operations import encode

PATIENCE_SECONDS = 60.0


class Desk:
    """Calls the control API, or a contract with a key, and returns the answer."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)

    def control(self, method: str, path: str, fields: object = None) -> dict[str, Any]:
        """Make a call of the control API; raises LoadError unless it is answered with 200."""
        headers = {} if fields is None else {"Content-Type": "application/json"}
        body = None if fields is None else json.dumps(fields)
        self._connection.request(method, f"/control{path}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise LoadError(f"{method} /control{path} was answered {answer.status}: {content.decode()}")
        answered: dict[str, Any] = json.loads(content)
        return answered

    def sandbox(self, **fields: object) -> dict[str, Any]:
        """Make a sandbox, and return it with its keys."""
        return self.control("POST", "/sandboxes", fields)

    def send(self, request: bytes) -> tuple[int, dict[str, Any]]:
        """Send a request that was built beforehand, and return the answer's status and JSON."""
        if self._connection.sock is None:
            self._connection.connect()
        self._connection.sock.sendall(request)
        response = http.client.HTTPResponse(self._connection.sock, method=request.split(b" ", 1)[0].decode())
        response.begin()
        return response.status, json.loads(response.read())

    def request(self, method: str, path: str, authorization: str, body: object = None) -> bytes:
        """Build a request to this server."""
        return encode(method, path, f"{self.host}:{self.port}", authorization, body)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
