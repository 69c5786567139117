"""PostgreSQL goes away while servers work, or hangs up on them: what was answered holds, and all goes on."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from testkit.postgresql import Halt, Postgresql, running_postgresql
from tests.chaos.audit import Auditor
from tests.chaos.load import Client, KioskClient, TossClient, wait_for_lives
from tests.chaos.mortal import PATIENCE_SECONDS, MortalServer

OUTAGES = 8
DOWN_SECONDS = 0.5
CUTS_OF_AN_OUTAGE = 5
WORKERS = 2
CLIENTS_OF_A_KIND = 2
RECOVERY_SECONDS = 2.0
REFUSALS = {"INTERNAL_ERROR", "FAILED_INTERNAL_SYSTEM_PROCESSING", "DATABASE_UNAVAILABLE"}

pytestmark = pytest.mark.skipif("CI" not in os.environ, reason="tests/storage has the same, without a server")


@pytest.fixture(scope="module")
def mortal_postgresql() -> Iterator[Postgresql]:
    """Lend a PostgreSQL that nobody else uses."""
    with running_postgresql(keeps_commits=True) as server:
        yield server


def restart(how: Halt) -> Callable[[Postgresql, str], None]:
    def away_and_back(postgresql: Postgresql, _database: str) -> None:
        postgresql.halt(how)
        time.sleep(DOWN_SECONDS)
        postgresql.start_again()

    return away_and_back


def hang_up(postgresql: Postgresql, database: str) -> None:
    for _ in range(CUTS_OF_AN_OUTAGE):
        postgresql.cut_connections(database)
        time.sleep(DOWN_SECONDS / CUTS_OF_AN_OUTAGE)


@pytest.mark.only_postgresql
@pytest.mark.parametrize(
    "break_off",
    [
        pytest.param(restart(Halt.FAST), id="stopped"),
        pytest.param(restart(Halt.IMMEDIATE), id="crashed"),
        pytest.param(hang_up, id="hung up"),
    ],
)
def test_nothing_that_was_answered_is_lost_or_done_twice(
    mortal_postgresql: Postgresql, tmp_path: Path, break_off: Callable[[Postgresql, str], None]
) -> None:
    database = mortal_postgresql.create()
    options = ["--database-url", mortal_postgresql.url(database), "--workers", str(WORKERS)]
    serve = [sys.executable, "-m", "payments_mock", "serve", *options, "--log-format", "none"]
    with MortalServer(lambda port: [*serve, "--port", str(port)], tmp_path) as server:
        clients: list[Client] = [
            kind(server.url, number, tuple(REFUSALS))
            for number, kind in enumerate([KioskClient, TossClient] * CLIENTS_OF_A_KIND)
        ]
        for client in clients:
            client.start()

        recoveries = []
        for _ in range(OUTAGES):
            wait_for_lives(clients)
            break_off(mortal_postgresql, database)
            recoveries.append(seconds_until(server.takes_payments))
        wait_for_lives(clients)
        for client in clients:
            client.stop()

        auditor = Auditor(server.url)
        lives = auditor.look_through(clients)
        log = server.stop()
        refused = sum((client.refused for client in clients), Counter[str]())
        # Shown with -s, and where it fails.
        print(f"{lives} lives, refused {dict(refused)}, recovered in {max(recoveries):.2f} s")
        assert auditor.faults == []
        assert refused.keys() & REFUSALS
        assert "Traceback" not in log, log[-4000:]
        assert max(recoveries) <= RECOVERY_SECONDS, recoveries


def seconds_until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE_SECONDS
        time.sleep(0.01)
    return time.monotonic() - began
