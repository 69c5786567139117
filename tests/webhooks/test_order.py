"""How events arrive is for a test to decide: before the answer, twice, late, contradicted, or never."""

import time
from collections.abc import Callable

import pytest

from testkit.inside.clock import MovableClock
from testkit.inside.toss_sales import cancel, pay
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk
from tests.webhooks.shopping import deliveries


def rule(sandbox: SandboxDesk, **fields: object) -> None:
    sandbox.done("POST", "webhooks/rules", **fields)


def test_before_the_merchant_knows_the_answer_to_its_call_it_has_the_webhook(
    sandbox: SandboxDesk, receiver: Receiver
) -> None:
    rule(sandbox, order="before")
    receiver.before_answer = lambda: time.sleep(0.3)
    began = time.monotonic()

    pay(sandbox.merchant())
    waited = time.monotonic() - began

    assert (len(receiver.received), waited >= 0.3) == (1, True)


def test_a_contradiction_follows_within_50_milliseconds(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, order="contradictory", match={"status": "DONE"})
    payment = pay(sandbox.merchant())

    first, second = receiver.wait_for(2)

    assert [first.status, second.status] == ["DONE", "ABORTED"]
    assert second.body["data"]["failure"]["code"] == "REJECT_CARD_PAYMENT"
    assert second.body["data"]["approvedAt"] is None
    assert first.id != second.id
    assert sandbox.merchant().get(payment["paymentKey"]).get_json()["status"] == "DONE"


def test_another_contradiction_can_be_named(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, order="contradictory", contradiction="EXPIRED")
    pay(sandbox.merchant())

    assert [one.status for one in receiver.wait_for(2)] == ["DONE", "EXPIRED"]


def test_copies_are_the_same_webhook(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, copies=3)
    pay(sandbox.merchant())

    told = receiver.wait_for(3)

    assert len({(one.raw, one.id) for one in told}) == 1
    assert [one["state"] for one in deliveries(sandbox)][:3].count("FAILED") == 0


def test_no_copy_loses_the_event(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, copies=0, match={"status": "DONE"})

    cancel(sandbox.merchant(), pay(sandbox.merchant()))

    assert [one.status for one in receiver.wait_for(1)] == ["CANCELED"]


def test_a_delay_in_seconds_lets_later_events_overtake(
    sandbox: SandboxDesk, receiver: Receiver, moved_clock: MovableClock
) -> None:
    rule(sandbox, delaySeconds=0.5, match={"status": "DONE"})
    payment = pay(sandbox.merchant())
    cancel(sandbox.merchant(), payment)
    assert [one.status for one in receiver.wait_for(1)] == ["CANCELED"]

    moved_clock.advance(seconds=1)

    assert [one.status for one in receiver.wait_for(2)] == ["CANCELED", "DONE"]


def test_a_rule_applies_to_as_many_events_as_it_says(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, name="twice", copies=2, times=1)
    pay(sandbox.merchant())
    receiver.wait_for(2)
    pay(sandbox.merchant())

    told = receiver.wait_for(3)

    assert [told[0].id == told[1].id, told[1].id == told[2].id] == [True, False]
    assert [one["applied"] for one in sandbox.done("GET", "webhooks/rules")["rules"]] == [1]


@pytest.mark.parametrize("match", [{"orderId": "another_order"}, {"event": "BILLING_DELETED"}])
def test_a_rule_leaves_other_events_alone(
    sandbox: SandboxDesk, receiver: Receiver, match: dict[str, str]
) -> None:
    rule(sandbox, copies=0, match=match)
    pay(sandbox.merchant())

    assert len(receiver.wait_for(1)) == 1


def test_the_first_rule_that_matches_applies(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, name="two", copies=2)
    rule(sandbox, name="none", copies=0)
    pay(sandbox.merchant())

    receiver.wait_for(2)
    shown = sandbox.done("GET", "webhooks/rules")["rules"]
    assert {one["name"]: one["applied"] for one in shown} == {"two": 1, "none": 0}


def test_rules_are_removed(sandbox: SandboxDesk, receiver: Receiver) -> None:
    rule(sandbox, name="none", copies=0)

    assert sandbox.done("DELETE", "webhooks/rules/none") == {"removed": 1}
    pay(sandbox.merchant())
    receiver.wait_for(1)
    assert sandbox.call("DELETE", "webhooks/rules/none").status_code == 404
    assert sandbox.done("DELETE", "webhooks/rules") == {"removed": 0}


def test_a_name_is_taken_once(sandbox: SandboxDesk) -> None:
    rule(sandbox, name="none", copies=0)
    again = sandbox.call("POST", "webhooks/rules", json={"name": "none"})

    assert (again.status_code, again.get_json()["code"]) == (409, "WEBHOOK_RULE_TAKEN")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"order": "sideways"}, "order"),
        ({"copies": -1}, "copies"),
        ({"copies": 101}, "copies"),
        ({"delaySeconds": 601}, "delaySeconds"),
        ({"delay": "tomorrow"}, "delay"),
        ({"delay": "P2000Y"}, "delay"),
        ({"order": "before", "delay": "PT1M"}, "order"),
        ({"order": "after", "contradiction": "ABORTED"}, "contradiction"),
        ({"order": "contradictory", "contradiction": "LOST"}, "contradiction"),
        ({"order": "contradictory", "code": "NO_SUCH_CODE"}, "code"),
        ({"match": {"status": "PAID"}}, "match"),
        ({"match": {"event": "PAID"}}, "match"),
        ({"times": 0}, "times"),
        ({"name": "a b"}, "name"),
        ({"kopies": 2}, "kopies"),
    ],
)
def test_a_rule_that_can_not_be_is_refused(
    sandbox: SandboxDesk, fields: dict[str, object], field: str
) -> None:
    assert list(sandbox.refused("POST", "webhooks/rules", **fields)) == [field]


def test_merchants_that_listen_at_two_urls_are_told_at_both_whatever_one_does(
    sandbox: SandboxDesk, receive: Callable[..., Receiver]
) -> None:
    slow, quick = receive(), receive()
    slow.before_answer = lambda: time.sleep(1)
    for one in (slow, quick):
        sandbox.done("POST", "webhooks", url=one.url)
    began = time.monotonic()

    pay(sandbox.merchant())
    quick.wait_for(1)

    assert time.monotonic() - began < 1
