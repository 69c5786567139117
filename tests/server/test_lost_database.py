"""A server outlives its database: what it answered holds, and it is itself again as soon as the other is."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from step_defs.support.processes import ServerProcess, running_server
from tests.races.clients import Answer, Client
from tests.support.postgresql import Postgresql

RECOVERY_SECONDS = 2.0
PATIENCE_SECONDS = 20.0
CUTS = 5

pytestmark = pytest.mark.skipif("CI" not in os.environ, reason="tests/storage has the same, without a server")


@pytest.fixture(scope="module")
def database(postgresql: Postgresql) -> str:
    return postgresql.create()


@pytest.fixture(scope="module")
def server(
    postgresql: Postgresql, database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    options = ["--workers", "2", "--database-url", postgresql.url(database)]
    folder = tmp_path_factory.mktemp("server")
    with running_server([*command, *options], folder) as server:
        yield server
        # What befell calls is logged with all that is known of it, and is no fault of this server.
        (folder / "stderr").write_text("")


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    client = Client(urlsplit(server.url).netloc)
    yield client
    client.connection.close()


def wait_until(is_so: Callable[[], bool]) -> float:
    """Wait until something is so; returns for how many seconds."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE_SECONDS
        time.sleep(0.01)
    return time.monotonic() - began


def test_connections_that_are_cut_between_calls_cost_no_call(
    client: Client, postgresql: Postgresql, database: str
) -> None:
    asked = client.check_out("order_before")

    postgresql.cut_connections(database)

    assert client.confirm(asked).status == 200


def test_what_was_answered_amid_cuts_holds_and_the_last_of_them_is_soon_forgotten(
    server: ServerProcess, client: Client, postgresql: Postgresql, database: str
) -> None:
    answers: list[tuple[str, Answer]] = []
    is_over = Event()

    def pay_on() -> None:
        till = Client(urlsplit(server.url).netloc)
        while not is_over.is_set():
            order = {"orderId": f"order_{len(answers):06}", "orderName": "셔츠", "amount": 1_000}
            begun = till.call(
                "POST", "/control/checkouts", order | {"clientKey": "test_ck_toss_dummy", "method": "CARD"}
            )
            if begun.is_granted:
                asked = {name: begun.fields[name] for name in ("paymentKey", "orderId", "amount")}
                answers.append((asked["paymentKey"], till.confirm(asked)))
        till.connection.close()

    paying = Thread(target=pay_on)
    paying.start()
    try:
        for _ in range(CUTS):
            seen = len(answers)
            wait_until(lambda seen=seen: len(answers) >= seen + 5)
            postgresql.cut_connections(database)
        recovered = wait_until(lambda: client.call("GET", "/health").is_granted)
    finally:
        is_over.set()
        paying.join()

    approved = [key for key, answer in answers if answer.is_granted]
    assert recovered < RECOVERY_SECONDS
    assert {answer.status for _, answer in answers} <= {200, 500}
    assert {client.look_up(key)["status"] for key in approved} == {"DONE"}
