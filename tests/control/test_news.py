"""Events on every database: what is new, what settled, and what was forgotten."""

from typing import Any

import pytest

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
