"""Why a call was refused: the journal tells the tester, whatever little the merchant is told."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm, pay, try_to_pay
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


@pytest.fixture
def toss(desk: Desk) -> SandboxDesk:
    return desk.sandbox(contract="toss")


def newest(sandbox: SandboxDesk) -> dict[str, Any]:
    """Return the newest entry of the journal."""
    entry: dict[str, Any] = sandbox.done("GET", "journal")["entries"][-1]
    return entry


def why(sandbox: SandboxDesk, answer: TestResponse) -> dict[str, Any]:
    """Return the reason of the call that was just refused."""
    assert answer.status_code >= 400, answer.text
    reason: dict[str, Any] = newest(sandbox)["reason"]
    return reason


def in_words(message: str) -> dict[str, Any]:
    """Return a reason that compares nothing."""
    return {"message": message, "field": None, "expected": None, "sent": None}


def widget(sandbox: SandboxDesk) -> TossMerchant:
    return TossMerchant(sandbox.desk.app, sandbox.made["widgetSecretKey"], sandbox.made["widgetClientKey"])


def test_a_call_that_is_done_has_no_reason(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    entry = newest(kiosk)

    assert (entry["fault"], entry["sent"], entry["reason"]) == (None, "answer", None)


def test_another_amount_is_shown_beside_the_one_there_is(kiosk: SandboxDesk, toss: SandboxDesk) -> None:
    kiosk.shop().create(amount=15000)
    expected = {
        "message": "amount is 15000, not 14999",
        "field": "amount",
        "expected": 15000,
        "sent": 14999,
    }

    assert why(kiosk, kiosk.shop().confirm(amount=14999)) == expected
    begun = check_out(toss.merchant(), amount=15000)
    assert why(toss, confirm(toss.merchant(), begun, amount=14999)) == expected


def test_the_merchant_is_told_no_more_than_the_provider_tells(toss: SandboxDesk, kiosk: SandboxDesk) -> None:
    kiosk.shop().create(amount=15000)
    of_kiosk = kiosk.shop().confirm(amount=14999)
    of_toss = confirm(toss.merchant(), check_out(toss.merchant(), amount=15000), amount=14999)

    assert of_kiosk.get_json()["message"] == "amount is not the one this payment was created with"
    assert of_toss.get_json()["code"] == "FORBIDDEN_REQUEST"
    assert "15000" not in of_kiosk.text + of_toss.text


def test_another_order_is_shown_beside_the_one_there_is(toss: SandboxDesk) -> None:
    begun = check_out(toss.merchant(), orderId="order_mine")

    reason = why(toss, confirm(toss.merchant(), begun, orderId="order_yours"))

    assert reason["message"] == "orderId is order_mine, not order_yours"
    assert [reason[name] for name in ("field", "expected", "sent")] == [
        "orderId",
        "order_mine",
        "order_yours",
    ]


def test_a_key_of_another_pair_is_told_from_the_one_the_payment_was_begun_with(toss: SandboxDesk) -> None:
    begun, begun_by_widget = check_out(toss.merchant()), check_out(widget(toss))

    reason = why(toss, confirm(toss.merchant(), begun_by_widget))

    assert reason["message"] == "begun with the widget key, confirmed with the API key"
    assert [reason["expected"], reason["sent"]] == ["the widget key", "the API key"]
    other = why(toss, confirm(widget(toss), begun))
    assert other["message"] == "begun with the API key, confirmed with the widget key"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"cancelAmount": 10_001}, "cancelAmount must be at most 10000, not 10001"),
        ({"refundableAmount": 9_000}, "refundableAmount is 10000, not 9000"),
        ({"cancelAmount": 100, "taxFreeAmount": 5}, "taxFreeAmount must be from 0 to 0, not 5"),
        ({"currency": "USD"}, "currency is KRW, not USD"),
    ],
)
def test_a_cancel_that_does_not_fit_says_what_would(
    toss: SandboxDesk, asked: dict[str, Any], message: str
) -> None:
    paid = pay(toss.merchant(), amount=10_000)

    reason = why(toss, toss.merchant().cancel(paid["paymentKey"], **asked))

    assert reason["message"] == message
    assert None not in reason.values()


def test_the_kiosk_s_cancel_of_a_part_says_what_the_whole_is(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay(amount=10_000)

    reason = why(kiosk, kiosk.shop().cancel(cancelAmount=4000))

    assert reason["message"] == "cancelAmount is 10000, not 4000"


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"amount": 99}, "amount must be at least 100, not 99"),
        ({"amount": 1_000_001, "method": "MOBILE_PHONE"}, "amount must be at most 1000000, not 1000001"),
    ],
)
def test_an_amount_that_the_method_does_not_take_says_what_it_takes(
    toss: SandboxDesk, order: dict[str, Any], message: str
) -> None:
    assert why(toss, try_to_pay(toss.merchant(), **order))["message"] == message


def test_another_customer_is_shown_beside_the_one_who_agreed(toss: SandboxDesk) -> None:
    agreed = toss.merchant().control("billing-authorizations", customerKey="customer_1").get_json()
    asked = {"authKey": agreed["authKey"], "customerKey": "customer_2"}

    reason = why(toss, toss.merchant().post("/v1/billing/authorizations/issue", asked))

    assert reason["message"] == "customerKey is customer_1, not customer_2"


def test_a_field_that_will_not_do_is_named(toss: SandboxDesk) -> None:
    answer = toss.merchant().post("/v1/payments/confirm", {"paymentKey": "a", "orderId": "order_1"})

    assert why(toss, answer) == in_words("amount: Missing data for required field.")


def test_a_payment_that_was_declined_says_by_which_code(toss: SandboxDesk, kiosk: SandboxDesk) -> None:
    refused = try_to_pay(toss.merchant(), outcome={"decline": "REJECT_CARD_PAYMENT"})

    assert why(toss, refused) == in_words("the payment was refused: REJECT_CARD_PAYMENT")


def test_a_payment_whose_time_ran_out_says_so(toss: SandboxDesk, clock: MovableClock) -> None:
    begun = check_out(toss.merchant())
    clock.advance(minutes=10)

    reason = why(toss, confirm(toss.merchant(), begun))

    assert reason == in_words("the payment expired before it was confirmed")


def test_what_a_test_asked_for_is_told_from_what_went_wrong(toss: SandboxDesk) -> None:
    headers = {"TossPayments-Test-Code": "REJECT_CARD_PAYMENT"}
    asked_for = why(toss, toss.merchant().post("/v1/payments/confirm", {}, headers=headers))
    toss.arm("error", code="PROVIDER_ERROR", name="down")
    armed = why(toss, toss.merchant().get("pay_1"))

    assert asked_for == in_words("asked for by the TossPayments-Test-Code header")
    assert armed == in_words("the fault down was armed for this call")
    assert newest(toss)["fault"] == "error"


def test_the_reason_names_the_fault_that_answered_not_the_last_that_struck(toss: SandboxDesk) -> None:
    toss.arm("error", code="PROVIDER_ERROR", name="down")
    toss.arm("delay", seconds=0, name="slow")

    reason = why(toss, toss.merchant().get("pay_1"))

    assert reason == in_words("the fault down was armed for this call")
    assert (newest(toss)["faults"], newest(toss)["fault"]) == (["down", "slow"], "error,delay")


def test_the_repeated_answer_to_an_idempotency_key_is_told_from_a_new_one(kiosk: SandboxDesk) -> None:
    kiosk.shop().create()
    wrong = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 1}

    answers = [
        kiosk.shop().call("POST", "/v1/payments/confirm", json=wrong, headers={"Idempotency-Key": "press"})
        for _ in range(2)
    ]

    assert answers[0].text == answers[1].text
    assert why(kiosk, answers[1]) == in_words("answered as the first call with this Idempotency-Key was")


def test_a_key_in_a_strange_place_is_masked_in_the_reason(kiosk: SandboxDesk) -> None:
    key = kiosk.made["secretKey"]
    kiosk.shop().create(orderId=key)

    reason = why(kiosk, kiosk.shop().confirm(orderId=f"{key}_2"))

    assert (reason["expected"], reason["sent"]) == ("***", "***")
    assert reason["message"] == "orderId is ***, not ***"
