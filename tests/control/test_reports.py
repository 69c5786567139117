"""How late the lists of transactions and settlements are: not at all, unless a test wants it."""

from typing import Any

import pytest

from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import pay
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def sandbox(desk: Desk) -> SandboxDesk:
    made = desk.sandbox(contract="toss")
    made.done("POST", "clock", freeze=True)
    return made


def listed(shop: TossMerchant, what: str = "transactions", **query: object) -> list[str]:
    period = {"startDate": "2024-01-01", "endDate": "2024-12-31"}
    answer = shop.call("GET", f"/v1/{what}", query_string=period | query)
    assert answer.status_code == 200, answer.text
    return [row["paymentKey"] for row in answer.get_json()]


def test_they_are_not_late_at_first(sandbox: SandboxDesk) -> None:
    paid = pay(sandbox.merchant())

    assert sandbox.done("GET", "reports") == {"lag": "PT0S"}
    assert listed(sandbox.merchant()) == [paid["paymentKey"]]


def test_a_payment_is_listed_when_so_much_time_has_passed_in_the_sandbox(sandbox: SandboxDesk) -> None:
    shop = sandbox.merchant()
    assert sandbox.done("POST", "reports", lag="PT10M") == {"lag": "PT10M"}
    paid = pay(shop)

    at_once = listed(shop)
    sandbox.done("POST", "clock", advance="PT9M59.999S")
    a_moment_before = listed(shop)
    sandbox.done("POST", "clock", advance="PT0.001S")

    assert (at_once, a_moment_before, listed(shop)) == ([], [], [paid["paymentKey"]])


def test_settlements_are_as_late(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "reports", lag="P1D")
    paid = pay(sandbox.merchant())

    sandbox.done("POST", "clock", advance="P1D")
    a_day_later = listed(sandbox.merchant(), "settlements")
    sandbox.done("POST", "clock", advance="P1D")

    assert a_day_later == []
    assert listed(sandbox.merchant(), "settlements") == [paid["paymentKey"]]


def test_with_a_lag_of_nothing_they_are_on_time_again(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "reports", lag="P1M")
    paid = pay(sandbox.merchant())

    assert sandbox.done("POST", "reports", lag="PT0S") == {"lag": "PT0S"}
    assert listed(sandbox.merchant()) == [paid["paymentKey"]]


def test_a_reset_puts_them_on_time_again(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "reports", lag="PT10M")

    sandbox.done("POST", "reset")

    assert sandbox.done("GET", "reports") == {"lag": "PT0S"}


def test_the_lists_of_other_sandboxes_are_on_time(desk: Desk, sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "reports", lag="PT10M")
    other = desk.sandbox(contract="toss")

    paid = pay(other.merchant())

    assert listed(other.merchant()) == [paid["paymentKey"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "lag"),
        ({"lag": "-PT10M"}, "lag"),
        ({"lag": "ten minutes"}, "lag"),
        ({"lag": 600}, "lag"),
        ({"lag": None}, "lag"),
        ({"lag": "P2000Y"}, "lag"),
        ({"lag": "PT10M", "leg": "PT10M"}, "leg"),
    ],
)
def test_what_will_not_do_is_refused_by_its_field(
    sandbox: SandboxDesk, fields: dict[str, Any], field: str
) -> None:
    answer = sandbox.call("POST", "reports", json=fields)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, [field])


def test_the_kiosk_contract_has_no_such_lists(desk: Desk) -> None:
    answer = desk.sandbox().call("POST", "reports", json={"lag": "PT10M"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "NO_REPORTS")
