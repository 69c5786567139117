"""What is no HTTP, or too much of it, is answered in JSON like every other error."""

import json

import pytest

MALFORMED = [
    b"hello\r\n\r\n",
    b"GET /closed HTTP/9.9\r\n\r\n",
    b"NONSENSE /closed HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /closed HTTP/1.1\r\nBad Header: a\r\n\r\n",
    b"GET /closed HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    "GET /결제 HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
    b"GET http://[bad/ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /closed HTTP/1.1\r\n\r\n",
    b"GET /closed HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("request_bytes", MALFORMED, ids=lambda raw: repr(raw[:40]))
def test_malformed_requests_are_answered_400_in_json(stub, request_bytes: bytes):
    head, _, body = stub.exchange(request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request")
    assert b"content-type: application/json" in head
    assert b"connection: close" in head
    error = json.loads(body)
    assert error["code"] == "INVALID_REQUEST"
    assert error["message"]


def test_a_client_that_waits_to_be_invited_is_not_once_its_body_was_refused(stub):
    received = stub.exchange(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\nzz\r\n"
    )

    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"100 Continue" not in received
    assert stub.request("GET", "/closed")[0] == 200
    assert "write_eof" not in stub.stderr


def test_a_client_that_waits_to_be_invited_is_not_when_its_body_is_too_long(stub):
    received = stub.exchange(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n"
    )

    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in received


def test_a_well_formed_request_is_answered_before_the_rubbish_after_it_ends_the_connection(stub):
    received = stub.exchange(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + b"rubbish\r\n\r\n"
    )
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert received.endswith(b"hi")


def test_the_answer_to_a_second_request_never_stands_in_for_the_first(stub):
    first = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
    with stub.connect() as connection:
        connection.sendall(first)
        assert stub.next_answer(connection).endswith(b"hi")
        connection.sendall(b"rubbish\r\n\r\n")
        assert stub.next_answer(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /closed HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 400_000,
        b"GET /" + b"x" * 400_000,
        b"GET /closed HTTP/1.1\r\n" + b"X: y\r\n" * 80_000,
        b"\r\n" * 200_000,
    ],
    ids=["a long header", "a long path", "many headers", "blank lines"],
)
def test_a_head_without_end_is_answered_431(stub, head: bytes):
    received = stub.exchange(head)
    assert received.startswith(b"HTTP/1.1 431 ")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "INVALID_REQUEST"


def test_a_whole_head_that_is_too_large_is_answered_431_however_it_is_read(stub):
    head = b"GET /closed HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 65_600 + b"\r\n\r\n"
    for _ in range(20):
        assert stub.exchange(head).startswith(b"HTTP/1.1 431 ")


def test_an_offer_to_upgrade_is_answered_in_http_1(stub):
    offer = (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\nContent-Length: 2\r\n\r\n"
    )
    with stub.connect() as connection:
        for body in (b"hi", b"ho"):
            connection.sendall(offer + body)
            answer = stub.next_answer(connection)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert answer.endswith(body)


def test_an_offer_to_upgrade_whose_body_comes_later_is_answered_too(stub):
    with stub.connect() as connection:
        connection.sendall(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        connection.sendall(b"2\r\nhi\r\n0\r\n\r\n")
        assert stub.next_answer(connection).endswith(b"hi")


def test_a_client_of_http_1_0_is_answered_and_the_connection_closed(stub):
    received = stub.exchange(b"GET /chunks HTTP/1.0\r\n\r\n")
    assert received.endswith(b"\r\n\r\none two")
    assert b"transfer-encoding" not in received


def test_any_number_of_offers_to_upgrade_in_one_packet_is_answered(stub):
    offer = b"GET /closed HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    last = b"GET /closed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    received = stub.exchange(800 * offer + last)

    assert received.count(b"HTTP/1.1 200 OK") == 801
    assert "RecursionError" not in stub.stderr
