"""An answer as bytes, and the ones that the server gives by itself when there is nobody to ask."""

import json
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

_JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer; header names are in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def on_the_wire(self, keeps_alive: bool, has_body: bool = True) -> bytes:
        """Return it as HTTP/1.1, for a connection that goes on after it or not; HEAD wants no body."""
        parts = [_status_line(self.status)]
        for name, value in self.headers:
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if keeps_alive else b"connection: close\r\n\r\n")
        if has_body:
            parts.append(self.body)
        return b"".join(parts)


@lru_cache
def _status_line(status: int) -> bytes:
    known = {member.value: member.phrase for member in HTTPStatus}
    return f"HTTP/1.1 {status} {known.get(status, '')}\r\n".encode()


def error_answer(status: int, code: str, message: str) -> Answer:
    """Make the JSON that every error is answered with."""
    body = json.dumps({"code": code, "message": message}).encode()
    headers = [(b"content-type", _JSON), (b"content-length", str(len(body)).encode())]
    return Answer(status, headers, body)
