"""The machine's clock is stepped while the server works: calls go on, and what was answered holds."""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from testkit.depth import depth, waits_for_ci
from tests.chaos.audit import Auditor
from tests.chaos.load import Client, KioskClient, TossClient, wait_for_lives
from tests.chaos.mortal import MortalServer

pytestmark = waits_for_ci

STEPS_SECONDS = (300, -3600, 300, -86_400, 540, -1)
"""None leads so far ahead that a payment which a shopper agreed to runs out of its ten minutes."""

RECOVERY_SECONDS = 2.0


def test_a_step_of_the_clock_stops_nothing(new_database: Callable[[], str], tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    steps.write_text("0")
    script, database_url = [sys.executable, "-m", "tests.chaos.stepped_server", str(steps)], new_database()
    with MortalServer(lambda port: [*script, str(port), database_url], tmp_path) as server:
        clients: list[Client] = [KioskClient(server.url, 0), TossClient(server.url, 1)]
        for client in clients:
            client.start()

        offset, waits = 0, []
        for step in STEPS_SECONDS[: depth(6, 2)]:
            wait_for_lives(clients)
            offset += step
            rewrite(steps, str(offset))
            waits.append(wait_for_lives(clients))
        server.kill_all()
        wait_for_lives(clients)
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        auditor.look_through(clients)
        log = server.stop()
        assert auditor.faults == []
        assert "Traceback" not in log, log[-4000:]
        assert median(waits) <= RECOVERY_SECONDS


def rewrite(file: Path, text: str) -> None:
    """Replace a file atomically, so that nobody reads half of it."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)
