"""The disk fills up: writes are refused, what was answered holds, and with room again all goes on at once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from testkit.depth import waits_for_ci
from tests.chaos.audit import Auditor
from tests.chaos.load import Client, KioskClient, TossClient
from tests.chaos.mortal import PATIENCE_SECONDS, MortalServer

pytestmark = waits_for_ci

SMALL, LARGE = "size=2m", "size=64m"
OUTAGES = ("INTERNAL_ERROR", "FAILED_INTERNAL_SYSTEM_PROCESSING", "DATABASE_UNAVAILABLE")
WORKERS = 2
LOOKS = 10
RECOVERY_SECONDS = 2.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Lend a folder on a disk of its own, which is small; needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        reason = f"no small disk can be mounted here: {mounted.stderr.strip()}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_what_does_not_fit_is_refused_and_what_was_answered_holds(small_disk: Path, tmp_path: Path) -> None:
    options = ["--data", str(small_disk / "payments.db"), "--workers", str(WORKERS), "--log-format", "none"]
    serve = [sys.executable, "-m", "payments_mock", "serve", *options]
    with MortalServer(lambda port: [*serve, "--port", str(port)], tmp_path) as server:
        clients: list[Client] = [KioskClient(server.url, 0, OUTAGES), TossClient(server.url, 1, OUTAGES)]
        for client in clients:
            client.start()

        wait_until(lambda: all(client.refused for client in clients), clients)
        # Each worker finds out for itself.
        wait_until(lambda: not any(server.is_healthy() for _ in range(LOOKS)), clients)
        lived = [len(client.lives) for client in clients]
        subprocess.run(["mount", "-o", f"remount,{LARGE}", str(small_disk)], check=True)
        began = time.monotonic()
        wait_until(
            lambda: all(len(client.lives) > n for client, n in zip(clients, lived, strict=True)), clients
        )
        wait_until(lambda: all(server.is_healthy() for _ in range(LOOKS)), clients)
        recovery = time.monotonic() - began
        server.kill_all()
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        auditor.look_through(clients)
        log = server.stop()
        # Shown with -s, and where it fails.
        print(f"{[dict(client.refused) for client in clients]} refused, back in {recovery:.2f} s")
        assert auditor.faults == []
        assert "database or disk is full" in log
        assert "Traceback" not in log, log[-4000:]
        assert recovery <= RECOVERY_SECONDS


def wait_until(condition: Callable[[], bool], clients: list[Client]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, [client.refusals for client in clients]
        time.sleep(0.01)
