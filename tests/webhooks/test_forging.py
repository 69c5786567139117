"""Events that never happened, and attempts that somebody asked for."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from flask import Flask

from testkit.inside.toss_sales import pay
from testkit.receiver import Received, Receiver
from tests.control.desk import Desk, SandboxDesk
from tests.webhooks.shopping import attempted, bank_shop, deliveries

FORGED = {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"paymentKey": "no-such-payment", "status": "DONE"}}


def test_a_forged_event_has_come_when_the_call_is_answered(sandbox: SandboxDesk, receiver: Receiver) -> None:
    answer = sandbox.done("POST", "webhooks/forge", body=FORGED)

    [received] = receiver.received
    assert (received.body, [received.id]) == (FORGED, answer["transmissionIds"])


def test_a_forged_event_is_listed_as_such(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "webhooks/forge", body=FORGED)

    [delivery] = deliveries(sandbox, paymentKey="no-such-payment")
    assert (delivery["forged"], delivery["state"]) == (True, "DELIVERED")


def test_any_bytes_can_be_sent_to_any_url(sandbox: SandboxDesk, receive: Callable[..., Receiver]) -> None:
    receiver = receive()
    sandbox.done("POST", "webhooks/forge", raw='{"secret": "ps_', url=receiver.url)

    assert receiver.received[0].raw == b'{"secret": "ps_'


def test_a_flat_body_goes_to_those_who_listen_for_deposits(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    callbacks, others = receive(), receive()
    sandbox.done("POST", "webhooks", url=callbacks.url, events=["DEPOSIT_CALLBACK"])
    sandbox.done("POST", "webhooks", url=others.url, events=["BILLING_DELETED"])

    sandbox.done("POST", "webhooks/forge", body={"secret": "guessed", "status": "DONE", "orderId": "order_1"})

    assert (len(callbacks.received), len(others.received)) == (1, 0)


@pytest.mark.parametrize("event", ["payout.changed", "seller.changed"])
def test_payout_and_seller_events_are_signed_with_the_security_key(
    sandbox: SandboxDesk, receive: Callable[..., Receiver], event: str
) -> None:
    receiver = receive()
    sandbox.done("POST", "webhooks", url=receiver.url, events=[event], securityKey="the-security-key")

    sandbox.done("POST", "webhooks/forge", body={"eventType": event, "entityBody": {"status": "COMPLETED"}})

    [received] = receiver.received
    sent_at = received.headers["tosspayments-webhook-transmission-time"].encode()
    right = hmac.new(b"the-security-key", received.raw + b":" + sent_at, sha256).digest()
    signatures = received.headers["tosspayments-webhook-signature"].split(",")
    assert [b64decode(one.removeprefix("v1:")) == right for one in signatures] == [False, True]


def test_the_right_signature_stands_first_and_second_in_turns(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(500, 200)
    sandbox.done("POST", "webhooks", url=receiver.url, events=["payout.changed"], securityKey="the-key")
    sandbox.done("POST", "clock", freeze=True)
    sandbox.done("POST", "webhooks/forge", body={"eventType": "payout.changed"})
    sandbox.done("POST", "clock", advance="PT1M")

    assert [places_of_right(one, b"the-key") for one in receiver.received] == [[1], [0]]


def places_of_right(received: Received, key: bytes) -> list[int]:
    sent_at = received.headers["tosspayments-webhook-transmission-time"].encode()
    right = "v1:" + b64encode(hmac.new(key, received.raw + b":" + sent_at, sha256).digest()).decode()
    signatures = received.headers["tosspayments-webhook-signature"].split(",")
    assert len(set(signatures)) == 2
    return [place for place, one in enumerate(signatures) if one == right]


def test_an_event_is_forged_from_a_real_payment(sandbox: SandboxDesk, receiver: Receiver) -> None:
    paid = pay(sandbox.merchant())
    [real] = attempted(sandbox)

    sandbox.done(
        "POST",
        "webhooks/forge",
        paymentKey=paid["paymentKey"],
        set={"data.status": "CANCELED", "data.card.number": "0"},
        remove=["data.receipt"],
    )

    forged, told = receiver.received[-1].body, json.loads(real["body"])
    assert (forged["data"]["status"], forged["data"]["card"]["number"]) == ("CANCELED", "0")
    assert told["data"].keys() - forged["data"].keys() == {"receipt"}
    same = ("totalAmount", "orderId", "paymentKey", "approvedAt", "secret")
    assert {name: forged["data"][name] for name in same} == {name: told["data"][name] for name in same}
    [listed] = [one for one in deliveries(sandbox, orderId=paid["orderId"]) if one["forged"]]
    assert listed["paymentKey"] == paid["paymentKey"]


def test_unchanged_it_is_the_very_body_of_the_real_one(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "clock", freeze=True)
    paid = pay(sandbox.merchant())
    [real] = attempted(sandbox)

    sandbox.done("POST", "webhooks/forge", paymentKey=paid["paymentKey"])

    assert receiver.received[-1].raw.decode() == real["body"]


def test_a_deposit_callback_is_forged_with_another_secret(sandbox: SandboxDesk, receiver: Receiver) -> None:
    shop = bank_shop(sandbox)
    account = shop.found(shop.issued())
    attempted(sandbox, 2)

    sandbox.done(
        "POST",
        "webhooks/forge",
        paymentKey=account["paymentKey"],
        event="DEPOSIT_CALLBACK",
        set={"secret": "guessed", "status": "DONE"},
    )

    forged = receiver.received[-1].body
    assert (forged["secret"], forged["status"], forged["orderId"]) == ("guessed", "DONE", account["orderId"])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "body"),
        ({"body": {}, "paymentKey": "pay_1"}, "body"),
        ({"body": {}, "set": {"status": "DONE"}}, "set"),
        ({"raw": "", "remove": ["status"]}, "remove"),
        ({"paymentKey": "pay_1", "set": {"a..b": 1}}, "set"),
        ({"paymentKey": "pay_1", "event": "BILLING_DELETED"}, "event"),
    ],
)
def test_what_can_not_be_forged_is_refused_by_its_field(
    sandbox: SandboxDesk, fields: dict[str, object], named: str
) -> None:
    assert list(sandbox.refused("POST", "webhooks/forge", **fields)) == [named]


def test_a_callback_of_a_card_payment_is_refused(sandbox: SandboxDesk, receiver: Receiver) -> None:
    paid = pay(sandbox.merchant())

    refused = sandbox.refused(
        "POST", "webhooks/forge", paymentKey=paid["paymentKey"], event="DEPOSIT_CALLBACK"
    )

    assert list(refused) == ["event"]


def test_no_event_is_forged_of_a_payment_that_is_not_there(sandbox: SandboxDesk, receiver: Receiver) -> None:
    refused = sandbox.call("POST", "webhooks/forge", json={"paymentKey": "nobody"})

    assert (refused.status_code, refused.get_json()["code"]) == (404, "NOT_FOUND_PAYMENT")


def test_no_other_event_is_signed_even_with_a_security_key(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "webhooks/forge", body=FORGED, securityKey="the-security-key")

    assert "tosspayments-webhook-signature" not in receiver.received[0].headers


def test_a_forged_event_that_is_refused_comes_again(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(500, 200)
    sandbox.done("POST", "webhooks/forge", body=FORGED, url=receiver.url)
    sandbox.done("POST", "clock", freeze=True)
    sandbox.done("POST", "webhooks", url="http://127.0.0.1:9/")
    sandbox.done("POST", "clock", advance="PT1M")

    assert [one.retried for one in receiver.received] == [0, 1]


def test_nobody_listens(sandbox: SandboxDesk) -> None:
    refused = sandbox.call("POST", "webhooks/forge", json={"body": FORGED})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "NOBODY_LISTENS")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "body"),
        ({"body": {}, "raw": "x"}, "body"),
        ({"body": []}, "body"),
        ({"raw": "\0"}, "raw"),
        ({"raw": "x", "event": "DONE"}, "event"),
    ],
)
def test_a_forgery_that_can_not_be_is_refused(
    sandbox: SandboxDesk, fields: dict[str, object], field: str
) -> None:
    assert list(sandbox.refused("POST", "webhooks/forge", **fields)) == [field]


def test_a_body_that_is_nested_too_deeply_is_refused(sandbox: SandboxDesk) -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]

    assert list(sandbox.refused("POST", "webhooks/forge", body={"a": deep})) == ["body"]


def test_nothing_is_forged_on_the_kiosk_contract(app: Flask) -> None:
    kiosk = Desk(app).sandbox(contract="kiosk")
    refused = kiosk.call("POST", "webhooks/forge", json={"body": FORGED, "url": "http://127.0.0.1:9/"})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "NO_WEBHOOKS")


def test_a_delivered_webhook_is_sent_again_on_demand(sandbox: SandboxDesk, receiver: Receiver) -> None:
    pay(sandbox.merchant())
    [delivery] = attempted(sandbox)

    sandbox.done("POST", f"webhooks/deliveries/{delivery['id']}/resend")

    first, second = receiver.received
    assert (first.raw, first.id) == (second.raw, second.id)
    assert second.retried == 1
    assert [len(one["attempts"]) for one in deliveries(sandbox)] == [2]


def test_an_attempt_on_demand_leaves_the_ladder_as_it_is(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(500)
    sandbox.done("POST", "webhooks", url=receiver.url)
    pay(sandbox.merchant())
    [before] = attempted(sandbox)

    sandbox.done("POST", f"webhooks/deliveries/{before['id']}/resend")

    [after] = deliveries(sandbox)
    assert (after["state"], after["nextAttemptAt"]) == ("PENDING", before["nextAttemptAt"])
    assert len(after["attempts"]) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_delivery_of_another_sandbox_is_not_there(
    app: Flask, sandbox: SandboxDesk, receiver: Receiver, method: str
) -> None:
    sandbox.done("POST", "webhooks/forge", body=FORGED)
    path = f"webhooks/deliveries/{deliveries(sandbox)[0]['id']}" + ("/resend" if method == "POST" else "")

    refused = Desk(app).sandbox(contract="toss").call(method, path)

    assert (refused.status_code, refused.get_json()["code"]) == (404, "NOT_FOUND_WEBHOOK")


def test_deliveries_are_found_by_what_they_are_about(sandbox: SandboxDesk, receiver: Receiver) -> None:
    first, second = pay(sandbox.merchant()), pay(sandbox.merchant())
    attempted(sandbox, 2)

    assert [one["paymentKey"] for one in deliveries(sandbox, orderId=second["orderId"])] == [
        second["paymentKey"]
    ]
    assert [one["orderId"] for one in deliveries(sandbox, paymentKey=first["paymentKey"])] == [
        first["orderId"]
    ]
    assert len(deliveries(sandbox, status="DONE", event="PAYMENT_STATUS_CHANGED", url=receiver.url)) == 2
    assert deliveries(sandbox, status="CANCELED") == []
    assert len(deliveries(sandbox, limit=1)) == 1
    assert len(deliveries(sandbox, after=deliveries(sandbox)[0]["id"])) == 1


def test_deliveries_are_forgotten_on_demand(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "webhooks/forge", body=FORGED)

    assert sandbox.done("DELETE", "webhooks/deliveries") == {"removed": 1}
    assert deliveries(sandbox) == []
