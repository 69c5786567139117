"""Random junk for every route of a server, the same for the same seed."""

import gzip
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from testkit import junk_words as words
from testkit.provider_client import Payment
from testkit.wire import RawRequest


@dataclass(frozen=True)
class Route:
    """A method and a path, whose parameters stand in braces."""

    method: bytes
    path: str


@dataclass
class Junk:
    """Makes requests at `routes`; most carry the right `authorization`, some meet the stored `payment`."""

    seed: str
    routes: Sequence[Route]
    authorization: bytes
    payment: Payment

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def requests(self, kind: str, count: int) -> list[RawRequest]:
        """Return `count` requests of one of `KINDS`, going round all routes."""
        make = KINDS[kind]
        return [make(self, self.routes[number % len(self.routes)]) for number in range(count)]

    def bodies(self, route: Route) -> RawRequest:
        """Return a request whose body is junk, from nearly right to no JSON at all."""
        reading = [route for route in self.routes if route.method == b"POST"]
        chosen = self._random.choice([route, *reading])
        return self._request(chosen.method, self._good_target(chosen), self._body())

    def paths(self, route: Route) -> RawRequest:
        """Return a request whose path or query is junk."""
        target = self._filled(route, lambda: self._random.choice(words.SEGMENTS))
        if self._random.random() < 0.3:
            target += b"/" + self._random.choice(words.SEGMENTS)
        return self._request(route.method, target + self._random.choice(words.QUERIES), b"{}")

    def methods(self, route: Route) -> RawRequest:
        """Return a request with a method that may not fit, or not exist."""
        return self._request(self._random.choice(words.METHODS), self._good_target(route), self._body())

    def headers(self, route: Route) -> RawRequest:
        """Return a request, right but for its credentials, content type or other headers."""
        request = self._request(route.method, self._good_target(route), self._right_body())
        odd = dict(self._random.sample(words.ODD_HEADERS, 3))
        if self._random.random() < 0.2:
            odd[b"Authorization"] = self._random.choice(words.CREDENTIALS)
        if self._random.random() < 0.3:
            odd[b"Content-Type"] = self._random.choice(words.CONTENT_TYPES)
        kept = [(name, value) for name, value in request.headers if name not in odd]
        return replace(request, headers=[*kept, *odd.items()])

    def framing(self, route: Route) -> RawRequest:
        """Return a request whose body comes in chunks, or whose length is wrong, told twice or untold."""
        request = self._request(route.method, self._good_target(route), b"{}")
        kept = [(name, value) for name, value in request.headers if name != b"Content-Length"]
        length = (b"Content-Length", self._random.choice(words.LENGTHS))
        coding = (b"Transfer-Encoding", self._random.choice(words.TRANSFER_CODINGS))
        broken = self._random.choice(words.BROKEN_CHUNKS)
        framings: list[tuple[list[tuple[bytes, bytes]], bytes, bool]] = [
            ([(b"Transfer-Encoding", b"chunked")], self._random.choice(words.CHUNKS), True),
            ([(b"Transfer-Encoding", b"chunked")], broken, False),
            ([coding], self._random.choice(words.CHUNKS), False),
            ([coding, (b"Content-Length", b"2")], broken, False),
            ([length], b"{}", False),
            ([length, (b"Content-Length", b"2")], b"{}", False),
            ([(b"Content-Length", b"50")], b"{}", False),
        ]
        extra, body, whole = self._random.choice(framings)
        return replace(request, headers=[*kept, *extra], body=body, whole=whole)

    def _request(self, method: bytes, target: bytes, body: bytes) -> RawRequest:
        headers = [
            (b"Host", b"127.0.0.1"),
            (b"Authorization", self.authorization),
            (b"Content-Type", b"application/json"),
            (b"Content-Length", b"%d" % len(body)),
        ]
        return RawRequest(method, target, headers, body)

    def _good_target(self, route: Route) -> bytes:
        known = (self.payment.payment_key, self.payment.order_id)
        return self._filled(route, lambda: self._random.choice(known).encode())

    @staticmethod
    def _filled(route: Route, segment: Callable[[], bytes]) -> bytes:
        parts = (segment() if part.startswith("{") else part.encode() for part in route.path.split("/"))
        return b"/".join(parts)

    def _body(self) -> bytes:
        choice = self._random.random()
        if choice < 0.15:
            return self._random.choice(words.DEEP)
        if choice < 0.3:
            return self._random.choice(words.WORDS)
        text = self._object()
        if choice < 0.35:
            return gzip.compress(text.encode(errors="surrogatepass"))
        encoding = self._random.choice(words.ENCODINGS) if choice < 0.6 else "utf-8"
        return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") else "replace")

    def _object(self) -> str:
        """Return the right body with up to four members changed, added, or there twice."""
        members = [(name, json.dumps(value)) for name, value in self._right_fields().items()]
        members += [
            (self._random.choice(words.FIELDS), self._value()) for _ in range(self._random.randint(0, 4))
        ]
        self._random.shuffle(members)
        return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in members) + "}"

    def _value(self) -> str:
        text = json.dumps(self._random.choice(words.TEXTS), ensure_ascii=self._random.random() < 0.5)
        return self._random.choice(
            (text, self._random.choice(words.NUMBERS), self._random.choice(words.SHAPES))
        )

    def _right_body(self) -> bytes:
        return json.dumps(self._right_fields()).encode()

    def _right_fields(self) -> dict[str, Any]:
        return self.payment.fields | {"cancelReason": "USER_REQUEST"}


KINDS: dict[str, Callable[[Junk, Route], RawRequest]] = {
    "bodies": Junk.bodies,
    "paths": Junk.paths,
    "methods": Junk.methods,
    "headers": Junk.headers,
    "framing": Junk.framing,
}
"""The kinds of junk, each with the method that makes one request of it."""
