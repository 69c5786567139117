"""What the inspector says of answers that never arrived, on a server that loses them."""

import sys
from collections.abc import Iterator

import pytest
import requests

from payments_mock.testing import RemoteServer
from payments_mock.testing.sandbox import Sandbox
from testkit.processes import running_server

PAYMENT = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 10000}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteServer]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("provider")) as started:
        yield RemoteServer(started.url)


@pytest.fixture
def sandbox(server: RemoteServer) -> Iterator[Sandbox]:
    with server.sandbox("kiosk") as sandbox:
        yield sandbox


def call(
    sandbox: Sandbox, path: str = "/confirm", method: str = "POST", headers: dict[str, str] | None = None
) -> None:
    body = PAYMENT if method == "POST" else None
    url = f"{sandbox.base_url}/v1/payments{path}"
    try:
        requests.request(method, url, json=body, auth=(sandbox.secret_key, ""), headers=headers, timeout=10)
    except requests.ConnectionError:
        return


def verdict(sandbox: Sandbox) -> tuple[str, str]:
    url = f"{sandbox.base_url}/control/sandboxes/{sandbox.id}/orders/order_1"
    found = requests.get(url, timeout=10).json()["verdict"]
    return found["kind"], found["tone"]


def test_a_lost_answer_leaves_the_shop_in_the_dark(sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer("confirm")
    call(sandbox, "")
    call(sandbox)

    assert verdict(sandbox) == ("CHARGED_UNHEARD", "trouble")


def test_a_shop_that_looks_the_payment_up_has_heard(sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer("confirm")
    call(sandbox, "")
    call(sandbox)
    call(sandbox, "/pay_1", "GET")

    assert verdict(sandbox) == ("CHARGED_ONCE_AFTER_LOSS", "sound")


def test_a_connection_that_broke_first_charged_nothing(sandbox: Sandbox) -> None:
    sandbox.faults.break_connection("confirm")
    call(sandbox, "")
    call(sandbox)

    assert verdict(sandbox) == ("NO_ANSWER", "trouble")


def test_a_stored_answer_tells_as_much_as_the_first_one(sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer("confirm")
    call(sandbox, "")
    for _ in range(2):
        call(sandbox, headers={"Idempotency-Key": "press-1"})

    assert verdict(sandbox) == ("CHARGED_ONCE_AFTER_LOSS", "sound")
