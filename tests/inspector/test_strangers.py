"""Calls with a key that nobody has are told, and a sandbox can be made for such a key."""

from typing import Any

import pytest
from flask import Flask

from payments_mock.storage.journal_writing import MOST_STRAY_CALLS
from testkit.inside.shop import Shop, basic
from tests.control.desk import Desk

PAYMENT = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 15000}


def call(app: Flask, key: str | None) -> int:
    headers = {} if key is None else {"Authorization": basic(f"{key}:")}
    return app.test_client().post("/v1/payments", json=PAYMENT, headers=headers).status_code


def strays(desk: Desk, limit: int = 50) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = desk.done("GET", f"stray-calls?limit={limit}")["strayCalls"]
    return listed


def test_a_call_with_an_unknown_key_is_told_without_the_key(app: Flask, desk: Desk) -> None:
    assert call(app, "test_sk_nobodyhasthis") == 401

    [stray] = strays(desk, 1)
    assert (stray["method"], stray["path"], stray["status"]) == ("POST", "/v1/payments", 401)
    assert (stray["key"], stray["adoptable"]) == ("test_sk_no...", True)
    assert "nobodyhasthis" not in str(strays(desk))


@pytest.mark.parametrize(("key", "shown"), [(None, None), ("live_sk_abcdef", "live_sk_ab..."), ("x", "x...")])
def test_a_key_of_no_test_sandbox_is_told_and_not_adopted(
    app: Flask, desk: Desk, key: str | None, shown: str | None
) -> None:
    call(app, key)

    [stray] = strays(desk, 1)
    assert (stray["key"], stray["adoptable"]) == (shown, False)
    assert desk.call("POST", f"stray-calls/{stray['id']}/sandbox").status_code == 404


@pytest.mark.parametrize("contract", ["kiosk", "toss"])
def test_a_sandbox_is_made_that_has_the_key(app: Flask, desk: Desk, contract: str) -> None:
    key = f"test_sk_adopted{contract}"
    call(app, key)

    made = desk.done("POST", f"stray-calls/{strays(desk, 1)[0]['id']}/sandbox", contract=contract)

    assert made["contract"] == contract
    assert Shop(app, key).call("GET", "/v1/payments/pay_none").status_code == 404
    assert len(desk.done("GET", f"sandboxes/{made['id']}/journal")["entries"]) == 1


def test_a_key_is_adopted_once(app: Flask, desk: Desk) -> None:
    call(app, "test_sk_twice")
    path = f"stray-calls/{strays(desk, 1)[0]['id']}/sandbox"
    desk.done("POST", path)
    before = len(desk.done("GET", "sandboxes")["sandboxes"])

    assert desk.call("POST", path).status_code == 409
    assert len(desk.done("GET", "sandboxes")["sandboxes"]) == before


def test_a_call_with_a_known_key_is_none_of_them(app: Flask, desk: Desk) -> None:
    before = strays(desk)
    desk.sandbox().shop().pay()

    assert strays(desk) == before


def test_the_newest_are_kept(app: Flask, desk: Desk) -> None:
    for number in range(MOST_STRAY_CALLS + 5):
        call(app, f"test_sk_many{number}")
        if number % 50 == 0:
            strays(desk)

    assert len(strays(desk, MOST_STRAY_CALLS)) == MOST_STRAY_CALLS
