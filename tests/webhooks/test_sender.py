"""One post: how long the merchant has, and what counts as an answer."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from payments_mock.webhooks.sender import post
from step_defs.support.receiver import Receiver

SECONDS = 0.3
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
