"""An answer as bytes, and the ones that the server gives by itself when there is nobody to ask."""

import json
from dataclasses import dataclass
from http import HTTPStatus

_JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer; header names are in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def on_the_wire(self) -> bytes:
        """Return it as HTTP/1.1, for a connection that is closed after it."""
        phrase = HTTPStatus(self.status).phrase.encode()
        head = [b"HTTP/1.1 %d %s" % (self.status, phrase)]
        head += [name + b": " + value for name, value in (*self.headers, (b"connection", b"close"))]
        return b"\r\n".join(head) + b"\r\n\r\n" + self.body


def error_answer(status: int, code: str, message: str) -> Answer:
    """Make the JSON that every error is answered with."""
    body = json.dumps({"code": code, "message": message}).encode()
    headers = [(b"content-type", _JSON), (b"content-length", str(len(body)).encode())]
    return Answer(status, headers, body)
