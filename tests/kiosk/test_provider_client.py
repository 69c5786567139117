"""What the client makes of real trouble on the wire."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from payments_mock.kiosk.provider.answers import (
    Approved,
    Canceled,
    Charge,
    Created,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
)
from payments_mock.kiosk.provider.client import LARGEST_ANSWER
from payments_mock.kiosk.provider.kiosk_contract import KioskClient
from testkit.identifiers import random_order_id, random_payment_key

TIMEOUT_SECONDS = 0.3


@pytest.fixture
def charge() -> Charge:
    return Charge(random_payment_key(), random_order_id(), 10_000)


@pytest.fixture
def client(provider_url: str) -> KioskClient:
    return KioskClient(provider_url, "test_sk_dummy", timeout=10)


Script = Callable[[socket.socket], None]


@pytest.fixture
def scripted() -> Iterator[Callable[[Script], KioskClient]]:
    """Return a way to get a client whose provider does, on each connection, what a script says."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def start(script: Script) -> KioskClient:
            def serve() -> None:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    script(connection)

            threading.Thread(target=serve, daemon=True).start()
            return KioskClient(
                f"http://127.0.0.1:{listener.getsockname()[1]}", "test_sk_dummy", TIMEOUT_SECONDS
            )

        yield start


def test_a_payment_goes_its_whole_way(client: KioskClient, charge: Charge) -> None:
    assert client.find(charge) == Refused("NOT_FOUND", client.find(charge).message)  # type: ignore[union-attr]
    assert client.create(charge) == Created()
    assert isinstance(client.confirm(charge), Approved)
    assert isinstance(client.cancel(charge, "USER_REQUEST", "request-1"), Canceled)
    found = client.find(charge)
    assert isinstance(found, ProviderPayment)
    assert found.status == "CANCELED"


def test_a_second_cancel_is_refused(client: KioskClient, charge: Charge) -> None:
    client.create(charge)
    client.confirm(charge)
    client.cancel(charge, "USER_REQUEST", "request-1")
    answer = client.cancel(charge, "USER_REQUEST", "request-1")
    assert isinstance(answer, Refused)
    assert answer.code == "ALREADY_CANCELED"


def test_a_wrong_key_is_no_verdict_on_the_payment(provider_url: str, charge: Charge) -> None:
    stranger = KioskClient(provider_url, "test_sk_stranger", timeout=10)
    assert isinstance(stranger.confirm(charge), Unknown)


def test_a_base_url_may_end_with_a_slash(provider_url: str, charge: Charge) -> None:
    assert KioskClient(f"{provider_url}/", "test_sk_dummy", timeout=10).create(charge) == Created()


def test_proxies_of_the_environment_are_not_asked(
    client: KioskClient, charge: Charge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert client.create(charge) == Created()


def test_a_refused_connection_sent_nothing(charge: Charge) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    client = KioskClient(f"http://127.0.0.1:{port}", "test_sk_dummy", TIMEOUT_SECONDS)
    assert isinstance(client.confirm(charge), NotSent)


def test_a_host_without_address_sent_nothing(charge: Charge) -> None:
    client = KioskClient("http://provider.invalid", "test_sk_dummy", TIMEOUT_SECONDS)
    assert isinstance(client.confirm(charge), NotSent)


def silence(connection: socket.socket) -> None:
    time.sleep(3 * TIMEOUT_SECONDS)


def farewell(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def greeting_only(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: app")


def half_a_body(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"status": ')


def half_a_chunk(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"status": ')


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.local ESMTP\r\n\r\n")


def gibberish_as_gzip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")


def elsewhere(connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    )


def too_much(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    connection.sendall(b" " * (LARGEST_ANSWER + 100_000))


@pytest.mark.parametrize(
    "script",
    [
        silence,
        farewell,
        greeting_only,
        half_a_body,
        half_a_chunk,
        no_http,
        gibberish_as_gzip,
        elsewhere,
        too_much,
    ],
)
def test_trouble_after_the_request_was_sent_leaves_it_unknown(
    scripted: Callable[[Script], KioskClient], charge: Charge, script: Script
) -> None:
    assert isinstance(scripted(script).confirm(charge), Unknown)


def test_a_trickle_does_not_hold_the_kiosk_for_ever(
    scripted: Callable[[Script], KioskClient], charge: Charge
) -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(1000):
                connection.sendall(b" ")
                time.sleep(TIMEOUT_SECONDS / 10)
        except ConnectionError:
            return

    client = scripted(trickle)
    started = time.monotonic()
    assert isinstance(client.confirm(charge), Unknown)
    assert time.monotonic() - started < client.longest_call + 1
