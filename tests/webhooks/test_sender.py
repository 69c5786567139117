"""One post: how long the merchant has, and what counts as an answer."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from payments_mock.webhooks.sender import post
from testkit.receiver import Receiver

SECONDS = 0.3
DRIP_SECONDS = 2.0
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "payments-mock",
    "Accept-Encoding": "identity",
}


@pytest.fixture
def silent() -> Iterator[Callable[[bytes], str]]:
    """Start a server that sends some bytes, and nothing more for a second."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads: list[threading.Thread] = []

        def start(sent: bytes) -> str:
            def serve() -> None:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(sent)
                    time.sleep(1)

            threads.append(threading.Thread(target=serve))
            threads[-1].start()
            return f"http://127.0.0.1:{listener.getsockname()[1]}/"

        yield start
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]
)
def test_an_answer_that_is_late_is_none(silent: Callable[[bytes], str], sent: bytes) -> None:
    outcome = post(silent(sent), "{}", {}, "any", SECONDS)

    assert outcome.taken_status is None
    assert outcome.error == "no answer within 0.3 seconds"
    assert 300 <= outcome.milliseconds < 1000


def test_what_is_no_http_is_no_answer(silent: Callable[[bytes], str]) -> None:
    outcome = post(silent(b"220 mail.example.com ESMTP\r\n\r\n"), "{}", {}, "any", SECONDS)

    assert (outcome.status, outcome.taken_status) == (None, None)
    assert outcome.error is not None


def test_a_target_that_is_not_allowed_any_more_gets_nothing(receive: Callable[..., Receiver]) -> None:
    receiver = receive()

    outcome = post(receiver.url, "{}", {}, "shop.example.com")

    assert "webhook_targets" in str(outcome.error)
    assert receiver.received == []


@pytest.mark.every_case
@pytest.mark.parametrize(
    "url", ["http://a b/", f"http://{'a' * 300}.kr/", "http://*.x/", "http://256.256.256.256:9/", "http://①/"]
)
def test_an_address_that_can_not_be_called_is_a_failure_like_others(url: str) -> None:
    outcome = post(url, "{}", {}, "any", SECONDS)

    assert (outcome.status, bool(outcome.error)) == (None, True)


def test_the_body_goes_out_as_it_is(receive: Callable[..., Receiver]) -> None:
    receiver = receive()

    outcome = post(receiver.url, '{"이름" :  "박토스"}', HEADERS, "any")

    [received] = receiver.received
    assert received.raw.decode() == '{"이름" :  "박토스"}'
    assert received.headers == {name.lower(): value for name, value in outcome.headers.items()}


def test_no_proxy_is_asked(receive: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, receiver = receive(), receive()
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "")

    assert post(receiver.url, "{}", {}, "any").taken_status == 200
    assert proxy.received == []


def drip(begin: bytes, piece: bytes) -> Iterator[bytes]:
    """Send a beginning, and then a piece again and again, each before any timeout between two of them."""
    yield begin
    deadline = time.monotonic() + DRIP_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.05)
        yield piece


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        pytest.param(b"HTTP/1.1 ", b"2", id="a status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n", id="headers"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="100 Continue"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b"x", id="a body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="a body in chunks"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: 1\r\n", id="trailers"
        ),
    ],
)
def test_an_answer_that_comes_in_drips_has_no_more_time_than_another(
    hostile: Callable[..., str], begin: bytes, piece: bytes
) -> None:
    outcome = post(hostile(lambda: drip(begin, piece)), "{}", {}, "any", SECONDS)

    assert (outcome.taken_status, outcome.error) == (None, "no answer within 0.3 seconds")
    assert 300 <= outcome.milliseconds < 1000


def test_a_look_up_that_hangs_has_no_more_time_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(DRIP_SECONDS))

    outcome = post("http://shop.example.com/", "{}", {}, "any", SECONDS)

    assert outcome.error == "no answer within 0.3 seconds"
    assert outcome.milliseconds < 1000


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 60_000 + b"\r\n", id="few long headers"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", id="100 Continue"),
    ],
)
def test_a_head_that_does_not_end_is_no_answer_and_is_not_kept(
    hostile: Callable[..., str], head: bytes
) -> None:
    outcome = post(hostile(lambda: iter([head] * 10_000)), "{}", {}, "any")

    assert (outcome.status, outcome.answer_headers) == (None, None)
    assert outcome.error == "the head of the answer is longer than 65536 bytes"


def test_90_headers_of_60_kilobytes_are_not_kept(hostile: Callable[..., str]) -> None:
    lines = [b"X-%d: " % number + b"x" * 60_000 + b"\r\n" for number in range(90)]

    outcome = post(
        hostile(lambda: iter([b"HTTP/1.1 200 OK\r\n", *lines, b"Content-Length: 0\r\n\r\n"])), "{}", {}, "any"
    )

    assert outcome.taken_status is None
    assert len(str(outcome)) < 1000


def test_a_body_that_breaks_off_is_no_answer(hostile: Callable[..., str]) -> None:
    pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]

    outcome = post(hostile(lambda: iter(pieces)), "{}", {}, "any")

    assert (outcome.status, outcome.taken_status) == (200, None)
    assert "IncompleteRead" in str(outcome.error)


@pytest.mark.parametrize(
    "sent",
    [
        b"\0\0\0\r\n\r\n",
        b"HTTP/1.1 200 \0\r\nX-Shop: a\0b\r\nContent-Length: 3\r\n\r\n\0\0x",
        b"HTTP/1.1 \0 OK\r\n\r\n",
    ],
)
def test_nothing_that_is_kept_of_an_answer_holds_nul(hostile: Callable[..., str], sent: bytes) -> None:
    outcome = post(hostile(lambda: iter([sent])), "{}", {}, "any")

    kept = (outcome.error or "", outcome.answer_body or "", *(outcome.answer_headers or {}).values())
    assert "\0" not in "".join(kept)


def test_headers_of_one_name_are_kept_together(hostile: Callable[..., str]) -> None:
    sent = b"HTTP/1.1 200 OK\r\nX-Shop: a\r\nX-Shop: b\r\nContent-Length: 2\r\n\r\nOK"

    outcome = post(hostile(lambda: iter([sent])), "{}", {}, "any")

    assert outcome.answer_headers == {"X-Shop": "a, b", "Content-Length": "2"}
    assert outcome.answer_body == "OK"
