"""When the merchant does not take a webhook, it comes again: seven times, on the sandbox's clock."""

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from payments_mock.storage.engine.database import database_of
from testkit.inside.toss_sales import check_out, pay
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk
from tests.webhooks.shopping import attempted, deliveries

MINUTES = (1, 4, 16, 64, 256, 1024, 4096)


@pytest.fixture
def refused(sandbox: SandboxDesk, receive: Callable[..., Receiver]) -> Receiver:
    """Send a payment's webhook to a merchant that refuses it, on a frozen clock."""
    receiver = receive(500)
    sandbox.done("POST", "webhooks", url=receiver.url)
    sandbox.done("POST", "clock", set="2024-05-05T00:00:00Z", freeze=True)
    pay(sandbox.merchant())
    attempted(sandbox)
    return receiver


def test_retries_come_after_1_4_16_64_256_1024_and_4096_minutes(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    for done, minutes in enumerate(MINUTES, 1):
        sandbox.done("POST", "clock", advance=f"PT{minutes * 60 - 1}S")
        assert len(refused.received) == done
        sandbox.done("POST", "clock", advance="PT1S")
        assert len(refused.received) == done + 1

    sandbox.done("POST", "clock", advance="P30D")
    assert [one.retried for one in refused.received] == list(range(8))
    assert [one["state"] for one in deliveries(sandbox)] == ["FAILED"]


def test_one_long_advance_brings_all_retries_that_it_passes(sandbox: SandboxDesk, refused: Receiver) -> None:
    sandbox.done("POST", "clock", advance="PT21M")

    assert [one.retried for one in refused.received] == [0, 1, 2, 3]
    assert [one["nextAttemptAt"] for one in deliveries(sandbox)] == ["2024-05-05T01:25:00.000Z"]


def test_what_happens_amid_a_long_advance_has_its_retries_too(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    check_out(sandbox.merchant(), outcome={"result": "wait"})
    sandbox.done("DELETE", "webhooks/deliveries")

    sandbox.done("POST", "clock", advance="PT36M")

    assert [(one.status, one.retried) for one in refused.received[1:]] == [("EXPIRED", n) for n in range(3)]


def test_each_attempt_sends_the_same_bytes_and_id_at_a_time_of_its_own(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    sandbox.done("POST", "clock", advance="PT1M")

    first, second = refused.received
    assert (first.raw, first.id) == (second.raw, second.id)
    assert [one.headers["tosspayments-webhook-transmission-time"] for one in (first, second)] == [
        "2024-05-05T09:00:00+09:00",
        "2024-05-05T09:01:00+09:00",
    ]


def test_the_ladder_ends_when_the_merchant_answers_200(sandbox: SandboxDesk, refused: Receiver) -> None:
    refused.statuses = [503, 200]
    sandbox.done("POST", "clock", advance="PT10M")
    sandbox.done("POST", "clock", advance="P10D")

    [delivery] = deliveries(sandbox)
    assert (delivery["state"], delivery["nextAttemptAt"]) == ("DELIVERED", None)
    assert [one["status"] for one in delivery["attempts"]] == [500, 503, 200]


@pytest.mark.parametrize("status", [201, 204, 302, 404])
def test_nothing_but_200_counts(sandbox: SandboxDesk, receive: Callable[..., Receiver], status: int) -> None:
    elsewhere = receive()
    receiver = receive(status)
    receiver.answer_body, receiver.headers = b"", {"Location": elsewhere.url}
    sandbox.done("POST", "webhooks", url=receiver.url)
    pay(sandbox.merchant())

    [delivery] = attempted(sandbox)
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("PENDING", status)
    assert elsewhere.received == []


def test_a_merchant_that_can_not_be_reached_is_tried_again(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    gone = receive()
    gone.stop()
    sandbox.done("POST", "webhooks", url=gone.url)
    pay(sandbox.merchant())

    [delivery] = attempted(sandbox)
    assert delivery["state"] == "PENDING"
    assert delivery["attempts"][0]["status"] is None
    assert "no connection" in delivery["attempts"][0]["error"]


@pytest.mark.every_database
def test_an_answer_with_nul_is_recorded_and_retried_like_others(
    sandbox: SandboxDesk, hostile: Callable[[Callable[[], Iterator[bytes]]], str]
) -> None:
    sandbox.done("POST", "webhooks", url=hostile(lambda: iter([b"\0\0\0\0 no HTTP\r\n\r\n"])))
    pay(sandbox.merchant())

    [delivery] = attempted(sandbox)
    assert (delivery["state"], len(delivery["attempts"])) == ("PENDING", 1)
    assert "no HTTP" in delivery["attempts"][0]["error"]


def test_every_attempt_is_kept_with_what_was_sent_and_answered(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    [sent], [delivery] = refused.received, deliveries(sandbox)

    [attempt] = delivery["attempts"]
    assert delivery["body"].encode() == sent.raw
    assert {name.lower(): value for name, value in attempt["headers"].items()} == sent.headers
    assert (attempt["status"], attempt["answerBody"], attempt["error"]) == (500, "OK", None)
    assert attempt["at"] == "2024-05-05T00:00:00.000Z"


def test_a_long_answer_is_kept_in_part(sandbox: SandboxDesk, receive: Callable[..., Receiver]) -> None:
    receiver = receive()
    receiver.answer_body = b"x" * 100_000
    sandbox.done("POST", "webhooks", url=receiver.url)
    pay(sandbox.merchant())

    [delivery] = attempted(sandbox)
    assert delivery["state"] == "DELIVERED"
    assert delivery["attempts"][0]["answerBody"] == "x" * 4096


def test_removing_the_webhook_does_not_take_back_what_happened(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    sandbox.done("DELETE", "webhooks")
    sandbox.done("POST", "clock", advance="PT1M")

    assert len(refused.wait_for(2)) == 2


def test_a_reset_forgets_webhooks_and_deliveries(sandbox: SandboxDesk, refused: Receiver) -> None:
    sandbox.done("POST", "reset")
    pay(sandbox.merchant())

    assert deliveries(sandbox) == []
    assert sandbox.done("GET", "webhooks") == {"webhooks": []}
    assert len(refused.received) == 1


def test_deliveries_and_attempts_are_read_in_one_statement(
    app: Flask, sandbox: SandboxDesk, refused: Receiver
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    engine = database_of(app).engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        deliveries(sandbox)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert sum("webhook_" in statement for statement in statements) == 1


def test_an_advance_returns_after_the_retry_of_what_was_forged_to_a_url(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(500)
    receiver.before_answer = lambda: time.sleep(0.2)
    sandbox.done("POST", "webhooks/forge", url=receiver.url, raw="x")

    sandbox.done("POST", "clock", advance="PT1M")

    assert [len(one["attempts"]) for one in deliveries(sandbox)] == [2]


def test_an_advance_returns_after_the_retry_to_a_webhook_that_was_removed(
    sandbox: SandboxDesk, refused: Receiver
) -> None:
    refused.before_answer = lambda: time.sleep(0.2)
    sandbox.done("DELETE", "webhooks")

    sandbox.done("POST", "clock", advance="PT1M")

    assert [len(one["attempts"]) for one in deliveries(sandbox)] == [2]
