"""Each order is told as one story, with a verdict and the rows that prove it."""

from typing import Any

import pytest

from tests.control.desk import Desk, SandboxDesk

ORDER = "order_123"


def verdict(sandbox: SandboxDesk, order_id: str = ORDER) -> Any:
    return sandbox.done("GET", f"orders/{order_id}")["verdict"]


def told(sandbox: SandboxDesk, order_id: str = ORDER) -> list[tuple[str, str, str]]:
    story = sandbox.done("GET", f"orders/{order_id}")
    return [(row["lane"], row["did"], row["outcome"]) for row in story["rows"]]


def open_window(sandbox: SandboxDesk, result: str = "authenticate", **fields: object) -> Any:
    order = {"orderId": ORDER, "orderName": "팝콘", "amount": 15000, "method": "CARD", **fields}
    order |= {"clientKey": sandbox.made["clientKey"], "outcome": {"result": result}}
    answer = sandbox.desk.call("POST", "checkouts", json=order)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def confirm(sandbox: SandboxDesk, opened: Any, amount: int = 15000) -> int:
    body = {"paymentKey": opened["paymentKey"], "orderId": ORDER, "amount": amount}
    return sandbox.shop().call("POST", "/v1/payments/confirm", json=body).status_code


def test_an_order_that_was_confirmed_is_charged_once(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    found = verdict(kiosk)
    assert (found["kind"], found["tone"], found["sentence"]) == ("CHARGED_ONCE", "sound", "Charged once.")


def test_the_evidence_is_the_confirm(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    story = kiosk.done("GET", f"orders/{ORDER}")
    [proof] = story["verdict"]["evidence"]
    [confirmed] = [call for call in story["calls"] if call["operation"] == "confirm"]
    assert proof == f"journal {confirmed['id']}"


def test_an_order_that_was_asked_for_twice_says_so(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()
    kiosk.shop().confirm()

    assert verdict(kiosk)["kind"] == "CHARGED_ONCE_OF_SEVERAL"


def test_a_wrong_amount_is_refused_with_its_code(kiosk: SandboxDesk) -> None:
    kiosk.shop().create()
    kiosk.shop().confirm(amount=9000)

    found = verdict(kiosk)
    assert (found["kind"], found["tone"], found["code"]) == ("REFUSED", "trouble", "AMOUNT_MISMATCH")


def test_an_order_that_waits_for_its_confirm_is_open(kiosk: SandboxDesk) -> None:
    kiosk.shop().create()

    assert (verdict(kiosk)["kind"], verdict(kiosk)["tone"]) == ("WAITING", "open")


def test_a_cancel_gives_all_back(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()
    kiosk.shop().cancel()

    assert (verdict(kiosk)["kind"], verdict(kiosk)["tone"]) == ("REFUNDED", "sound")


def test_a_cancel_that_is_refused_keeps_the_money(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()
    kiosk.done("POST", "payments/pay_123/settle")
    kiosk.shop().cancel()

    found = verdict(kiosk)
    assert (found["kind"], found["tone"], found["code"]) == ("NOT_REFUNDED", "trouble", "ALREADY_SETTLED")


def test_the_shoppers_steps_stand_before_the_merchants_call(toss: SandboxDesk) -> None:
    assert confirm(toss, open_window(toss)) == 200

    lanes = [(lane, did) for lane, did, _ in told(toss)]
    assert lanes == [("shopper", "opens the window"), ("shopper", "pays by CARD"), ("merchant", "confirm")]


def test_a_window_that_nobody_asked_about_yet_is_an_order(toss: SandboxDesk) -> None:
    open_window(toss, "wait")

    [order] = toss.done("GET", "orders")["orders"]
    assert (order["orderId"], order["orderName"], order["amount"]) == (ORDER, "팝콘", 15000)
    assert order["counts"]["confirms"] == 0


def test_an_account_waits_for_its_deposit(toss: SandboxDesk) -> None:
    opened = open_window(toss, method="VIRTUAL_ACCOUNT")
    assert confirm(toss, opened) == 200
    assert verdict(toss)["kind"] == "AWAITING_DEPOSIT"

    key = toss.made["clientKey"]
    toss.desk.done("POST", f"payments/{opened['paymentKey']}/deposit", clientKey=key)

    assert verdict(toss)["kind"] == "CHARGED_ONCE"
    assert ("shopper", "deposits", "APPROVED") in told(toss)


def test_a_webhook_that_is_not_taken_is_trouble(toss: SandboxDesk) -> None:
    toss.done("POST", "webhooks", url="http://127.0.0.1:9/hooks", events=["PAYMENT_STATUS_CHANGED"])
    assert confirm(toss, open_window(toss)) == 200
    [delivery, *_] = toss.done("GET", "webhooks/deliveries")["deliveries"]
    toss.done("POST", f"webhooks/deliveries/{delivery['id']}/resend")

    found = verdict(toss)
    assert (found["kind"], found["tone"]) == ("WEBHOOK_NOT_TAKEN", "trouble")
    assert f"delivery {delivery['id']}" in found["evidence"]


def test_the_time_that_ran_out_is_told(toss: SandboxDesk) -> None:
    open_window(toss, "wait")
    toss.done("POST", "clock", advance="PT31M")

    assert verdict(toss)["kind"] == "EXPIRED"
    assert told(toss)[-1] == ("provider", "the time to pay runs out", "EXPIRED")


def test_a_clock_that_was_moved_leaves_the_rows_in_their_order(toss: SandboxDesk) -> None:
    toss.done("POST", "clock", advance="P1D")
    confirm(toss, open_window(toss))
    toss.done("POST", "clock", release=True)
    toss.shop().get_by_order(ORDER)

    assert [did for _, did, _ in told(toss)] == [
        "opens the window",
        "pays by CARD",
        "confirm",
        "get-by-order",
    ]


def test_the_order_that_changed_last_comes_first(kiosk: SandboxDesk) -> None:
    for number in range(3):
        kiosk.shop().pay(orderId=f"order_00{number}", paymentKey=f"pay_00{number}")
    kiosk.shop().get("pay_000")

    orders = kiosk.done("GET", "orders?limit=2")["orders"]
    assert [order["orderId"] for order in orders] == ["order_000", "order_002"]


def test_a_call_of_no_order_is_listed_beside_them(toss: SandboxDesk) -> None:
    toss.shop().get("pay_nobody")

    listed = toss.done("GET", "orders")
    assert (listed["orders"], [call["operation"] for call in listed["calls"]]) == ([], ["get"])


def test_an_order_that_nobody_knows_has_an_empty_story(kiosk: SandboxDesk) -> None:
    story = kiosk.done("GET", "orders/nothing")

    assert (story["rows"], story["verdict"]["tone"]) == ([], "open")


def test_names_are_told_as_they_are(toss: SandboxDesk) -> None:
    open_window(toss, orderName="<b>x</b>")

    assert toss.done("GET", f"orders/{ORDER}")["orderName"] == "<b>x</b>"


@pytest.mark.parametrize("limit", ["0", "201", "many"])
def test_a_limit_that_cannot_be_is_refused(kiosk: SandboxDesk, limit: str) -> None:
    answer = kiosk.call("GET", f"orders?limit={limit}")

    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, ["limit"])


@pytest.mark.parametrize("path", ["orders", "orders/order_1"])
def test_a_sandbox_that_is_not_there_is_named(desk: Desk, path: str) -> None:
    answer = desk.call("GET", f"sandboxes/nobody/{path}")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND_SANDBOX")
