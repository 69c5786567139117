"""The payments of a sandbox, seen from outside."""

import pytest

from testkit.inside.toss_sales import cancel, check_out, confirm, pay
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


@pytest.fixture
def toss(desk: Desk) -> SandboxDesk:
    return desk.sandbox(contract="toss")


def test_they_are_listed_the_oldest_first(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()
    kiosk.shop().create(paymentKey="pay_456", orderId="order_456")

    listed = kiosk.done("GET", "payments")["payments"]

    assert [(payment["paymentKey"], payment["state"]) for payment in listed] == [
        ("pay_123", "APPROVED"),
        ("pay_456", "AUTHENTICATED"),
    ]


@pytest.mark.parametrize(
    ("query", "keys"),
    [("?orderId=order_456", ["pay_456"]), ("?state=APPROVED", ["pay_123"]), ("?limit=1", ["pay_123"])],
)
def test_the_list_is_narrowed(kiosk: SandboxDesk, query: str, keys: list[str]) -> None:
    kiosk.shop().pay()
    kiosk.shop().create(paymentKey="pay_456", orderId="order_456")

    listed = kiosk.done("GET", f"payments{query}")["payments"]

    assert [payment["paymentKey"] for payment in listed] == keys


def test_other_sandboxes_payments_are_not_shown(desk: Desk, kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    assert desk.sandbox().done("GET", "payments") == {"payments": []}
    assert desk.sandbox().call("GET", "payments/pay_123").get_json()["code"] == "NOT_FOUND_PAYMENT"


def test_a_payment_is_shown_with_its_whole_timeline(toss: SandboxDesk) -> None:
    paid = pay(toss.merchant())
    cancel(toss.merchant(), paid, 4000)
    cancel(toss.merchant(), paid)

    history = toss.done("GET", f"payments/{paid['paymentKey']}")

    assert [(step["what"], step["state"], step["amount"]) for step in history["timeline"]] == [
        ("REQUESTED", "INITIATED", 10_000),
        ("AUTHENTICATED", "AUTHENTICATED", None),
        ("APPROVAL", "APPROVED", 10_000),
        ("CANCEL", "PARTIALLY_CANCELED", 4000),
        ("CANCEL", "CANCELED", 6000),
    ]
    assert [(call["operation"], call["stateAfter"]) for call in history["calls"]] == [
        ("confirm", "APPROVED"),
        ("cancel", "PARTIALLY_CANCELED"),
        ("cancel", "CANCELED"),
    ]


def test_every_step_has_its_time(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), outcome={"decline": "REJECT_CARD_COMPANY"})
    toss.done("POST", "clock", freeze=True)
    toss.done("POST", "clock", advance="PT5M")
    confirm(toss.merchant(), begun)

    timeline = toss.done("GET", f"payments/{begun['paymentKey']}")["timeline"]

    assert [(step["what"], step["at"]) for step in timeline] == [
        ("REQUESTED", "2024-01-01T12:34:56.789Z"),
        ("AUTHENTICATED", "2024-01-01T12:34:56.789Z"),
        ("ABORTED", "2024-01-01T12:39:56.789Z"),
    ]


def test_on_the_kiosk_contract_a_payment_begins_as_authenticated(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    timeline = kiosk.done("GET", "payments/pay_123")["timeline"]

    assert [(step["what"], step["state"]) for step in timeline] == [
        ("REQUESTED", "AUTHENTICATED"),
        ("APPROVAL", "APPROVED"),
    ]


def test_a_payment_that_was_told_to_expire_did_so_then(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant())
    toss.done("POST", f"payments/{begun['paymentKey']}/expire")

    timeline = toss.done("GET", f"payments/{begun['paymentKey']}")["timeline"]

    assert (timeline[-1]["what"], timeline[-1]["at"]) == ("EXPIRED", "2024-01-01T12:34:56.789Z")


def test_the_timeline_ends_with_the_expiry(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant())
    toss.done("POST", "clock", advance="PT10M")

    history = toss.done("GET", f"payments/{begun['paymentKey']}")

    assert history["timeline"][-1]["what"] == "EXPIRED"
    assert history["timeline"][-1]["at"] == history["expiresAt"]


def test_a_payment_is_settled_at_the_sandboxs_time(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    assert kiosk.done("POST", "payments/pay_123/settle")["settledAt"] == "2024-01-01T12:34:56.789Z"


def test_settling_twice_is_settling_once(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    assert kiosk.done("POST", "payments/pay_123/settle") == kiosk.done("POST", "payments/pay_123/settle")


def test_a_payment_expires_when_it_is_told_to(kiosk: SandboxDesk) -> None:
    kiosk.shop().create()

    kiosk.done("POST", "payments/pay_123/expire")

    confirmed = kiosk.shop().confirm()
    assert (confirmed.status_code, confirmed.get_json()["code"]) == (422, "EXPIRED")


def test_what_is_approved_cannot_expire(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    assert kiosk.call("POST", "payments/pay_123/expire").get_json()["code"] == "CHECKOUT_OVER"


def test_a_closed_window_sends_the_shopper_back_and_the_payment_waits(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), outcome={"result": "wait"})

    closed = toss.done("POST", f"payments/{begun['paymentKey']}/close")

    assert "PAY_PROCESS_CANCELED" in closed["redirectUrl"]
    assert closed["status"] == "READY"


def test_a_window_whose_shopper_has_paid_cannot_be_closed(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant())

    assert toss.call("POST", f"payments/{begun['paymentKey']}/close").status_code == 409
    assert confirm(toss.merchant(), begun).status_code == 200


def test_the_shopper_pays_in_a_window_that_waits(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), outcome={"result": "wait"})

    answer = toss.call("POST", f"payments/{begun['paymentKey']}/pay", json={"method": "TRANSFER"})

    paid = answer.get_json()
    assert (paid["paymentKey"], paid["status"]) == (begun["paymentKey"], "IN_PROGRESS")
    assert begun["paymentKey"] in paid["redirectUrl"]
    assert confirm(toss.merchant(), begun).get_json()["method"] == "계좌이체"


def test_the_shopper_pays_by_card_unless_something_is_said(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), outcome={"result": "wait"})

    toss.call("POST", f"payments/{begun['paymentKey']}/pay", json={})

    assert confirm(toss.merchant(), begun).get_json()["method"] == "카드"


def test_the_shopper_fails_in_a_window_that_waits(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), outcome={"result": "wait"})
    outcome = {"result": "fail", "code": "REJECT_CARD_COMPANY"}

    failed = toss.done("POST", f"payments/{begun['paymentKey']}/pay", outcome=outcome)

    assert (failed["status"], "code=REJECT_CARD_COMPANY" in failed["redirectUrl"]) == ("ABORTED", True)


def test_the_shopper_pays_once_in_a_window(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant())

    again = toss.call("POST", f"payments/{begun['paymentKey']}/pay", json={})

    assert (again.status_code, again.get_json()["code"]) == (409, "CHECKOUT_OVER")


def test_a_window_that_is_not_there_and_a_method_that_is_none_are_told(toss: SandboxDesk) -> None:
    unknown = toss.call("POST", "payments/pay_nobody/pay", json={})
    wrong = toss.call("POST", "payments/pay_nobody/pay", json={"method": "GOLD"})

    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "NOT_FOUND_PAYMENT")
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (400, ["method"])


def test_a_payment_of_the_kiosk_contract_has_no_window(kiosk: SandboxDesk) -> None:
    kiosk.shop().create()

    assert kiosk.call("POST", "payments/pay_123/pay", json={}).get_json()["code"] == "CHECKOUT_OVER"
