"""What a call sends to PostgreSQL: at most two messages for what changes a payment, and one for a look."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import requests

from benchmarks.network import Network, network
from testkit.postgresql import Postgresql
from testkit.processes import running_server

pytestmark = pytest.mark.a_few(3)

CALLS = 40
names = count(1)


@pytest.fixture(scope="module")
def near(postgresql: Postgresql) -> Iterator[Network]:
    with network(postgresql.socket_folder) as near:
        yield near


@pytest.fixture(scope="module")
def caller(
    near: Network, postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Caller"]:
    """Call a server that keeps no journal, as that is written beside the calls."""
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    options = ["--journal-entries", "0", "--database-url", near.url(postgresql.create())]
    with running_server([*serve, *options], tmp_path_factory.mktemp("messages")) as server:
        yield Caller(server.url)


class Caller:
    """A merchant on the kiosk contract."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.auth = ("test_sk_dummy", "")

    def create(self, key: str | None = None) -> dict[str, Any]:
        name = f"{next(names):08}"
        payment = {"paymentKey": f"pay_{name}", "orderId": f"order_{name}", "amount": 1_000}
        self._send("POST", "/v1/payments", payment, key)
        return payment

    def confirm(self, payment: dict[str, Any], key: str | None = None) -> None:
        self._send("POST", "/v1/payments/confirm", payment, key)

    def look_up(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self._send("GET", f"/v1/payments/{payment['paymentKey']}")

    def cancel(self, payment: dict[str, Any], key: str | None = None) -> None:
        path = f"/v1/payments/{payment['paymentKey']}/cancel"
        self._send("POST", path, {"cancelReason": "USER_REQUEST"}, key)

    def _send(self, method: str, path: str, body: object = None, key: str | None = None) -> dict[str, Any]:
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = self._session.request(method, self._url + path, json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content


def messages_of(near: Network, calls: Callable[[], object]) -> int:
    """Return how many messages each of CALLS calls sends; a server sends few beside them."""
    before = near.messages()
    calls()
    return (near.messages() - before) // CALLS


@pytest.fixture
def created(caller: Caller) -> list[dict[str, Any]]:
    # Each thread has opened its connection by then.
    return [caller.create() for _ in range(CALLS)]


@pytest.fixture
def approved(caller: Caller, created: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for payment in created:
        caller.confirm(payment)
    return created


@pytest.fixture
def canceled(caller: Caller, approved: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for payment in approved:
        caller.cancel(payment)
    return approved


def key_of(payment: dict[str, Any]) -> str:
    return f"key-{payment['paymentKey']}"


def test_a_create_sends_one(near: Network, caller: Caller, created: list[dict[str, Any]]) -> None:
    assert messages_of(near, lambda: [caller.create() for _ in range(CALLS)]) == 1


def test_a_confirm_sends_two(near: Network, caller: Caller, created: list[dict[str, Any]]) -> None:
    assert messages_of(near, lambda: [caller.confirm(payment) for payment in created]) == 2


def test_a_look_up_sends_one(near: Network, caller: Caller, approved: list[dict[str, Any]]) -> None:
    assert messages_of(near, lambda: [caller.look_up(payment) for payment in approved]) == 1


def test_a_cancel_sends_two(near: Network, caller: Caller, approved: list[dict[str, Any]]) -> None:
    assert messages_of(near, lambda: [caller.cancel(payment) for payment in approved]) == 2


def test_a_look_up_of_a_canceled_payment_sends_one(
    near: Network, caller: Caller, canceled: list[dict[str, Any]]
) -> None:
    told: list[dict[str, Any]] = []

    sent = messages_of(near, lambda: told.extend(caller.look_up(payment) for payment in canceled))

    assert sent == 1
    assert {payment["status"] for payment in told} == {"CANCELED"}


def test_an_idempotency_key_costs_a_create_no_message(
    near: Network, caller: Caller, created: list[dict[str, Any]]
) -> None:
    keys = [f"created-{next(names)}" for _ in range(CALLS)]

    assert messages_of(near, lambda: [caller.create(key) for key in keys]) == 1


def test_an_idempotency_key_costs_a_confirm_no_message(
    near: Network, caller: Caller, created: list[dict[str, Any]]
) -> None:
    assert messages_of(near, lambda: [caller.confirm(each, key_of(each)) for each in created]) == 2


def test_an_idempotency_key_costs_a_cancel_no_message(
    near: Network, caller: Caller, approved: list[dict[str, Any]]
) -> None:
    assert messages_of(near, lambda: [caller.cancel(each, key_of(each)) for each in approved]) == 2


def test_an_answer_that_is_given_again_takes_three(
    near: Network, caller: Caller, created: list[dict[str, Any]]
) -> None:
    for payment in created:
        caller.confirm(payment, key_of(payment))

    assert messages_of(near, lambda: [caller.confirm(each, key_of(each)) for each in created]) == 3
