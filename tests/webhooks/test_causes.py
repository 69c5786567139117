"""A webhook names the call that caused it, or what else did; and a call leads to its webhooks."""

from typing import Any

import pytest

from testkit.inside.clock import MovableClock
from testkit.inside.toss_sales import cancel, check_out, pay
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk
from tests.webhooks.shopping import bank_shop, deliveries

pytestmark = pytest.mark.every_database


def calls(sandbox: SandboxDesk, operation: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.done("GET", f"journal?operation={operation}")["entries"]
    return listed


def causes(sandbox: SandboxDesk) -> list[tuple[str, int | None]]:
    # What is sent behind an answer must not outlive the test.
    sandbox.done("GET", "webhooks/quiet?wait=10")
    return [(one["cause"], one["entry"]) for one in deliveries(sandbox)]


def test_a_webhook_names_the_call_that_caused_it(sandbox: SandboxDesk, receiver: Receiver) -> None:
    shop = sandbox.merchant()
    cancel(shop, pay(shop))
    pay(shop)

    confirms, [canceled] = calls(sandbox, "confirm"), calls(sandbox, "cancel")
    wanted = [confirms[0], canceled, confirms[1]]
    assert causes(sandbox) == [("call", entry["id"]) for entry in wanted]


def test_a_call_leads_to_its_webhooks(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "webhooks/rules", copies=2, times=1)
    shop = sandbox.merchant()
    pay(shop)
    pay(shop)
    [first, second] = calls(sandbox, "confirm")

    assert [len(deliveries(sandbox, entry=call["id"])) for call in (first, second)] == [2, 1]
    assert deliveries(sandbox, entry=second["id"] + 1) == []


def test_a_deposit_that_a_test_made_is_no_call_of_the_merchant(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    sandbox.done("POST", f"payments/{bank_shop(sandbox).issued()}/deposit")

    assert causes(sandbox)[-1] == ("control", None)


def test_a_payment_whose_time_is_over_expires_by_the_clock(sandbox: SandboxDesk, receiver: Receiver) -> None:
    check_out(sandbox.merchant())
    sandbox.done("POST", "clock", advance="PT1H")

    assert causes(sandbox) == [("clock", None)]


def test_so_it_does_where_a_call_is_the_first_to_notice(
    sandbox: SandboxDesk, receiver: Receiver, moved_clock: MovableClock
) -> None:
    shop, begun = sandbox.merchant(), check_out(sandbox.merchant())
    moved_clock.advance(hours=1)
    assert shop.get(begun["paymentKey"]).get_json()["status"] == "EXPIRED"

    assert causes(sandbox) == [("clock", None)]


def test_one_that_a_test_lets_expire_does_so_by_the_control_api(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    begun = check_out(sandbox.merchant())
    sandbox.done("POST", f"payments/{begun['paymentKey']}/expire")

    assert causes(sandbox) == [("control", None)]


def test_a_forged_event_has_no_call(sandbox: SandboxDesk, receiver: Receiver) -> None:
    payment = pay(sandbox.merchant())
    sandbox.done("POST", "webhooks/forge", paymentKey=payment["paymentKey"])

    assert causes(sandbox)[-1] == ("forgery", None)


def test_a_journal_that_was_cleared_has_the_call_no_more(sandbox: SandboxDesk, receiver: Receiver) -> None:
    pay(sandbox.merchant())
    sandbox.done("DELETE", "journal")

    assert causes(sandbox) == [("call", None)]


@pytest.mark.parametrize("entry", ["0", "x", str(2**53 + 1)])
def test_what_is_no_number_of_an_entry_is_refused(sandbox: SandboxDesk, entry: str) -> None:
    refused = sandbox.call("GET", f"webhooks/deliveries?entry={entry}")

    assert refused.status_code == 400
    assert list(refused.get_json()["errors"]) == ["entry"]
