"""A kept-alive connection that sends one request at a time, as cheaply as Python can."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.errors import LoadError


@dataclass
class Connection:
    """One connection to a server, with the header that every request of it carries."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str

    @classmethod
    async def open(cls, host: str, port: int, authorization: str) -> Self:
        """Connect; `authorization` is the header's value."""
        reader, writer = await asyncio.open_connection(host, port)
        return cls(reader, writer, f"Host: {host}:{port}\r\nAuthorization: {authorization}\r\n")

    async def call(self, method: str, path: str, body: bytes = b"", kind: str = "") -> dict[str, Any]:
        """Send a request and return the JSON object that it is answered with.

        Raises:
            LoadError: the answer is not a 200.
        """
        described = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if method == "POST" else ""
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.head}{described}\r\n".encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        content = await self.reader.readexactly(length)
        if head[9:12] != b"200":
            raise LoadError(f"{method} {path}: {head[:15].decode()} {content[:300].decode()}")
        answer: dict[str, Any] = json.loads(content)
        return answer

    def close(self) -> None:
        """Close it."""
        self.writer.close()
