"""The webhook verbs of a sandbox do what they say, as a receiver in the test confirms."""

import threading
from collections.abc import Iterator

import pytest

from payments_mock.testing import MockServer, Sandbox
from payments_mock.testing.control_client import ControlError
from testkit.receiver import Receiver, assert_signed
from tests.testing.merchant import confirm

STOP_SECONDS = 10.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def listening(toss: Sandbox, receiver: Receiver) -> Sandbox:
    """Return a sandbox whose events go to the receiver."""
    toss.webhooks.to(receiver.url)
    return toss


def pay(sandbox: Sandbox, order_id: str = "order_told") -> None:
    assert confirm(sandbox, sandbox.shopper.pays(order_id, 1000)).status_code == 200


def test_what_happens_is_told_and_every_attempt_is_shown(listening: Sandbox, receiver: Receiver) -> None:
    pay(listening)

    [delivery] = listening.webhooks.wait_for(order_id="order_told")

    assert receiver.received[0].raw.decode() == delivery["body"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [200]
    assert (delivery["state"], delivery["event"]) == ("DELIVERED", "PAYMENT_STATUS_CHANGED")


def test_a_test_waits_until_webhooks_are_quiet(listening: Sandbox, receiver: Receiver) -> None:
    pay(listening)

    answer = listening.webhooks.wait_until_quiet("order_told")

    assert (answer["later"], len(receiver.received)) == (0, 1)


def test_webhooks_that_are_not_quiet_in_time_are_told(listening: Sandbox) -> None:
    listening.webhooks.rule(delaySeconds=30)
    pay(listening)

    with pytest.raises(TimeoutError, match="1 webhooks are still under way"):
        listening.webhooks.wait_until_quiet(seconds=0.1)


def test_an_event_is_forged_of_a_payment(listening: Sandbox, receiver: Receiver) -> None:
    pay(listening)
    listening.webhooks.wait_until_quiet()
    [payment] = listening.payments()

    listening.webhooks.forge_of(payment["paymentKey"], {"data.totalAmount": 1})

    assert receiver.received[-1].body["data"]["totalAmount"] == 1


def test_only_the_events_that_were_named_are_told(toss: Sandbox, receiver: Receiver) -> None:
    toss.webhooks.to(receiver.url, ["DEPOSIT_CALLBACK"])
    pay(toss, "order_card")
    payment = toss.shopper.pays("order_account", 1000, method="VIRTUAL_ACCOUNT")
    confirm(toss, payment)

    toss.webhooks.wait_for()

    assert [one.body["orderId"] for one in receiver.received] == ["order_account"]


def test_deliveries_are_narrowed_by_what_they_are_about(listening: Sandbox) -> None:
    pay(listening, "order_one")
    pay(listening, "order_two")
    listening.webhooks.wait_for(2)

    [delivery] = listening.webhooks.deliveries(order_id="order_two", status="DONE", state="DELIVERED")

    assert delivery["orderId"] == "order_two"
    assert listening.webhooks.deliveries(status="CANCELED") == []


def test_a_rule_decides_how_events_arrive(listening: Sandbox, receiver: Receiver) -> None:
    name = listening.webhooks.rule(name="thrice", copies=3, match={"status": "DONE"})
    pay(listening)

    received = receiver.wait_for(3)

    assert name == "thrice"
    assert len({one.id for one in received}) == 1


def test_without_rules_events_arrive_as_they_do(listening: Sandbox, receiver: Receiver) -> None:
    listening.webhooks.rule(copies=0)
    pay(listening, "order_lost")
    listening.webhooks.remove_rules()
    pay(listening, "order_told")

    listening.webhooks.wait_for()

    assert [one.body["data"]["orderId"] for one in receiver.received] == ["order_told"]


def test_a_webhook_that_comes_before_the_answer_is_there_when_it_comes(
    listening: Sandbox, receiver: Receiver
) -> None:
    listening.webhooks.rule(order="before")

    pay(listening)

    assert [one.status for one in receiver.received] == ["DONE"]


def test_the_retries_follow_the_clock_of_the_sandbox(listening: Sandbox, receiver: Receiver) -> None:
    receiver.statuses = [500, 200]
    listening.clock.freeze()
    pay(listening)
    listening.webhooks.wait_for()

    listening.clock.advance(minutes=1)

    [delivery] = listening.webhooks.deliveries()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 200]
    assert [one.retried for one in receiver.received] == [0, 1]


def test_a_delivery_is_sent_again_on_demand(listening: Sandbox, receiver: Receiver) -> None:
    pay(listening)
    [delivery] = listening.webhooks.wait_for()

    listening.webhooks.resend(delivery["id"])

    assert [one.id for one in receiver.received] == [delivery["transmissionId"]] * 2


def test_a_forged_event_is_sent_to_those_who_listen_for_its_kind(
    listening: Sandbox, receiver: Receiver
) -> None:
    listening.webhooks.forge({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE"}})

    assert [one.status for one in receiver.received] == ["DONE"]


def test_a_forged_event_goes_where_the_test_says_signed_where_real_ones_are(
    toss: Sandbox, receiver: Receiver
) -> None:
    body = {"eventType": "payout.changed", "entityBody": {"status": "COMPLETED"}}

    toss.webhooks.forge(body, url=receiver.url, event="payout.changed", security_key="top-secret")

    assert_signed(receiver.received[0], "top-secret")


def test_an_endpoint_with_a_key_gets_signed_events(toss: Sandbox, receiver: Receiver) -> None:
    toss.webhooks.to(receiver.url, ["payout.changed"], security_key="top-secret")

    toss.webhooks.forge({"eventType": "payout.changed", "entityBody": {}})

    assert_signed(receiver.received[0], "top-secret")


def test_who_stopped_listening_is_told_nothing(listening: Sandbox, receiver: Receiver) -> None:
    listening.webhooks.stop()

    pay(listening)

    assert (receiver.received, listening.webhooks.deliveries()) == ([], [])


def test_webhooks_that_do_not_come_are_not_waited_for_forever(toss: Sandbox) -> None:
    with pytest.raises(TimeoutError, match=r"0 of 1 webhooks were sent within 0.05 seconds"):
        toss.webhooks.wait_for(seconds=0.05)


def test_a_server_that_is_stopped_leaves_nobody_behind_to_deliver(receiver: Receiver) -> None:
    before = set(threading.enumerate())
    with MockServer() as server, server.sandbox("toss") as sandbox:
        sandbox.webhooks.to(receiver.url)
        pay(sandbox)
        sandbox.webhooks.wait_for()

    deliverers = [one for one in threading.enumerate() if one.name.startswith("webhooks")]
    for one in set(deliverers) - before:
        one.join(STOP_SECONDS)

    assert {one for one in deliverers if one.is_alive()} <= before


def test_what_will_not_do_is_refused_with_what_would_be_right(toss: Sandbox, kiosk: Sandbox) -> None:
    with pytest.raises(ControlError, match="order"):
        toss.webhooks.rule(order="sideways")
    with pytest.raises(ControlError, match="NO_WEBHOOKS"):
        kiosk.webhooks.to("http://127.0.0.1:9/webhooks")
