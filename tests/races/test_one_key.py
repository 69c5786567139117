"""Equal calls at once with one idempotency key, on servers with threads: one acts, whatever meets."""

import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from testkit.depth import depth
from testkit.processes import running_server
from tests.races.clients import Clients

KEYS = depth(500, 6)
CLIENTS = 6

pytestmark = pytest.mark.every_database


@pytest.fixture(scope="module")
def clients(racing_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    options = ["--threads", "4", "--database-url", racing_database]
    with (
        running_server([*command, *options], tmp_path_factory.mktemp("one-key")) as server,
        Clients(urlsplit(server.url).netloc, CLIENTS) as clients,
    ):
        yield clients


def test_of_equal_partial_cancels_with_one_key_one_is_done_and_told_to_all(clients: Clients) -> None:
    asked = clients.one.check_out("order_of_many_parts", amount=100_000)
    clients.one.granted(clients.one.confirm(asked))
    payment_key = asked["paymentKey"]

    for number in range(KEYS):
        key = f"part-{number:04}"
        answers = clients.at_once(
            [lambda client, key=key: client.cancel_part(payment_key, 10, key)] * CLIENTS
        )
        again = clients.one.cancel_part(payment_key, 10, key)

        assert {answer.code for answer in answers} <= {"OK", "IDEMPOTENT_REQUEST_PROCESSING"}
        assert {answer.body for answer in answers if answer.is_granted} == {again.body}

    payment = clients.one.look_up(payment_key)
    assert len(payment["cancels"]) == KEYS
    assert payment["balanceAmount"] == 100_000 - 10 * KEYS
