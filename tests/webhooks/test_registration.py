"""Where a sandbox's merchant listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from payments_mock.settings import Settings
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import pay
from testkit.inside.toss_stage import staged_app
from testkit.receiver import Receiver
from tests.control.desk import Desk, SandboxDesk

URL = "http://127.0.0.1:8080/webhooks"


def test_a_url_is_registered_for_all_that_happens_unless_events_are_named(sandbox: SandboxDesk) -> None:
    all_of_it = sandbox.done("POST", "webhooks", url=URL)
    some = sandbox.done("POST", "webhooks", url=f"{URL}/2", events=["DEPOSIT_CALLBACK"])

    assert all_of_it["events"] == [
        "PAYMENT_STATUS_CHANGED",
        "DEPOSIT_CALLBACK",
        "CANCEL_STATUS_CHANGED",
        "BILLING_DELETED",
    ]
    assert sandbox.done("GET", "webhooks") == {"webhooks": [all_of_it, some]}


def test_registered_again_a_url_gets_the_new_events_alone(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "webhooks", url=URL)
    sandbox.done("POST", "webhooks", url=URL, events=["BILLING_DELETED"])

    assert [one["events"] for one in sandbox.done("GET", "webhooks")["webhooks"]] == [["BILLING_DELETED"]]


def test_one_webhook_is_removed_or_all(sandbox: SandboxDesk) -> None:
    ids = [sandbox.done("POST", "webhooks", url=f"{URL}/{number}")["id"] for number in range(3)]

    assert sandbox.done("DELETE", f"webhooks/{ids[1]}") == {"removed": 1}
    assert [one["id"] for one in sandbox.done("GET", "webhooks")["webhooks"]] == [ids[0], ids[2]]
    assert sandbox.done("DELETE", "webhooks") == {"removed": 2}


@pytest.mark.parametrize("webhook", ["999999", "first", "9" * 30])
def test_what_is_not_there_is_not_removed(sandbox: SandboxDesk, webhook: str) -> None:
    refused = sandbox.call("DELETE", f"webhooks/{webhook}")

    assert (refused.status_code, refused.get_json()["code"]) == (404, "NOT_FOUND_WEBHOOK")


def test_the_kiosk_contract_has_no_webhooks(app: Flask) -> None:
    refused = Desk(app).sandbox(contract="kiosk").call("POST", "webhooks", json={"url": URL})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "NO_WEBHOOKS")
    assert "toss contract" in refused.get_json()["message"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "url"),
        ({"url": 7}, "url"),
        ({"url": "http://x/\0"}, "url"),
        ({"url": f"http://x/{'y' * 2000}"}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["DONE"]}, "events"),
        ({"url": URL, "event": "DEPOSIT_CALLBACK"}, "event"),
    ],
)
def test_a_registration_that_can_not_be_is_refused(
    sandbox: SandboxDesk, fields: dict[str, object], field: str
) -> None:
    answer = sandbox.call("POST", "webhooks", json=fields)

    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [field]


@pytest.mark.parametrize(
    "url", ["ftp://localhost/", "localhost:80", "http://", "http://[::1", "http://x:99999"]
)
def test_a_url_that_no_webhook_can_go_to_is_refused(sandbox: SandboxDesk, url: str) -> None:
    answer = sandbox.call("POST", "webhooks", json={"url": url})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_URL")


def test_a_sandbox_is_told_nothing_of_another(
    app: Flask, sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    mine, theirs = receive(), receive()
    other = Desk(app).sandbox(contract="toss")
    sandbox.done("POST", "webhooks", url=mine.url)
    other.done("POST", "webhooks", url=theirs.url)

    payment = pay(sandbox.merchant())

    assert mine.wait_for(1)[0].body["data"]["paymentKey"] == payment["paymentKey"]
    assert theirs.received == []
    assert other.done("GET", "webhooks/deliveries") == {"deliveries": []}


@contextmanager
def listening_app(database_url: str, url: str | None) -> Iterator[Desk]:
    """Lend a server whose settings say where its merchants listen."""
    with staged_app(database_url, Settings().merchants, MovableClock(), webhook_url=url) as app:
        yield Desk(app)


def urls(desk: Desk, sandbox: str) -> list[str]:
    return [one["url"] for one in desk.done("GET", f"sandboxes/{sandbox}/webhooks")["webhooks"]]


def test_the_settings_say_where_the_built_in_merchants_listen_from_the_start(
    new_database: Callable[[], str], receive: Callable[..., Receiver]
) -> None:
    receiver = receive()
    with listening_app(new_database(), receiver.url) as desk:
        pay(TossMerchant(desk.app, "test_sk_toss_dummy", "test_ck_toss_dummy"))
        receiver.wait_for(1)

        assert [urls(desk, name) for name in ("toss", "tosspayments")] == [[receiver.url]] * 2
        assert urls(desk, desk.sandbox(contract="toss").made["id"]) == []
    assert [one.status for one in receiver.received] == ["DONE"]


def test_a_reset_leaves_the_url_of_the_settings_registered_and_no_other(
    new_database: Callable[[], str],
) -> None:
    with listening_app(new_database(), URL) as desk:
        desk.done("POST", "sandboxes/toss/webhooks", url=f"{URL}/2")

        desk.call("POST", "sandboxes/toss/reset")
        desk.call("POST", "sandboxes/kiosk/reset")

        assert (urls(desk, "toss"), urls(desk, "kiosk")) == ([URL], [])


def test_a_start_registers_the_url_of_the_settings_once_and_leaves_its_events(
    new_database: Callable[[], str],
) -> None:
    database_url = new_database()
    with listening_app(database_url, URL) as desk:
        desk.done("POST", "sandboxes/toss/webhooks", url=URL, events=["BILLING_DELETED"])

    with listening_app(database_url, URL) as desk:
        [registered] = desk.done("GET", "sandboxes/toss/webhooks")["webhooks"]

    assert registered["events"] == ["BILLING_DELETED"]
