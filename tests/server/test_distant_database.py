"""A database that is far away, or that lets a call wait: others are answered meanwhile."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import requests

from benchmarks.network import Network, network
from testkit.postgresql import Postgresql
from testkit.processes import running_server
from testkit.sandbox import Sandbox, in_the_background

AWAY_SECONDS = 1.0
AT_ONCE = 8
PAGE = "/favicon.ico"


@pytest.fixture(scope="module")
def far(postgresql: Postgresql) -> Iterator[Network]:
    with network(postgresql.socket_folder) as far:
        yield far


@pytest.fixture(scope="module")
def database(postgresql: Postgresql) -> str:
    return postgresql.create()


@pytest.fixture(scope="module")
def url(far: Network, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(
        [*serve, "--database-url", far.url(database)], tmp_path_factory.mktemp("far")
    ) as server:
        yield server.url


@pytest.fixture
def kiosk(url: str, far: Network) -> Iterator[Sandbox]:
    """Lend a sandbox of a server whose database is near until a test moves it."""
    yield Sandbox.on(url, "kiosk")
    far.delay(0)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield threads


def state(kiosk: Sandbox, begun: dict[str, Any]) -> str:
    return str(kiosk.call("GET", f"/v1/payments/{begun['paymentKey']}").json()["status"])


def look_ups(pool: ThreadPoolExecutor, kiosk: Sandbox, begun: dict[str, Any]) -> float:
    """Look a payment up by all clients at once, and return the seconds until the last has its answer."""
    began = time.monotonic()
    assert set(pool.map(lambda _: state(kiosk, begun), range(AT_ONCE))) == {"INITIATED"}
    return time.monotonic() - began


def slowest_page(url: str, seconds: float) -> float:
    """Ask for a page that needs no database, again and again; returns how long the slowest took."""
    slowest, end = 0.0, time.monotonic() + seconds
    with requests.Session() as session:
        while time.monotonic() < end:
            began = time.monotonic()
            assert session.get(url + PAGE, timeout=30).ok
            slowest = max(slowest, time.monotonic() - began)
    return slowest


def test_look_ups_wait_for_the_database_side_by_side(
    far: Network, kiosk: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = kiosk.begin()
    # Every client's call has its connection then.
    look_ups(pool, kiosk, begun)
    far.delay(AWAY_SECONDS)

    assert look_ups(pool, kiosk, begun) < AT_ONCE * AWAY_SECONDS / 2


def test_pages_are_answered_while_calls_wait_for_the_database(
    url: str, far: Network, kiosk: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = kiosk.begin()
    look_ups(pool, kiosk, begun)
    far.delay(AWAY_SECONDS)
    waiting = [pool.submit(state, kiosk, begun) for _ in range(AT_ONCE)]

    assert slowest_page(url, AWAY_SECONDS) < AWAY_SECONDS * 0.8
    assert {each.result() for each in waiting} == {"INITIATED"}


def test_nobody_else_waits_for_the_database_where_a_hold_ends(
    url: str, far: Network, kiosk: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = kiosk.begin()
    kiosk.control(
        "POST", "faults", match={"operation": "confirm"}, moment="before", effect={"kind": "hold"}, times=1
    )
    call = in_the_background(pool, kiosk, begun)
    assert kiosk.control("GET", "held-calls?count=1&wait=20")["heldCalls"]
    far.delay(AWAY_SECONDS)
    ended = pool.submit(kiosk.control, "POST", "held-calls/end", do="let-go")

    assert slowest_page(url, 5 * AWAY_SECONDS) < AWAY_SECONDS * 0.8
    assert ended.result()["ended"] == 1
    assert call.result().status_code == 200


def test_a_call_that_waits_for_a_lock_keeps_nobody_waiting(
    postgresql: Postgresql, database: str, kiosk: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = kiosk.begin()
    with psycopg.connect(f"host={postgresql.socket_folder} user=postgres dbname={database}") as other:
        other.execute("SELECT 1 FROM payments FOR UPDATE")
        locked = in_the_background(pool, kiosk, begun)

        assert look_ups(pool, kiosk, begun) < 1
        assert not locked.done()
    assert locked.result().status_code == 200
