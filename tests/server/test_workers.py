"""Several processes behind one port."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from payments_mock.server.serve import Worker
from testkit.depth import waits_for_ci


def pids(server) -> list[int]:
    return [child.pid for child in psutil.Process(server.process.pid).children()]


def test_one_worker_means_one_process(stub):
    assert stub.json("/slow?seconds=0") == {"pid": stub.process.pid}
    assert pids(stub) == []


def test_workers_answer_from_as_many_processes(launch_stub):
    server = launch_stub(workers=3, measured=True)
    server.printed("listening")
    assert len(pids(server)) == 3
    assert server.json("/slow?seconds=0")["pid"] in pids(server)
    assert "before fork" in server.stdout


def test_a_worker_that_dies_is_replaced(launch_stub, until):
    server = launch_stub(workers=2)
    server.printed("listening")
    first = set(pids(server))

    with pytest.raises(ConnectionError):
        server.request("GET", "/die")

    until(lambda: len(set(pids(server)) - first) == 1)
    until(lambda: all(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids(server)))
    for _ in range(10):
        assert server.request("GET", "/closed")[0] == 200
    assert "ended with 7; starting another" in server.stderr


@waits_for_ci
def test_a_worker_that_keeps_dying_is_replaced_ever_more_slowly():
    worker = Worker(_end_badly)
    waits = []
    for _ in range(3):
        worker.keep_alive()
        assert worker.process is not None
        worker.process.join()
        worker.keep_alive()
        waits.append(worker.back_off_seconds)
        time.sleep(worker.back_off_seconds)
    assert waits == [0.2, 0.4, 0.8]


def _end_badly() -> None:
    os._exit(3)


def test_workers_end_when_their_parent_is_killed(launch_stub, until):
    server = launch_stub(workers=2)
    server.printed("listening")
    children = pids(server)
    server.process.send_signal(signal.SIGKILL)
    until(lambda: not any(psutil.pid_exists(pid) for pid in children))


@waits_for_ci
def test_a_killed_server_can_be_started_again_at_once_though_its_workers_were_answering(launch_stub, until):
    killed = launch_stub(workers=3)
    port = killed.address[1]
    at_rest = open_files(killed)
    with ExitStack() as calls:
        for _ in range(9):
            call = calls.enter_context(killed.connect())
            call.sendall(b"GET /slow?seconds=5 HTTP/1.1\r\nHost: a\r\n\r\n")
        until(lambda: open_files(killed) >= at_rest + 9)
        killed.process.send_signal(signal.SIGKILL)

        again = launch_stub(workers=3, port=port)

        assert again.address[1] == port
        assert again.request("GET", "/closed")[0] == 200


def open_files(server) -> int:
    """Return how many files the workers have open: one for each connection, and others."""
    return sum(psutil.Process(worker).num_fds() for worker in pids(server))


def test_what_a_killed_server_left_is_swept_by_the_next(launch_stub, until, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = launch_stub(workers=2)
    server.printed("listening")
    left = Path(server.printed("database")).parent
    children = pids(server)
    server.process.send_signal(signal.SIGKILL)
    until(lambda: not any(psutil.pid_exists(pid) for pid in children))
    assert left.exists()

    launch_stub().printed("listening")

    assert not left.exists()
