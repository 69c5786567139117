"""No client holds a connection for as long as it likes, nor as many as it likes."""

import contextlib
import json
import socket
import threading
import time

import pytest

pytestmark = pytest.mark.a_few(5)


@pytest.fixture(scope="module")
def impatient(launch_stub):
    return launch_stub(receive_seconds=0.5, keep_alive_seconds=1, threads=2)


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /closed HTTP/1.1\r\nHost:",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    ],
)
def test_a_request_that_does_not_arrive_in_time_is_answered_408(impatient, beginning: bytes):
    received = impatient.exchange(beginning)
    assert received.startswith(b"HTTP/1.1 408 Request Timeout")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "REQUEST_TIMEOUT"


def test_a_request_that_begins_behind_another_one_has_no_more_time(impatient):
    received = impatient.exchange(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\nGET /closed HTTP/1.1\r\nHost:")
    assert [line.split()[1] for line in received.splitlines() if b"HTTP/1.1 " in line] == [b"200", b"408"]


def test_a_client_that_drips_its_request_has_no_more_time_than_others(impatient):
    with impatient.connect() as connection:
        dripping = threading.Thread(target=drip, args=(connection,), daemon=True)
        dripping.start()
        assert impatient.next_answer(connection).startswith(b"HTTP/1.1 408 ")


def drip(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b"\r\n")
            time.sleep(0.05)


def test_a_connection_without_a_request_is_closed_without_a_word(impatient):
    assert impatient.exchange(b"") == b""


def test_an_idle_connection_is_closed_without_a_word(impatient):
    received = impatient.exchange(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
    assert received.count(b"HTTP/1.1") == 1


def test_a_request_that_takes_long_to_answer_is_not_cut_off(impatient):
    assert impatient.request("GET", "/slow?seconds=2.5")[0] == 200


def test_connections_above_the_bound_are_answered_503(launch_stub):
    server = launch_stub(max_connections=3)
    held = [server.connect() for _ in range(3)]
    held[0].sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
    assert held[0].recv(65536).startswith(b"HTTP/1.1 200 ")

    received = server.exchange(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 503 Service Unavailable")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "TOO_MANY_CONNECTIONS"
    for connection in held:
        connection.close()


def test_once_connections_are_closed_others_are_served(shared_stub, until):
    server = shared_stub(max_connections=1)
    server.connect().close()
    until(lambda: server.request("GET", "/closed")[0] == 200)


def test_hundreds_of_surplus_connections_do_not_keep_the_first_from_being_served(shared_stub):
    server = shared_stub(max_connections=1)
    with server.connect() as first:
        first.sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
        assert server.next_answer(first).startswith(b"HTTP/1.1 200 ")
        surplus = [server.connect() for _ in range(300)]
        first.sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
        assert server.next_answer(first).startswith(b"HTTP/1.1 200 ")
        for connection in surplus:
            connection.close()
