"""Bytes that are nearly HTTP: each gets an answer or is closed, and the server goes on."""

import re
import socket
from urllib.parse import urlsplit

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testkit.depth import depth
from testkit.processes import ServerProcess, answers

pytestmark = pytest.mark.every_database

PATIENCE_SECONDS = 10
GROWTH_BYTES = 8_000_000
AUTHORIZATION = b"Authorization: Basic dGVzdF9za19kdW1teTo="
LINES = (
    AUTHORIZATION,
    b"Host: b",
    b"Content-Type: application/json",
    b"Content-Type: application/json; charset=utf-7",
    b"Content-Length: 0",
    b"Content-Length: 5",
    b"Content-Length: 18446744073709551616",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Expect: 100-continue",
    b"Connection: Upgrade, HTTP2-Settings",
    b"Upgrade: h2c",
    b"Authorization: Basic ////",
    b"Authorization: Bearer \xff\xfe",
    b"Idempotency-Key: " + b"k" * 301,
    b"Accept-Language: \x80;q=9",
    b"X-Forwarded-For: 1.2.3.4",
    b"Content_Length: 3",
    b" folded",
    b"Name without colon",
)
PATHS = (
    b"/v1/payments",
    b"/v1/payments/confirm",
    b"/v1/payments/%ff%00",
    b"/v1/payments/..%2f..%2fcontrol",
    b"//v1//payments",
    b"/v1/payments/orders/" + b"o" * 3000,
    b"/control/sandboxes",
    b"/receipts/a?token=%zz",
    b"http://else.where/v1/payments",
    b"*",
)
BODIES = (
    b"",
    b"{}",
    b'{"paymentKey":',
    b"5\r\nhello\r\n0\r\n\r\n",
    b"fffffffffffffffff\r\n",
    b"\x00" * 2000,
)

methods = st.sampled_from([b"GET", b"POST", b"PUT", b"OPTIONS", b"HEAD", b"CONNECT", b"get", b""])
paths = st.sampled_from(PATHS) | st.binary(max_size=40)
# Without a Host, or with two, nothing else of a head is looked at.
hosts = st.sampled_from([[b"Host: a"]] * 5 + [[]])
heads = st.lists(st.sampled_from(LINES) | st.binary(max_size=40), max_size=6)
bodies = (
    st.sampled_from(BODIES)
    | st.binary(max_size=60)
    | st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2), max_leaves=3).map(
        lambda value: repr(value).encode()
    )
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Make a request of parts that a server may stumble over, and now and then spoil a byte of it."""
    version = draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.1 ", b"HTTP/2.0", b""]))
    first = b" ".join([draw(methods), draw(paths), version])
    raw = bytearray(b"\r\n".join([first, *draw(hosts), *draw(heads), b"", b""]) + draw(bodies))
    for _ in range(draw(st.integers(0, 2))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


def exchange(url: str, raw: bytes) -> bytes:
    """Send bytes and no more, and return all that comes back."""
    parts = urlsplit(url)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received


def test_whatever_comes_is_answered_or_closed_and_never_a_failure_of_the_server(
    server: ServerProcess,
) -> None:
    @settings(
        max_examples=depth(1500, 40), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(raw=st.one_of(requests(), st.lists(requests(), max_size=3).map(b"".join), st.binary(max_size=200)))
    def look(raw: bytes) -> None:
        received = exchange(server.url, raw)
        statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", received)]
        assert not received or statuses
        # 100 is no answer yet: it asks for the body that `Expect` announced.
        assert all(status == 100 or 200 <= status < 500 for status in statuses), received

    look()
    memory = psutil.Process(server.process.pid).memory_info().rss
    look()

    assert psutil.Process(server.process.pid).memory_info().rss < memory + GROWTH_BYTES
    assert answers(f"{server.url}/health")
    assert "Traceback" not in server.stderr


@pytest.mark.parametrize(
    "line", [b"GET /" + b"a" * 70_000, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 12_000]
)
def test_a_head_that_does_not_end_is_answered_431(server: ServerProcess, line: bytes) -> None:
    assert exchange(server.url, line).startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
