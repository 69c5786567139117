"""Confirms that meet: while the first one is not answered, the second is told so."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from flask import Flask

from payments_mock.domain.payments.payment import State
from payments_mock.storage.tables import payments
from testkit.inside.database import transaction
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm
from testkit.processes import ServerProcess
from testkit.sandbox import Sandbox, in_the_background

pytestmark = pytest.mark.every_database

UNDERWAY = "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"
HELD_SECONDS = 2.0


def hold_answers(sandbox: Sandbox, kind: str = "delay") -> None:
    seconds = {"seconds": HELD_SECONDS} if kind == "delay" else {}
    sandbox.arm(kind, "after", **seconds)


def said(answer: requests.Response) -> tuple[int, str, bool]:
    """Return the status and the code of a refusal, and whether its message tells of a call under way."""
    refusal = answer.json()
    return answer.status_code, refusal["code"], refusal["message"].startswith("[S008] ")


def old_confirm(sandbox: Sandbox, begun: dict[str, Any]) -> requests.Response:
    asked = {name: begun[name] for name in ("orderId", "amount")}
    return sandbox.call("POST", f"/v1/payments/{begun['paymentKey']}", asked)


@pytest.mark.parametrize("second", [Sandbox.confirm, old_confirm], ids=["confirm", "older confirm"])
def test_a_second_confirm_is_told_that_the_first_is_under_way_until_that_is_answered(
    sandbox: Sandbox, pool: ThreadPoolExecutor, second: Callable[..., requests.Response]
) -> None:
    begun = sandbox.begin()
    hold_answers(sandbox)

    first = in_the_background(pool, sandbox, begun)
    sandbox.await_fired()
    meanwhile = said(second(sandbox, begun))
    answered = first.result()
    afterwards = said(second(sandbox, begun))

    assert isinstance(answered, requests.Response)
    assert answered.json()["status"] == "DONE"
    assert meanwhile == (500, UNDERWAY, True)
    assert afterwards == (400, "ALREADY_PROCESSED_PAYMENT", False)


def test_a_key_that_heard_of_another_confirm_under_way_is_free_afterwards(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = sandbox.begin()
    hold_answers(sandbox)
    key = {"Idempotency-Key": "press-2"}

    first = in_the_background(pool, sandbox, begun, headers={"Idempotency-Key": "press-1"})
    sandbox.await_fired()
    meanwhile = said(sandbox.confirm(begun, headers=key))
    first.result()

    assert meanwhile == (500, UNDERWAY, True)
    assert said(sandbox.confirm(begun, headers=key)) == (400, "ALREADY_PROCESSED_PAYMENT", False)


def test_a_confirm_whose_answer_never_comes_is_under_way_too(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = sandbox.begin()
    hold_answers(sandbox, "hang")

    first = in_the_background(pool, sandbox, begun, seconds=1)
    sandbox.await_fired()
    meanwhile = said(sandbox.confirm(begun))

    assert isinstance(first.result(), requests.ReadTimeout)
    assert meanwhile == (500, UNDERWAY, True)


def test_an_answer_to_a_cancel_that_is_held_back_is_no_confirm_under_way(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = sandbox.begin()
    sandbox.confirm(begun)
    sandbox.arm("delay", "after", "cancel", seconds=HELD_SECONDS)
    path, part = f"/v1/payments/{begun['paymentKey']}/cancel", {"cancelReason": "a", "cancelAmount": 100}

    first = pool.submit(sandbox.call, "POST", path, part)
    sandbox.await_fired()

    assert said(sandbox.confirm(begun)) == (400, "ALREADY_PROCESSED_PAYMENT", False)
    assert sandbox.call("POST", path, part).json()["balanceAmount"] == 10_000 - 200
    assert first.result().json()["balanceAmount"] == 10_000 - 100


def test_the_kiosk_contract_answers_the_same_values_with_the_same_approval(
    server: ServerProcess, pool: ThreadPoolExecutor
) -> None:
    sandbox = Sandbox.on(server.url, "kiosk")
    begun = sandbox.begin()
    hold_answers(sandbox)

    first = in_the_background(pool, sandbox, begun)
    sandbox.await_fired()
    meanwhile = sandbox.confirm(begun)
    answered = first.result()

    assert isinstance(answered, requests.Response)
    assert (meanwhile.status_code, meanwhile.json()) == (200, answered.json())


BETWEEN = {"sqlite": (400, "ALREADY_PROCESSED_PAYMENT"), "postgresql": (500, UNDERWAY)}
"""SQLite lets one writer in at a time, so that nobody there comes between another's reading and writing."""


def test_whoever_comes_between_another_s_reading_and_writing_is_told_so(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor, database_kind: str
) -> None:
    begun = check_out(toss)
    same = payments.c.payment_key == begun["paymentKey"]
    approved = {"state": State.APPROVED, "revision": payments.c.revision + 1}

    with app.app_context(), transaction() as connection:
        connection.execute(payments.update().where(same).values(**approved))
        second = pool.submit(confirm, toss, begun)
        # Long enough for the second to have read, and to wait for its turn to write.
        time.sleep(0.3)

    answer = second.result()
    assert (answer.status_code, answer.get_json()["code"]) == BETWEEN[database_kind]
