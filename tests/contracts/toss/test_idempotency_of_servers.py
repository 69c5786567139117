"""Idempotency keys where it matters: many clients at once, several processes, and processes that die."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, text

from payments_mock.storage.engine.engines import SQLITE
from testkit.inside.shop import basic
from testkit.processes import ServerProcess, running_server, start_server
from testkit.races import at_once

CLIENTS = 32
TIMEOUT_SECONDS = 30
CARD = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "90",
    "cardExpirationMonth": "07",
    "customerIdentityNumber": "881212",
}
ROOT = Path(__file__).parents[3]


def serve(*options: str) -> list[str]:
    """Return the command of a server on a free port."""
    return [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none", *options]


def post(
    url: str,
    path: str,
    fields: dict[str, Any],
    key: str | None = None,
    secret_key: str = "test_sk_toss_dummy",
) -> requests.Response:
    headers = {"Authorization": basic(f"{secret_key}:")} | ({"Idempotency-Key": key} if key else {})
    return requests.post(f"{url}{path}", json=fields, headers=headers, timeout=TIMEOUT_SECONDS)


def get(url: str, path: str, secret_key: str = "test_sk_toss_dummy") -> requests.Response:
    headers = {"Authorization": basic(f"{secret_key}:")}
    return requests.get(f"{url}{path}", headers=headers, timeout=TIMEOUT_SECONDS)


def check_out(url: str, order_id: str) -> dict[str, Any]:
    """Let a shopper agree to pay; returns the body of the confirm."""
    order = {"orderId": order_id, "orderName": "셔츠", "amount": 10_000, "method": "CARD"}
    begun = post(url, "/control/checkouts", order | {"clientKey": "test_ck_toss_dummy"}).json()
    return {name: begun[name] for name in ("paymentKey", "orderId", "amount")}


@pytest.fixture(scope="module", params=["1", "2"], ids=["one worker", "two workers"])
def url(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    database_kind: str,
    new_database: Callable[[], str],
) -> Iterator[str]:
    kept = [] if database_kind == SQLITE else ["--database-url", new_database()]
    command = serve("--workers", request.param, *kept)
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


def test_of_32_requests_at_once_with_one_key_one_is_executed(url: str) -> None:
    orders = [f"order_{number:06}" for number in range(CLIENTS)]
    charge = {"amount": 10_000, "orderName": "셔츠", **CARD}

    answers = at_once(
        [
            lambda o=order: post(url, "/v1/payments/key-in", {**charge, "orderId": o}, "one")
            for order in orders
        ]
    )

    done = [answer for answer in answers if answer.status_code == 200]
    busy = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(busy) == CLIENTS
    assert {answer.json()["code"] for answer in busy} <= {"IDEMPOTENT_REQUEST_PROCESSING"}
    assert len({answer.content for answer in done}) == 1
    found = [get(url, f"/v1/payments/orders/{order}").status_code for order in orders]
    assert sorted(found) == [200] + [404] * (CLIENTS - 1)


def test_of_32_confirms_at_once_with_one_key_nobody_hears_that_it_was_done_before(url: str) -> None:
    confirm = check_out(url, "order_confirm")

    answers = at_once([lambda: post(url, "/v1/payments/confirm", confirm, "two") for _ in range(CLIENTS)])

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert "ALREADY_PROCESSED_PAYMENT" not in {answer.json().get("code") for answer in answers}
    assert post(url, "/v1/payments/confirm", confirm, "two").json()["status"] == "DONE"


def test_of_32_creates_on_the_kiosk_contract_at_once_with_one_key_one_is_executed(url: str) -> None:
    payments = [
        {"paymentKey": f"pay_{number:06}", "orderId": f"order_{number:06}", "amount": 10_000}
        for number in range(CLIENTS)
    ]

    answers = at_once(
        [lambda p=payment: post(url, "/v1/payments", p, "one", "test_sk_dummy") for payment in payments]
    )

    assert len({answer.content for answer in answers if answer.ok}) == 1
    assert {answer.status_code for answer in answers if not answer.ok} <= {409}
    found = [
        get(url, f"/v1/payments/{payment['paymentKey']}", "test_sk_dummy").status_code for payment in payments
    ]
    assert sorted(found) == [200] + [404] * (CLIENTS - 1)


def started(folder: Path, name: str, database: str) -> ServerProcess:
    output = folder / name
    output.mkdir()
    return start_server(serve("--database-url", database), output)


def killed_amid_a_confirm(database: str, confirm: dict[str, Any], key: str) -> None:
    """Confirm in a process that dies after its claim and before its answer."""
    arguments = (database, confirm["paymentKey"], confirm["orderId"], key)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.contracts.toss.doomed_confirm", *arguments],
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    engine = create_engine(database)
    with engine.connect() as connection:
        claims = text("SELECT count(*) FROM idempotent_answers WHERE status IS NULL")
        assert connection.scalar(claims) == 1
    engine.dispose()


def test_keys_outlive_a_server_and_a_process_that_dies_amid_its_work_leaves_none_behind(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    database = new_database()
    server = started(tmp_path, "first", database)
    try:
        done, doomed = check_out(server.url, "order_done"), check_out(server.url, "order_doomed")
        refused = done | {"amount": 1}
        first = post(server.url, "/v1/payments/confirm", done, "done")
        error = post(server.url, "/v1/payments/confirm", refused, "refused")
    finally:
        server.kill()
    killed_amid_a_confirm(database, doomed, "doomed")
    server = started(tmp_path, "second", database)
    try:
        assert post(server.url, "/v1/payments/confirm", done, "done").content == first.content
        assert post(server.url, "/v1/payments/confirm", refused, "refused").content == error.content
        taken_over = post(server.url, "/v1/payments/confirm", doomed, "doomed")
        assert (taken_over.status_code, taken_over.json().get("status")) == (200, "DONE")
        assert post(server.url, "/v1/payments/confirm", doomed, "doomed").content == taken_over.content
    finally:
        server.kill()
    assert (first.json()["status"], error.json()["code"]) == ("DONE", "FORBIDDEN_REQUEST")
