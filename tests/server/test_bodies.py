"""Bodies: how they arrive, and how long they may be."""

import http.client
import json
import resource
from pathlib import Path

import pytest

LIMIT = 64 * 1024
CHUNKED_HEAD = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


def parts(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def test_a_body_as_long_as_the_limit_is_taken(stub):
    body = bytes(range(256)) * (LIMIT // 256)
    assert stub.request("POST", "/echo", body)[2] == body


def test_a_chunked_body_is_put_together(stub):
    head, body = parts(stub.exchange(CHUNKED_HEAD + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"))
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body == b"onetwo"


def test_a_body_that_comes_in_pieces_is_put_together(stub):
    with stub.connect() as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\none")
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(5)
        connection.sendall(b"two")
        assert stub.next_answer(connection).endswith(b"\r\n\r\nonetwo")


@pytest.mark.parametrize("length", [LIMIT + 1, 1_000_000, 12_000_000])
def test_a_longer_body_is_answered_413_and_the_connection_closed(stub, length: int):
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % length + b"x" * length
    head, body = parts(stub.exchange(request))
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in head
    assert json.loads(body) == {"code": "TOO_LARGE"}


@pytest.mark.parametrize("length", [LIMIT + 1, 1_000_000])
def test_a_longer_chunked_body_is_answered_413_too(stub, length: int):
    head, body = parts(stub.exchange(CHUNKED_HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (length, b"x" * length)))
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body) == {"code": "TOO_LARGE"}


def test_a_client_that_asks_first_is_told_to_go_on(stub):
    with stub.connect() as connection:
        connection.sendall(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert stub.next_answer(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hi")
        assert stub.next_answer(connection).endswith(b"\r\n\r\nhi")


def test_a_client_that_asks_first_is_refused_before_it_sends_too_much(stub):
    with stub.connect() as connection:
        connection.sendall(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert stub.next_answer(connection).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_end_is_cut_off_and_not_kept_in_memory(shared_stub):
    server = shared_stub()
    server.printed("listening")
    before = memory(server.process.pid)
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with server.connect() as connection:
        connection.sendall(CHUNKED_HEAD)
        with pytest.raises(ConnectionError):
            connection.sendall(chunk * 100)
    assert memory(server.process.pid) - before < 20 * 1024 * 1024


def memory(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def test_a_client_that_leaves_amid_its_body_is_no_failure(shared_stub):
    server = shared_stub()
    with server.connect() as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst")
    assert server.request("GET", "/closed")[0] == 200
    assert server.stderr == ""


def test_a_body_is_taken_with_a_method_that_needs_none(stub):
    connection = http.client.HTTPConnection(*stub.address, timeout=5)
    connection.request("GET", "/closed", b"body")
    assert connection.getresponse().read().startswith(b"[")
    connection.request("GET", "/closed")
    assert connection.getresponse().status == 200
    connection.close()
