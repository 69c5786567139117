"""What a WSGI application answers, and how that goes over the wire."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest


def test_an_answer_of_parts_is_sent_whole_and_closed(stub):
    before = len(stub.json("/closed"))
    status, headers, body = stub.request("GET", "/chunks")
    assert (status, body) == (200, b"one two")
    assert headers["content-length"] == "7"
    assert headers["x-kind"] == "chunks"
    assert len(stub.json("/closed")) == before + 1


def test_a_head_request_gets_the_head_alone(stub):
    head, _, body = stub.exchange(
        b"HEAD /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    ).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"content-type: application/json" in head
    assert body == b""


def test_an_answer_without_content_has_no_length(stub):
    status, headers, body = stub.request("GET", "/nothing")
    assert (status, body) == (204, b"")
    assert "content-length" not in headers


def test_an_application_may_change_its_mind_with_exc_info(stub):
    status, _, body = stub.request("GET", "/second-thoughts")
    assert (status, body) == (410, b"gone")


def test_what_is_written_comes_before_what_is_returned(stub):
    assert stub.request("GET", "/writes")[2] == b"written returned"


@pytest.mark.parametrize("path", ["/raises", "/starts-twice", "/splits"])
def test_an_application_that_fails_is_answered_for_in_json(stub, path: str):
    status, headers, body = stub.request("GET", path)
    assert (status, headers["content-type"]) == (500, "application/json")
    assert json.loads(body)["code"] == "INTERNAL_ERROR"
    assert b"secret" not in body
    assert f"GET '{path}' failed" in stub.stderr


def test_a_connection_serves_one_request_after_another(stub):
    with stub.connect() as connection:
        for _ in range(3):
            connection.sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
            assert stub.next_answer(connection).startswith(b"HTTP/1.1 200 OK")


def test_requests_sent_together_are_answered_in_order(stub):
    first = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst"
    second = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 6\r\n\r\nsecond"
    received = stub.exchange(first + second)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.index(b"first") < received.index(b"second")


def test_a_client_that_reads_late_gets_everything(stub):
    body = b"x" * 60_000
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with stub.connect() as connection:
        sending = threading.Thread(target=connection.sendall, args=(request * 150,))
        sending.start()
        time.sleep(0.5)
        received = 0
        while received < 150 * len(body):
            received += len(connection.recv(1_000_000))
        sending.join()


def test_a_client_that_ends_its_own_side_still_gets_its_answer(stub):
    with stub.connect() as connection:
        connection.sendall(b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.shutdown(1)
        assert stub.next_answer(connection).startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_leaves_before_its_answer_is_no_failure(shared_stub):
    server = shared_stub(threads=2)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=0.3 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert server.request("GET", "/slow?seconds=0.5")[0] == 200
    assert server.stderr == ""


def test_threads_answer_while_one_of_them_waits(shared_stub):
    server = shared_stub(threads=2)
    with server.connect() as slow:
        slow.sendall(b"GET /slow?seconds=1.5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert server.request("GET", "/closed")[0] == 200
        slow.settimeout(0.01)
        with pytest.raises(TimeoutError):
            slow.recv(1)


def test_an_answered_request_leaves_nothing_to_the_garbage_collector(stub):
    before = stub.json("/exchanges")["count"]
    with stub.connect() as connection:
        for _ in range(20):
            connection.sendall(b"GET /environ HTTP/1.1\r\nHost: a\r\n\r\n")
            stub.next_answer(connection)

        assert stub.json("/exchanges")["count"] <= before + 2


def test_many_who_are_woken_at_once_leave_half_of_the_threads_to_others(shared_stub):
    server = shared_stub(threads=4)

    with ThreadPoolExecutor(12) as watchers:
        answers = list(watchers.map(lambda _: server.request("GET", "/watches")[0], range(12)))

    assert answers == [204] * 12
    assert server.json("/most-watchers") == {"most": 2}
