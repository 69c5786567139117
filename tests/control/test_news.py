"""Events on every database: new ones, settled payments, and what was forgotten."""

from typing import Any

import pytest

from payments_mock.storage.journal_writing import MOST_STRAY_CALLS
from testkit.inside.shop import basic
from tests.control.desk import Desk

pytestmark = pytest.mark.every_database


def events(desk: Desk, **query: object) -> Any:
    answer = desk.call("GET", "events", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_what_happened_is_told_once(desk: Desk) -> None:
    sandbox = desk.sandbox()
    start = events(desk)["seq"]
    sandbox.shop().pay()
    sandbox.call("GET", "journal", query_string={"count": 1, "wait": 5})

    news = events(desk, after=start, wait=5)

    assert {"payment", "movement", "call"} >= {one["kind"] for one in news["events"]} >= {"movement"}
    assert {one["sandbox"] for one in news["events"]} == {sandbox.made["id"]}
    assert events(desk, after=news["seq"]) == {"seq": news["seq"], "events": []}


def test_a_reset_is_told(desk: Desk) -> None:
    sandbox = desk.sandbox()
    sandbox.shop().create()
    told = events(desk, after="0", sandbox=sandbox.made["id"])

    sandbox.done("POST", "reset")

    news = events(desk, after=told["seq"], sandbox=sandbox.made["id"])
    assert [one["kind"] for one in news["events"]] == ["forgotten"]


def stray(desk: Desk, key: str) -> None:
    headers = {"Authorization": basic(f"{key}:")}
    answer = desk.app.test_client().get("/v1/payments/pay_1", headers=headers)
    assert answer.status_code == 401


def test_a_call_of_nobody_is_told_once_where_no_sandbox_is_named(desk: Desk) -> None:
    sandbox = desk.sandbox()
    start = events(desk)["seq"]
    stray(desk, "test_sk_nobody_has_this")

    news = events(desk, after=start, wait=5)

    [told] = news["events"]
    newest = desk.done("GET", "stray-calls?limit=1")["strayCalls"][0]
    wanted = {"seq": news["seq"], "at": newest["at"], "kind": "stray-call", "id": newest["id"]}
    assert told == wanted | dict.fromkeys(("sandbox", "orderId", "paymentKey"))
    assert events(desk, after=news["seq"])["events"] == []
    assert events(desk, after=start, sandbox=sandbox.made["id"])["events"] == []


def test_calls_of_nobody_are_told_among_the_others_in_their_order(desk: Desk) -> None:
    sandbox = desk.sandbox()
    start = events(desk)["seq"]
    for number in range(3):
        stray(desk, f"test_sk_nobody_{number}")
        sandbox.shop().get()

    told = events(desk, after=start, wait=5)["events"]
    ids = [one["id"] for one in told if one["kind"] == "stray-call"]
    assert ids == sorted(ids)
    assert [one["kind"] for one in told].count("call") == len(ids) == 3


def test_more_calls_of_nobody_than_are_kept_are_looked_at_anew(desk: Desk) -> None:
    stray(desk, "test_sk_nobody")
    start = events(desk)["seq"]
    for number in range(MOST_STRAY_CALLS + 1):
        stray(desk, f"test_sk_nobody_{number}")

    news = events(desk, after=start)

    assert [one["kind"] for one in news["events"]] == ["forgotten"]
    stray(desk, "test_sk_nobody")
    assert [one["kind"] for one in events(desk, after=news["seq"])["events"]] == ["stray-call"]
