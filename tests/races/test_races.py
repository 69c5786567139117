"""Calls that meet on one payment, over HTTP and several processes: all ends as if they came in turn."""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest

from testkit.depth import depth
from testkit.inside.bank_shop import REFUND_ACCOUNT
from testkit.processes import running_server
from tests.races.clients import UNDER_WAY, Answer, Client, Clients

ROUNDS = depth(200, 2)
CLIENTS = 4
orders = count(1)


@pytest.fixture(scope="module")
def clients(racing_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    options = ["--workers", "2", "--database-url", racing_database]
    with (
        running_server([*command, *options], tmp_path_factory.mktemp("races")) as server,
        Clients(urlsplit(server.url).netloc, CLIENTS) as clients,
    ):
        yield clients


@pytest.fixture(params=range(ROUNDS), ids=lambda number: f"round-{number}")
def order_id(request: pytest.FixtureRequest) -> str:
    return f"order_{next(orders):08}"


def granted(answers: list[Answer]) -> int:
    return sum(answer.is_granted for answer in answers)


def canceled(payment: dict[str, Any]) -> int:
    return sum(cancel["cancelAmount"] for cancel in payment["cancels"] or ())


def test_of_confirms_one_approves(clients: Clients, order_id: str) -> None:
    asked = clients.one.check_out(order_id)

    answers = clients.at_once([lambda client: client.confirm(asked)] * CLIENTS)

    counted = Counter(answer.code for answer in answers)
    assert counted.pop("OK") == 1
    # Who came while the first was at work is told so, who came later that it is done.
    assert counted.keys() <= {"ALREADY_PROCESSED_PAYMENT", UNDER_WAY}
    assert clients.one.look_up(asked["paymentKey"])["status"] == "DONE"


def test_of_confirms_of_one_order_one_payment_is_approved(clients: Clients, order_id: str) -> None:
    asked = [clients.one.check_out(order_id) for _ in range(CLIENTS)]

    answers = clients.at_once([lambda client, body=body: client.confirm(body) for body in asked])

    assert granted(answers) == 1
    states = Counter(clients.one.look_up(body["paymentKey"])["status"] for body in asked)
    assert states["DONE"] == 1


def test_a_confirm_and_a_cancel_leave_it_approved_or_canceled_after_that(
    clients: Clients, order_id: str
) -> None:
    asked = clients.one.check_out(order_id)
    key = asked["paymentKey"]

    def confirm(client: Client) -> Answer:
        return client.confirm(asked)

    def cancel(client: Client) -> Answer:
        return client.cancel(key)

    answers = clients.at_once([confirm, cancel, confirm, cancel])

    payment = clients.one.look_up(key)
    confirms, cancels = granted(answers[::2]), granted(answers[1::2])
    assert (confirms, cancels, payment["status"]) in {(1, 0, "DONE"), (1, 1, "CANCELED")}
    assert (canceled(payment), payment["balanceAmount"]) == (10_000 * cancels, 10_000 * (1 - cancels))


def test_partial_cancels_never_give_back_more_than_was_paid(clients: Clients, order_id: str) -> None:
    asked = clients.one.check_out(order_id)
    clients.one.granted(clients.one.confirm(asked))
    key = asked["paymentKey"]

    answers = clients.at_once([lambda client: client.cancel(key, cancelAmount=3_000)] * CLIENTS)

    payment = clients.one.look_up(key)
    assert granted(answers) == 3
    assert (canceled(payment), payment["balanceAmount"]) == (9_000, 1_000)
    assert len({cancel["transactionKey"] for cancel in payment["cancels"]}) == 3


def test_a_deposit_and_a_cancel_happen_once_each_at_the_most(clients: Clients, order_id: str) -> None:
    asked = clients.one.check_out(order_id, method="VIRTUAL_ACCOUNT")
    clients.one.granted(clients.one.confirm(asked))
    key = asked["paymentKey"]

    def deposit(client: Client) -> Answer:
        return client.act(key, "deposit")

    def cancel(client: Client) -> Answer:
        return client.cancel(key, refundReceiveAccount=REFUND_ACCOUNT)

    answers = clients.at_once([deposit, cancel, deposit, cancel])

    deposits, cancels = granted(answers[::2]), granted(answers[1::2])
    status = clients.one.look_up(key)["status"]
    assert (deposits, cancels, status) in {(0, 1, "CANCELED"), (1, 1, "CANCELED"), (1, 0, "DONE")}


def test_a_payment_expires_or_is_approved(clients: Clients, order_id: str) -> None:
    asked = clients.one.check_out(order_id)
    key = asked["paymentKey"]

    def expire(client: Client) -> Answer:
        return client.act(key, "expire")

    def confirm(client: Client) -> Answer:
        return client.confirm(asked)

    answers = clients.at_once([expire, confirm, expire, confirm])

    status = clients.one.look_up(key)["status"]
    assert (granted(answers[1::2]), status) in {(1, "DONE"), (0, "EXPIRED")}


def test_of_calls_with_one_idempotency_key_one_acts_and_all_others_hear_its_answer(
    clients: Clients, order_id: str
) -> None:
    asked = clients.one.check_out(order_id)

    answers = clients.at_once([lambda client: client.confirm(asked, Idempotency_Key=order_id)] * CLIENTS)

    assert {answer.code for answer in answers} <= {"OK", "IDEMPOTENT_REQUEST_PROCESSING"}
    assert len({answer.body for answer in answers if answer.is_granted}) == 1
    again = clients.one.confirm(asked, Idempotency_Key=order_id)
    assert again.body in {answer.body for answer in answers}
