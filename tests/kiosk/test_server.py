"""The kiosk as a process: its banner, its port, its end."""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from testkit.depth import depth
from testkit.forked import run
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.line import HeldAnswer, Line
from testkit.measuring import measured
from testkit.processes import ServerProcess, running_server, start_server

COMMAND = [sys.executable, "-m", "payments_mock.kiosk"]
COLA = {"items": [{"id": "cola", "quantity": 1}]}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Return a way to start kiosks; what a test leaves running is killed."""
    started: list[ServerProcess] = []

    def start(*options: str, is_measured: bool = False) -> ServerProcess:
        folder = tmp_path / f"kiosk-{len(started)}"
        folder.mkdir()
        environment = (measured() if is_measured else dict(os.environ)) | {"TMPDIR": str(tmp_path)}
        started.append(start_server([*COMMAND, "--port", "0", *options], folder, environment))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="module")
def kiosk_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Lend a kiosk to tests that leave it running."""
    options = ["--provider", "http://127.0.0.1:9999", "--secret-key", "test_sk_hidden"]
    with running_server([*COMMAND, "--port", "0", *options], tmp_path_factory.mktemp("kiosk")) as server:
        yield server


def test_the_banner_says_where_the_kiosk_is_and_what_is_kept(kiosk_process: ServerProcess) -> None:
    lines = kiosk_process.stdout.splitlines()
    assert lines[0].split() == ["Kiosk", kiosk_process.url]
    assert lines[1].split() == ["Provider", "http://127.0.0.1:9999"]
    assert lines[2].split() == ["Contract", "kiosk"]
    assert "gone at exit" in lines[3]
    assert lines[-1].split() == ["Open", kiosk_process.url]
    assert "test_sk_hidden" not in kiosk_process.stdout


@pytest.mark.parametrize("number", depth([signal.SIGTERM, signal.SIGINT], [signal.SIGTERM]))
def test_it_stops_at_once_when_told_to(start: Callable[..., ServerProcess], number: signal.Signals) -> None:
    server = start()
    began = time.monotonic()
    server.process.send_signal(number)
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 3
    assert server.stderr == ""


def test_a_request_under_way_is_answered_before_it_stops(
    start: Callable[..., ServerProcess], line: Line
) -> None:
    server = start("--provider", line.url, is_measured=True)
    kiosk = Kiosk(server.url)
    order_id = kiosk.place(COLA).body["id"]
    held = HeldAnswer(line)
    line.next("confirm", held)
    with ThreadPoolExecutor(1) as pool:
        press = pool.submit(kiosk.pay, order_id)
        assert held.reached.wait(10)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        line.mend()
        assert press.result().body["status"] == "PAID"
    assert server.process.wait(10) == 0


def test_it_stops_within_three_seconds_even_if_the_provider_says_nothing(
    start: Callable[..., ServerProcess], line: Line, tmp_path: Path
) -> None:
    server = start("--provider", line.url, "--timeout", "60", is_measured=True)
    kiosk = Kiosk(server.url)
    order_id = kiosk.place(COLA).body["id"]
    held = HeldAnswer(line)
    line.next("confirm", held)
    with ThreadPoolExecutor(1) as pool:
        press = pool.submit(kiosk.pay, order_id)
        assert held.reached.wait(10)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert time.monotonic() - began < 3
        assert isinstance(press.exception(), OSError)
    assert "Traceback" not in server.stderr
    assert list(tmp_path.glob("kiosk-*/kiosk.db")) == []


def test_without_a_file_nothing_is_left_behind(start: Callable[..., ServerProcess], tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    command = ["env", f"TMPDIR={temporary}", *COMMAND, "--port", "0"]
    folder = tmp_path / "output"
    folder.mkdir()
    with running_server(command, folder):
        assert [path.name for path in temporary.glob("*/*.db")] == ["kiosk.db"]
    assert list(temporary.iterdir()) == []


def test_with_a_file_orders_outlive_the_process(start: Callable[..., ServerProcess], tmp_path: Path) -> None:
    file = str(tmp_path / "kept.db")
    first = start("--data", file)
    order_id = Kiosk(first.url).place(COLA).body["id"]
    first.kill()
    second = start("--data", file)
    assert Kiosk(second.url).look(order_id).body["amount"] == 2500


def test_a_taken_port_is_one_clear_line(provider_url: str) -> None:
    port = provider_url.rpartition(":")[2]
    ended = run([*COMMAND, "--port", port])
    assert ended.returncode == 2
    assert ended.stderr == f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize(
    "request_bytes",
    [b"nonsense\r\n\r\n", b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/x\r\n\r\n"],
)
def test_what_is_no_http_is_refused_in_json(kiosk_process: ServerProcess, request_bytes: bytes) -> None:
    host, port = kiosk_process.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), 10)) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4")
    assert json.loads(body).keys() == {"code", "message"}
