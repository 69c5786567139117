"""Two servers on PostgreSQL that know a key: what one changes, the other knows at its next call."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest
import requests

from testkit.depth import depth
from testkit.processes import running_server

pytestmark = pytest.mark.only_postgresql

ROUNDS = depth(200, 5)
names = count(1)
Sandbox = dict[str, Any]


@pytest.fixture(scope="module")
def urls(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    command = [*serve, "--database-url", new_database()]
    with ExitStack() as stack:
        yield [
            stack.enter_context(running_server(command, tmp_path_factory.mktemp("replica"))).url
            for _ in range(2)
        ]


@pytest.fixture
def sandbox(urls: list[str]) -> Sandbox:
    """Make a sandbox whose key both servers know, as each has answered it."""
    made = control(urls[0], "", contract="kiosk")
    assert [pay(url, made).status_code for url in urls] == [200, 200]
    return made


def control(url: str, path: str, verb: str = "POST", **fields: object) -> Sandbox:
    answer = requests.request(verb, f"{url}/control/sandboxes{path}", json=fields, timeout=30)
    assert answer.status_code < 300, answer.text
    found: Sandbox = answer.json()
    return found


def pay(url: str, sandbox: Sandbox) -> requests.Response:
    name = f"{next(names):08}"
    body = {"paymentKey": f"pay_{name}", "orderId": f"order_{name}", "amount": 1_000}
    return requests.post(f"{url}/v1/payments", json=body, auth=(sandbox["secretKey"], ""), timeout=30)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_key_that_one_deletes_is_refused_by_both(urls: list[str], sandbox: Sandbox, _round: int) -> None:
    control(urls[0], f"/{sandbox['id']}", "DELETE")

    assert [pay(url, sandbox).status_code for url in urls] == [401, 401]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_key_that_is_another_sandboxes_now_is_its(urls: list[str], sandbox: Sandbox, _round: int) -> None:
    control(urls[0], f"/{sandbox['id']}", "DELETE")
    control(urls[0], "", contract="toss", secretKey=sandbox["secretKey"])

    # So says the Toss contract of these fields; the kiosk contract would take them.
    assert [pay(url, sandbox).json()["code"] for url in urls] == ["INVALID_REQUEST"] * 2


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_fault_that_one_arms_strikes_at_both(urls: list[str], sandbox: Sandbox, _round: int) -> None:
    effect = {"kind": "error", "status": 503}
    control(urls[0], f"/{sandbox['id']}/faults", match={}, moment="before", effect=effect, times="always")

    assert [pay(url, sandbox).status_code for url in urls] == [503, 503]


def test_a_refusal_that_asks_the_database_for_nothing_is_by_what_is_true_now(
    urls: list[str], sandbox: Sandbox
) -> None:
    control(urls[0], f"/{sandbox['id']}", "DELETE")

    answer = requests.post(f"{urls[1]}/v1/payments", json={}, auth=(sandbox["secretKey"], ""), timeout=30)

    assert answer.status_code == 401
