"""Servers are killed while they work: what was answered holds, nothing is done twice, nobody waits long."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from testkit.depth import depth, waits_for_ci
from tests.chaos.audit import Auditor
from tests.chaos.load import KioskClient, TossClient
from tests.chaos.mortal import MortalServer

pytestmark = waits_for_ci

CLIENTS_OF_A_KIND = 2
SECONDS_BETWEEN_KILLS = depth(10, 3) / 10
RECOVERY_SECONDS = 2.0


@pytest.mark.parametrize(("workers", "kills"), [(1, 15), (3, depth(60, 2))][depth(0, 1) :])
def test_nothing_that_was_answered_is_lost_or_done_twice(
    new_database: Callable[[], str], tmp_path: Path, workers: int, kills: int
) -> None:
    options = ["--database-url", new_database(), "--workers", str(workers), "--log-format", "none"]
    serve = [sys.executable, "-m", "payments_mock", "serve", *options]
    with MortalServer(lambda port: [*serve, "--port", str(port)], tmp_path) as server:
        clients = [
            kind(server.url, number)
            for number, kind in enumerate([KioskClient, TossClient] * CLIENTS_OF_A_KIND)
        ]
        for client in clients:
            client.start()

        pause, began = threading.Event(), time.monotonic()
        for number in range(kills):
            # A recovery that takes longer has the next kill at the next full second.
            pause.wait(SECONDS_BETWEEN_KILLS - (time.monotonic() - began) % SECONDS_BETWEEN_KILLS)
            server.kill_worker() if number % 2 else server.kill_all()
        lasted = time.monotonic() - began
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        lives = auditor.look_through(clients)
        log = server.stop()
        worst, lost = max(server.recoveries), sum(client.lost for client in clients)
        # Shown with -s, and where it fails.
        print(f"{kills} kills in {lasted:.0f} s, {lives} lives, {lost} answers lost, back in {worst:.2f} s")
        assert auditor.faults == []
        assert lives > len(server.recoveries) == kills
        assert "Traceback" not in log, log[-4000:]
        assert worst <= RECOVERY_SECONDS, server.recoveries
