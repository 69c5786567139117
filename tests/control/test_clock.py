"""The clock of a sandbox: everything timed follows it, and what is due has happened when it was moved."""

from typing import Any

import pytest

from testkit.inside.bank_shop import BankShop
from testkit.inside.clock import MovableClock
from testkit.inside.toss_sales import check_out, confirm
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def sandbox(desk: Desk) -> SandboxDesk:
    return desk.sandbox(contract="toss")


def test_it_is_the_machines_at_first(sandbox: SandboxDesk) -> None:
    shown = sandbox.done("GET", "clock")

    assert shown == {
        "now": "2024-01-01T12:34:56.789Z",
        "frozen": False,
        "moved": False,
        "machineTime": "2024-01-01T12:34:56.789Z",
    }


@pytest.mark.parametrize(
    ("length", "now"),
    [
        ("PT10M", "2024-01-01T12:44:56.789Z"),
        ("P15D", "2024-01-16T12:34:56.789Z"),
        ("P1M", "2024-02-01T12:34:56.789Z"),
        ("P1DT0.5S", "2024-01-02T12:34:57.289Z"),
    ],
)
def test_it_is_advanced_by_an_iso_8601_duration(sandbox: SandboxDesk, length: str, now: str) -> None:
    assert sandbox.done("POST", "clock", advance=length)["now"] == now


def test_advances_add_up(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "clock", advance="PT10M")

    assert sandbox.done("POST", "clock", advance="PT10M")["now"] == "2024-01-01T12:54:56.789Z"


def test_it_goes_on_from_where_it_was_set(sandbox: SandboxDesk, clock: MovableClock) -> None:
    sandbox.done("POST", "clock", set="2030-05-05T09:00:00+09:00")

    clock.advance(seconds=5)

    assert sandbox.done("GET", "clock")["now"] == "2030-05-05T00:00:05.000Z"


def test_frozen_it_stands_still(sandbox: SandboxDesk, clock: MovableClock) -> None:
    frozen = sandbox.done("POST", "clock", freeze=True)
    clock.advance(hours=1)

    assert (frozen["frozen"], sandbox.done("GET", "clock")["now"]) == (True, frozen["now"])


def test_let_run_it_goes_on_from_where_it_stood(sandbox: SandboxDesk, clock: MovableClock) -> None:
    sandbox.done("POST", "clock", freeze=True)
    clock.advance(hours=1)
    sandbox.done("POST", "clock", freeze=False)
    clock.advance(seconds=3)

    assert sandbox.done("GET", "clock")["now"] == "2024-01-01T12:34:59.789Z"


def test_released_it_is_the_machines_again(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "clock", advance="P1Y", freeze=True)

    released = sandbox.done("POST", "clock", release=True)

    assert (released["now"], released["moved"]) == (released["machineTime"], False)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "advance"),
        ({"advance": "10 minutes"}, "advance"),
        ({"advance": 10}, "advance"),
        ({"advance": "-PT10M"}, "advance"),
        ({"advance": "PT0S"}, "advance"),
        ({"advance": "P2000Y"}, "advance"),
        ({"advance": "P99999999999Y"}, "advance"),
        ({"advance": "P0001-01-01T00:00:00"}, "advance"),
        ({"advance": "+PT10M"}, "advance"),
        ({"advance": "P1.5D"}, "advance"),
        ({"advance": "pt10m"}, "advance"),
        ({"set": "tomorrow"}, "set"),
        ({"set": "2026-12-24 18:30:00+09:00"}, "set"),
        ({"set": "2026-12-24T18:30:00+0900"}, "set"),
        ({"set": "2026-1-4T18:30:00Z"}, "set"),
        ({"set": "1969-01-01T00:00:00Z"}, "set"),
        ({"freeze": "perhaps"}, "freeze"),
        ({"release": False}, "release"),
        ({"advnce": "PT10M"}, "advnce"),
    ],
)
def test_what_will_not_do_is_refused_by_its_field(
    sandbox: SandboxDesk, fields: dict[str, Any], field: str
) -> None:
    assert list(sandbox.refused("POST", "clock", **fields)) == [field]


def test_a_payment_that_the_clock_overtakes_has_expired_when_the_call_returns(sandbox: SandboxDesk) -> None:
    begun = check_out(sandbox.merchant())

    due = sandbox.done("POST", "clock", advance="PT10M")["due"]

    assert due["expiredPayments"] == [begun["paymentKey"]]
    assert confirm(sandbox.merchant(), begun).get_json()["code"] == "NOT_FOUND_PAYMENT_SESSION"


def test_one_that_still_has_time_is_left_alone(sandbox: SandboxDesk) -> None:
    begun = check_out(sandbox.merchant())

    due = sandbox.done("POST", "clock", advance="PT9M59S")["due"]

    assert due["expiredPayments"] == []
    assert confirm(sandbox.merchant(), begun).status_code == 200


def test_an_account_that_the_clock_overtakes_has_closed_when_the_call_returns(
    desk: Desk, sandbox: SandboxDesk
) -> None:
    shop = BankShop(desk.app, sandbox.made["secretKey"], sandbox.made["clientKey"])
    payment_key = shop.issued(validHours=24)

    due = [sandbox.done("POST", "clock", advance=length)["due"] for length in ("PT23H", "PT1H", "PT1H")]

    assert [one["closedAccounts"] for one in due] == [[], [payment_key], []]
    assert shop.found(payment_key)["virtualAccount"]["expired"] is True
    assert shop.deposit(payment_key).status_code == 400


def test_a_payment_is_approved_by_the_sandboxs_time(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "clock", set="2030-05-05T09:00:00+09:00", freeze=True)

    paid = confirm(sandbox.merchant(), check_out(sandbox.merchant()))

    assert paid.get_json()["approvedAt"] == "2030-05-05T09:00:00+09:00"
