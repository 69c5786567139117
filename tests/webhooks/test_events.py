"""What a merchant is told, and in which words."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from testkit.inside.toss_sales import cancel, check_out, pay
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk
from tests.webhooks.shopping import bank_shop


def test_an_approved_payment_is_told_as_the_api_shows_it(sandbox: SandboxDesk, receiver: Receiver) -> None:
    merchant = sandbox.merchant()
    payment = pay(merchant)

    told = receiver.wait_for(1)[0].body

    assert told["eventType"] == "PAYMENT_STATUS_CHANGED"
    assert told["data"] == merchant.get(payment["paymentKey"]).get_json()
    assert told.keys() == {"eventType", "createdAt", "data"}


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("00:00:00.653270", "09:00:00.65327"),
        ("00:00:00.000001", "09:00:00.000001"),
        ("00:00:00.100000", "09:00:00.1"),
        ("00:00:10", "09:00:10"),
    ],
)
def test_times_of_events_are_korean_without_an_offset_and_without_zeros_at_the_end(
    sandbox: SandboxDesk, receiver: Receiver, moment: str, shown: str
) -> None:
    sandbox.done("POST", "clock", set=f"2024-05-05T{moment}Z", freeze=True)
    pay(sandbox.merchant())

    assert receiver.wait_for(1)[0].body["createdAt"] == f"2024-05-05T{shown}"


def test_a_webhook_has_the_headers_of_the_real_ones_and_no_signature(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    sandbox.done("POST", "clock", set="2024-05-05T00:00:00Z", freeze=True)
    pay(sandbox.merchant())

    headers = receiver.wait_for(1)[0].headers
    own = {name: value for name, value in headers.items() if name.startswith("tosspayments-")}

    assert re.fullmatch(r"whtrans_[0-9a-z]{26}", own.pop("tosspayments-webhook-transmission-id"))
    assert own == {
        "tosspayments-webhook-transmission-time": "2024-05-05T09:00:00+09:00",
        "tosspayments-webhook-transmission-retried-count": "0",
    }
    assert headers["content-type"] == "application/json"
    assert not [name for name in headers if "signature" in name or name.startswith("x-")]


def test_cancels_are_told_each(sandbox: SandboxDesk, receiver: Receiver) -> None:
    payment = pay(sandbox.merchant())
    cancel(sandbox.merchant(), payment, 1000)
    cancel(sandbox.merchant(), payment, 2000)

    told = receiver.wait_for(3)

    assert [one.status for one in told] == ["DONE", "PARTIAL_CANCELED", "PARTIAL_CANCELED"]
    assert [one.body["data"]["balanceAmount"] for one in told] == [10_000, 9_000, 7_000]


def test_a_full_cancel_is_told(sandbox: SandboxDesk, receiver: Receiver) -> None:
    cancel(sandbox.merchant(), pay(sandbox.merchant()))

    assert [one.status for one in receiver.wait_for(2)] == ["DONE", "CANCELED"]


def test_a_refused_confirm_is_told_as_aborted_with_its_reason(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    begun = check_out(sandbox.merchant(), outcome={"decline": "REJECT_CARD_COMPANY"})
    sandbox.merchant().post(
        "/v1/payments/confirm", {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    )

    told = receiver.wait_for(1)[0]

    assert (told.status, told.body["data"]["failure"]["code"]) == ("ABORTED", "REJECT_CARD_COMPANY")


def test_an_expired_payment_is_told_with_the_time_at_which_it_ran_out(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    sandbox.done("POST", "clock", set="2024-05-05T00:00:00Z", freeze=True)
    check_out(sandbox.merchant(), outcome={"result": "wait"})

    sandbox.done("POST", "clock", advance="PT5H")

    assert [one.body["createdAt"] for one in receiver.received] == ["2024-05-05T09:30:00"]


def test_a_virtual_account_is_told_twice_at_each_step(sandbox: SandboxDesk, receiver: Receiver) -> None:
    shop = bank_shop(sandbox)
    payment_key = shop.paid()
    shop.reverse(payment_key)
    shop.cancel(payment_key)

    told = receiver.wait_for(8)

    assert [(one.body.get("eventType"), one.status) for one in told] == [
        (None, "WAITING_FOR_DEPOSIT"),
        ("PAYMENT_STATUS_CHANGED", "WAITING_FOR_DEPOSIT"),
        (None, "DONE"),
        ("PAYMENT_STATUS_CHANGED", "DONE"),
        (None, "WAITING_FOR_DEPOSIT"),
        ("PAYMENT_STATUS_CHANGED", "WAITING_FOR_DEPOSIT"),
        (None, "CANCELED"),
        ("PAYMENT_STATUS_CHANGED", "CANCELED"),
    ]


def test_a_deposit_callback_is_flat_and_has_the_secret_of_the_payment(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    callbacks = receive()
    sandbox.done("POST", "webhooks", url=callbacks.url, events=["DEPOSIT_CALLBACK"])
    shop = bank_shop(sandbox)
    payment = shop.found(shop.paid())

    told = callbacks.wait_for(2)[1].body

    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}(\.\d{0,5}[1-9])?", told.pop("createdAt"))
    assert told == {
        "secret": payment["secret"],
        "status": "DONE",
        "transactionKey": payment["lastTransactionKey"],
        "orderId": payment["orderId"],
    }


def billing_key(sandbox: SandboxDesk) -> str:
    merchant = sandbox.merchant()
    agreed = merchant.control("billing-authorizations", customerKey="customer-1").get_json()
    issued = merchant.post(
        "/v1/billing/authorizations/issue", {"authKey": agreed["authKey"], "customerKey": "customer-1"}
    )
    return str(issued.get_json()["billingKey"])


def test_a_deleted_billing_key_is_told(sandbox: SandboxDesk, receiver: Receiver) -> None:
    key = billing_key(sandbox)
    assert sandbox.merchant().call("DELETE", f"/v1/billing/{key}").status_code == 200

    told: dict[str, Any] = receiver.wait_for(1)[0].body

    assert (told["eventType"], told["data"]) == (
        "BILLING_DELETED",
        {"billingKey": key, "reason": "삭제 API 요청"},
    )


def test_charges_by_billing_key_and_open_checkouts_are_not_told(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    check_out(sandbox.merchant())
    key = billing_key(sandbox)
    order = {"customerKey": "customer-1", "amount": 1000, "orderId": "order_123", "orderName": "구독"}
    assert sandbox.merchant().post(f"/v1/billing/{key}", order).status_code == 200

    pay(sandbox.merchant())

    assert [one.status for one in receiver.wait_for(1)] == ["DONE"]
    assert receiver.received[0].body["data"]["type"] == "NORMAL"


def test_words_are_korean_whatever_the_language_of_the_call(sandbox: SandboxDesk, receiver: Receiver) -> None:
    begun = check_out(sandbox.merchant())
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    english = sandbox.merchant().post("/v1/payments/confirm", asked, headers={"Accept-Language": "en-US"})

    assert english.get_json()["method"] == "CARD"
    assert receiver.wait_for(1)[0].body["data"]["method"] == "카드"


def test_a_merchant_is_told_of_the_events_that_it_registered_for(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    callbacks, all_of_it = receive(), receive()
    sandbox.done("POST", "webhooks", url=callbacks.url, events=["DEPOSIT_CALLBACK"])
    sandbox.done("POST", "webhooks", url=all_of_it.url)

    pay(sandbox.merchant())
    all_of_it.wait_for(1)
    bank_shop(sandbox).issued()

    assert "eventType" not in json.loads(callbacks.wait_for(1)[0].raw)


def test_a_call_that_changes_nothing_tells_nothing(sandbox: SandboxDesk, receiver: Receiver) -> None:
    payment = pay(sandbox.merchant())
    receiver.wait_for(1)

    sandbox.merchant().get(payment["paymentKey"])
    sandbox.merchant().post(
        "/v1/payments/confirm",
        {"paymentKey": payment["paymentKey"], "orderId": payment["orderId"], "amount": 10_000},
    )
    cancel(sandbox.merchant(), payment)

    assert [one.status for one in receiver.wait_for(2)] == ["DONE", "CANCELED"]
