"""The next events are told before the clock is moved to them."""

import pytest

from tests.control.desk import SandboxDesk

HOUR = "PT1H"


def open_window(toss: SandboxDesk, order_id: str, **fields: object) -> str:
    order = {"orderId": order_id, "orderName": "팝콘", "amount": 15000, "method": "CARD", **fields}
    order |= {"clientKey": toss.made["clientKey"]}
    answer = toss.desk.call("POST", "checkouts", json=order)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["paymentKey"])


def await_deposit(toss: SandboxDesk, order_id: str) -> str:
    key = open_window(toss, order_id, method="VIRTUAL_ACCOUNT")
    body = {"paymentKey": key, "orderId": order_id, "amount": 15000}
    assert toss.shop().call("POST", "/v1/payments/confirm", json=body).status_code == 200
    return key


def coming(sandbox: SandboxDesk) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["orderId"]) for one in sandbox.done("GET", "clock/coming")["coming"]]


def test_nothing_comes_in_an_empty_sandbox(kiosk: SandboxDesk) -> None:
    assert coming(kiosk) == []


def test_payments_expire_and_accounts_close_in_the_order_of_time(toss: SandboxDesk) -> None:
    await_deposit(toss, "order_account")
    open_window(toss, "order_window")

    assert coming(toss) == [("expiry", "order_window"), ("account-closes", "order_account")]


def test_a_delivery_that_waits_for_its_next_attempt_comes(toss: SandboxDesk) -> None:
    toss.done("POST", "webhooks", url="http://127.0.0.1:9/hooks", events=["PAYMENT_STATUS_CHANGED"])
    toss.done("POST", "webhooks/forge", body={"eventType": "PAYMENT_STATUS_CHANGED", "data": {}})
    toss.done("GET", "webhooks/quiet?wait=5")

    [one] = toss.done("GET", "clock/coming")["coming"]
    assert (one["kind"], one["attempt"]) == ("webhook", 2)
    assert one["delivery"] == toss.done("GET", "webhooks/deliveries")["deliveries"][0]["id"]


def test_a_fault_that_begins_later_and_ends_comes_twice(kiosk: SandboxDesk) -> None:
    kiosk.done("POST", "clock", set="2030-01-01T00:00:00Z", freeze=True)
    kiosk.arm("reset", name="lost", lasts=HOUR, **{"from": "2030-01-01T01:00:00Z"})

    turns = [(one["at"], one["kind"], one["fault"]) for one in kiosk.done("GET", "clock/coming")["coming"]]
    assert turns == [
        ("2030-01-01T01:00:00.000Z", "fault-begins", "lost"),
        ("2030-01-01T02:00:00.000Z", "fault-ends", "lost"),
    ]


def test_a_dry_run_tells_what_a_move_would_do_and_does_nothing(toss: SandboxDesk) -> None:
    key = open_window(toss, "order_window")
    before = toss.done("GET", "clock")

    foreseen = toss.done("POST", "clock", advance=HOUR, dryRun=True)

    assert foreseen["moved"] is True
    assert foreseen["due"] == {"expiredPayments": [key], "closedAccounts": [], "deliveries": []}
    assert toss.done("GET", "clock")["moved"] is before["moved"] is False
    assert toss.done("GET", "payments")["payments"][0]["state"] == "AUTHENTICATED"


def test_the_move_does_what_its_dry_run_told(toss: SandboxDesk) -> None:
    await_deposit(toss, "order_account")
    open_window(toss, "order_window")
    toss.done("POST", "webhooks", url="http://127.0.0.1:9/hooks", events=["PAYMENT_STATUS_CHANGED"])
    toss.done("POST", "webhooks/forge", body={"eventType": "PAYMENT_STATUS_CHANGED", "data": {}})

    foreseen = toss.done("POST", "clock", advance="P30D", dryRun=True)["due"]

    assert [len(foreseen[name]) for name in ("expiredPayments", "closedAccounts", "deliveries")] == [1, 1, 1]
    assert toss.done("POST", "clock", advance="P30D")["due"] == foreseen


def test_a_dry_run_says_what_is_to_be_tried(kiosk: SandboxDesk) -> None:
    assert list(kiosk.refused("POST", "clock", dryRun=True)) == ["advance"]


def test_a_deposit_needs_no_key_of_the_merchant(toss: SandboxDesk) -> None:
    key = await_deposit(toss, "order_1")

    assert toss.done("POST", f"payments/{key}/deposit")["status"] == "DONE"
    assert toss.done("POST", f"payments/{key}/reverse-deposit")["status"] == "WAITING_FOR_DEPOSIT"


@pytest.mark.parametrize("step", ["deposit", "reverse-deposit"])
def test_a_deposit_of_another_sandbox_is_not_found(toss: SandboxDesk, kiosk: SandboxDesk, step: str) -> None:
    key = await_deposit(toss, "order_1")

    assert kiosk.call("POST", f"payments/{key}/{step}").status_code == 404


def test_a_payment_is_shown_with_its_name_and_the_pages_that_it_has(toss: SandboxDesk) -> None:
    open_window(toss, "order_1", outcome={"result": "wait"})

    [waiting] = toss.done("GET", "payments")["payments"]
    assert waiting["orderName"] == "팝콘"
    assert waiting["windowUrl"].endswith(f"/v1/payments/{waiting['paymentKey']}/checkout")
    assert waiting["receiptUrl"] is None

    await_deposit(toss, "order_2")
    paid = toss.done("GET", "payments?orderId=order_2")["payments"][0]
    toss.done("POST", f"payments/{paid['paymentKey']}/deposit")
    [paid] = toss.done("GET", "payments?orderId=order_2")["payments"]
    assert paid["windowUrl"] is None
    assert toss.desk.app.test_client().get(paid["receiptUrl"]).status_code == 200
