"""A call of the journal is made again as it was, with the sandbox's own key."""

from typing import Any

import pytest
from flask import Flask

from payments_mock.api.bodies import BODY_LIMIT_BYTES
from testkit.inside.shop import PAYMENT, Shop
from testkit.inside.toss_sales import check_out, pay
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk

pytestmark = pytest.mark.every_database

KEYED = {"headers": {"Idempotency-Key": "press-1"}}


def entries(sandbox: SandboxDesk) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.done("GET", "journal")["entries"]
    return listed


def replayed(sandbox: SandboxDesk, entry: dict[str, Any] | None = None) -> dict[str, Any]:
    """Replay a call, or the newest, and return the new one."""
    entry = entry or entries(sandbox)[-1]
    new: dict[str, Any] = sandbox.done("POST", f"journal/{entry['id']}/replay")
    return new


def refused(sandbox: SandboxDesk) -> str:
    """Return why the newest call is not replayed."""
    newest = entries(sandbox)[-1]["id"]
    answer = sandbox.call("POST", f"journal/{newest}/replay")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "NOT_REPLAYABLE"), answer.text
    assert entries(sandbox)[-1]["id"] == newest
    return str(answer.get_json()["message"]).partition(": ")[2]


def test_the_call_is_made_and_answered_again(paid: SandboxDesk) -> None:
    first = entries(paid)[-1]

    again = replayed(paid)

    assert again == entries(paid)[-1]
    assert (again["replayOf"], first["replayOf"]) == (first["id"], None)
    assert again["id"] > first["id"]
    for name in ("operation", "method", "path", "paymentKey", "orderId", "amount", "status"):
        assert again[name] == first[name]
    assert again["request"]["body"] == first["request"]["body"]
    assert again["response"]["body"] == first["response"]["body"]


def test_it_is_judged_by_what_is_true_now(paid: SandboxDesk) -> None:
    paid.shop().cancel()

    again = replayed(paid, entries(paid)[1])

    assert (again["operation"], again["status"]) == ("confirm", 422)
    assert "canceled" in again["reason"]["message"]


@pytest.mark.parametrize(("options", "status"), [(KEYED, 404), ({}, 200)])
def test_its_idempotency_key_is_the_same_one(desk: Any, options: dict[str, Any], status: int) -> None:
    sandbox = desk.sandbox()
    shop: Shop = sandbox.shop()
    assert shop.call("POST", "/v1/payments/confirm", json=PAYMENT, **options).status_code == 404
    first = entries(sandbox)[-1]
    shop.create()

    for _ in range(2):
        assert replayed(sandbox, first)["status"] == status


def test_a_replay_can_be_replayed(desk: Any) -> None:
    sandbox = desk.sandbox()
    sandbox.shop().call("POST", "/v1/payments/confirm", json=PAYMENT, **KEYED)
    sandbox.shop().create()

    once = replayed(sandbox, entries(sandbox)[0])
    twice = replayed(sandbox, once)

    assert (twice["status"], twice["replayOf"]) == (404, once["id"])


def test_the_headers_that_matter_are_sent_again(desk: Any) -> None:
    sandbox = desk.sandbox(contract="toss")
    begun = check_out(sandbox.merchant())
    body = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    headers = {"TossPayments-Test-Code": "REJECT_CARD_COMPANY", "X-Terminal": "7", "Cookie": "secret=1"}
    sandbox.merchant().call("POST", "/v1/payments/confirm", json=body, headers=headers)

    again = replayed(sandbox)

    assert (again["status"], again["code"]) == (403, "REJECT_CARD_COMPANY")
    assert again["request"]["headers"]["X-Terminal"] == "7"
    assert not again["request"]["headers"].keys() & {"Authorization", "Cookie"}


def test_a_query_is_sent_again(desk: Any) -> None:
    sandbox = desk.sandbox(contract="toss")
    pay(sandbox.merchant())
    sandbox.merchant().call("GET", "/v1/transactions?startDate=2020-01-01&endDate=2020-02-01&limit=3")

    again = replayed(sandbox)

    assert again["path"].endswith("?startDate=2020-01-01&endDate=2020-02-01&limit=3")
    assert (again["status"], again["response"]["body"]) == (200, "[]")


def test_a_widget_key_is_stood_in_for_by_the_widget_key(app: Flask, desk: Any) -> None:
    sandbox = desk.sandbox(contract="toss", version="2024-06-01")
    merchant = sandbox.merchant()
    payment = pay(merchant)
    merchant.secret_key = sandbox.made["widgetSecretKey"]
    merchant.get(payment["paymentKey"])
    first = entries(sandbox)[-1]

    assert replayed(sandbox)["response"]["body"] == first["response"]["body"]
    assert '"version":"2022-11-16"' in first["response"]["body"]


def test_a_fault_strikes_it_as_any_other_call(paid: SandboxDesk) -> None:
    first = entries(paid)[-1]
    paid.arm("error", code="NOT_FOUND", name="no")

    again = replayed(paid, first)

    assert (again["code"], again["faults"]) == ("NOT_FOUND", ["no"])
    assert paid.done("GET", "faults/no")["fired"] == 1


def test_its_webhooks_name_it(desk: Any) -> None:
    sandbox, receiver = desk.sandbox(contract="toss"), Receiver()
    sandbox.done("POST", "webhooks", url=receiver.url)
    sandbox.arm("error", status=500, match={"operation": "confirm"})
    begun = check_out(sandbox.merchant())
    body = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    sandbox.merchant().post("/v1/payments/confirm", body)

    again = replayed(sandbox)

    assert again["status"] == 200
    [delivery] = sandbox.done("GET", f"webhooks/deliveries?entry={again['id']}")["deliveries"]
    assert delivery["cause"] == "call"
    receiver.wait_for(1)
    receiver.stop()


def test_what_the_journal_masks_is_not_sent_again(desk: Any) -> None:
    sandbox = desk.sandbox(contract="toss")
    card = {"cardNumber": "4330123412341234", "amount": 1000}
    sandbox.merchant().post("/v1/payments/key-in", card)

    assert refused(sandbox) == "the journal masks a secret in its body"


def test_a_secret_in_the_address_is_not_sent_again(desk: Any) -> None:
    sandbox = desk.sandbox()
    sandbox.shop().get(sandbox.made["secretKey"])

    assert refused(sandbox) == "the journal masks a secret in its address"


def test_a_body_that_the_journal_has_no_room_for_is_not_sent_again(paid: SandboxDesk) -> None:
    paid.shop().create(orderId="x" * BODY_LIMIT_BYTES)

    assert refused(paid) == f"its body was longer than {BODY_LIMIT_BYTES} bytes"


@pytest.mark.parametrize("body", [b'{"paymentKey": "\xff"}', b'{"paymentKey": "\0"}'])
def test_a_body_that_is_no_text_is_not_sent_again(paid: SandboxDesk, body: bytes) -> None:
    paid.shop().call("POST", "/v1/payments", data=body, content_type="application/json")

    assert refused(paid) == "its body is no text in UTF-8"


def test_a_form_of_several_parts_is_not_sent_again(paid: SandboxDesk) -> None:
    paid.shop().call("POST", "/v1/payments", data={"orderId": "1"}, content_type="multipart/form-data")

    assert refused(paid) == "its body is multipart/form-data"


def test_a_path_that_reads_like_another_is_not_sent_again(paid: SandboxDesk) -> None:
    paid.shop().call("GET", "/v1/payments/orders/a%3Fb")

    assert refused(paid) == "its address can't be told from another one"


def test_what_is_in_no_journal_is_not_found(desk: Any, paid: SandboxDesk) -> None:
    newest = entries(paid)[-1]["id"]
    other = desk.sandbox()

    for sandbox, entry in ((paid, newest + 1), (paid, "x"), (other, newest)):
        answer = sandbox.call("POST", f"journal/{entry}/replay")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND_ENTRY")
