"""How a server stops: soon, politely, and without leaving anything behind."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from testkit.depth import depth
from testkit.processes import running_server
from testkit.sandbox import Sandbox, in_the_background

PROMISED_SECONDS = 3.0
MANY_HELD = 40
GET_CLOSED = b"GET /closed HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    ("number", "workers"),
    depth(
        [(signal.SIGTERM, 1), (signal.SIGTERM, 2), (signal.SIGINT, 1), (signal.SIGINT, 2)],
        [(signal.SIGTERM, 1), (signal.SIGINT, 2)],
    ),
)
def test_a_signal_stops_it_at_once_when_nothing_is_in_flight(launch_stub, number: int, workers: int):
    server = launch_stub(workers=workers)
    server.request("GET", "/closed")
    assert server.stop(number) < 2.0
    assert server.stdout.splitlines()[-1] == "left"


def test_idle_connections_do_not_hold_it_up(launch_stub):
    server = launch_stub()
    with server.connect() as answered, server.connect():
        answered.sendall(GET_CLOSED)
        server.next_answer(answered)
        assert server.stop() < 2.0


@pytest.mark.parametrize(("workers", "threads"), depth([(1, 4), (2, 1), (1, 1)], [(1, 4), (2, 1)]))
def test_a_request_in_flight_is_answered(launch_stub, workers: int, threads: int):
    server = launch_stub(workers=workers, threads=threads, measured=True)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=1 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        seconds = server.stop()
        received = server.next_answer(connection)
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert b"connection: close" in received or threads == 1
    assert seconds < PROMISED_SECONDS


@pytest.mark.parametrize(("workers", "threads"), depth([(1, 4), (2, 1), (1, 1), (2, 4)], [(1, 4), (2, 1)]))
def test_a_request_that_takes_too_long_does_not_hold_it_up(launch_stub, workers: int, threads: int):
    server = launch_stub(workers=workers, threads=threads)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=30 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        assert server.stop() < PROMISED_SECONDS
    assert not Path(server.printed("database")).parent.exists()


def test_to_wait_for_one_worker_of_several_takes_no_processor_time(launch_stub):
    server = launch_stub(workers=2)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=30 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        parent = psutil.Process(server.process.pid)
        before = parent.cpu_times().user
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1.5)
        used = parent.cpu_times().user - before
        server.process.wait()
    assert used < 0.3


def test_a_request_that_takes_too_long_is_told_why(launch_stub):
    server = launch_stub(threads=2, measured=True)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=30 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        server.stop()
        received = server.next_answer(connection)
    assert received.startswith(b"HTTP/1.1 503 ")
    assert b'"STOPPING"' in received
    assert "Traceback" not in server.stderr


@pytest.mark.parametrize("workers", depth([1, 2], [2]))
def test_a_second_interrupt_stops_it_now(launch_stub, workers: int):
    server = launch_stub(workers=workers, threads=2)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=30 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert server.stop(signal.SIGINT) < 1.6
    assert not Path(server.printed("database")).parent.exists()


@pytest.mark.parametrize("number", depth([signal.SIGINT, signal.SIGTERM], [signal.SIGINT]))
def test_a_signal_during_the_start_ends_it_quietly(launch_stub, number: int):
    server = launch_stub(start_seconds=30)
    database = Path(server.printed("database"))
    server.stop(number)
    assert server.stderr == ""
    assert "listening" not in server.stdout
    assert not database.parent.exists()


def test_new_connections_are_refused_while_the_last_answers_leave(launch_stub):
    server = launch_stub(threads=2)
    with server.connect() as connection:
        connection.sendall(b"GET /slow?seconds=1.5 HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        stopping.join()


@pytest.mark.parametrize("number", depth([signal.SIGINT, signal.SIGTERM], [signal.SIGINT]))
def test_the_temporary_database_goes_with_it(launch_stub, number: int):
    server = launch_stub()
    database = Path(server.printed("database"))
    server.printed("listening")
    assert database.read_text(encoding="utf-8") == "data"
    server.stop(number)
    assert not database.parent.exists()


def test_a_database_of_ones_own_stays(launch_stub, tmp_path: Path):
    server = launch_stub(data=tmp_path / "pay.db")
    server.printed("listening")
    server.stop()
    assert (tmp_path / "pay.db").read_text(encoding="utf-8") == "data"


def is_loaded(process: psutil.Process) -> bool:
    """Tell whether a process is Python, and has begun with the command's own imports."""
    return any("ssl" in each.path for each in process.memory_maps())


@pytest.mark.skipif(
    shutil.which("unshare") is None or os.geteuid() != 0,
    reason="needs unshare and root",
)
def test_the_first_process_of_a_container_obeys_before_it_serves():
    # To wait for a server that never comes takes longer than any start.
    command = [sys.executable, "-m", "payments_mock", "health", "http://127.0.0.1:9", "--wait", "60"]
    with subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", *command]) as unshare:
        try:
            deadline = time.monotonic() + 20
            while not (first := list(filter(is_loaded, psutil.Process(unshare.pid).children()))):
                assert time.monotonic() < deadline
                time.sleep(0.02)

            first[0].send_signal(signal.SIGTERM)

            assert unshare.wait(PROMISED_SECONDS) == 128 + signal.SIGTERM
        finally:
            unshare.kill()


def test_no_call_is_held_any_more_after_a_stop(tmp_path: Path):
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    serve += ["--data", str(tmp_path / "pay.db")]
    with ThreadPoolExecutor(MANY_HELD) as pool:
        with running_server(serve, tmp_path) as server:
            kiosk = Sandbox.on(server.url, "kiosk")
            held = {
                "match": {"operation": "confirm"},
                "moment": "after",
                "effect": {"kind": "hold", "seconds": 600},
            }
            kiosk.control("POST", "faults", **held, times=MANY_HELD)
            for begun in [kiosk.begin() for _ in range(MANY_HELD)]:
                in_the_background(pool, kiosk, begun)
            kiosk.await_fired(MANY_HELD)
            assert len(kiosk.control("GET", "held-calls")["heldCalls"]) == MANY_HELD

        with running_server(serve, tmp_path) as server:
            assert Sandbox(server.url, kiosk.made).control("GET", "held-calls")["heldCalls"] == []
