"""What merchants are told, when, and how often."""

import re

from pytest_bdd import given, scenarios, then, when

from step_defs.webhooks.listener import Listener, callbacks
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.receiver import assert_signed

scenarios("webhooks")


@given("webhooks that come before the answer")
def _(merchant: Listener) -> None:
    granted(merchant.control("webhooks/rules", order="before"))


@given(sentence('webhooks that contradict themselves with "{status:w}"'))
def _(merchant: Listener, status: str) -> None:
    granted(merchant.control("webhooks/rules", order="contradictory", contradiction=status))


@given(sentence("webhooks that come {times:Number} times"))
def _(merchant: Listener, times: int) -> None:
    granted(merchant.control("webhooks/rules", copies=times))


@given(sentence("webhooks that are {minutes:Number} minutes late"))
def _(merchant: Listener, minutes: int) -> None:
    granted(merchant.control("clock", freeze=True))
    granted(merchant.control("webhooks/rules", delay=f"PT{minutes}M"))


@given('the answer to the next "confirm" is lost')
def _(merchant: Listener) -> None:
    lost = {"match": {"operation": "confirm"}, "effect": {"kind": "reset"}}
    granted(merchant.control("faults", moment="after", **lost))


@when(sentence("the merchant cancels {amount:Number} won of the payment"))
def _(merchant: Listener, amount: int) -> None:
    merchant.cancel(amount)


@when(sentence("a virtual account is issued for {amount:Number} won"))
def _(merchant: Listener, amount: int) -> None:
    merchant.amount = amount
    merchant.issue_account()
    merchant.wait_for_attempts()


@when("the shopper deposits")
def _(merchant: Listener) -> None:
    merchant.at_the_bank("deposit")


@when("the bank takes the deposit back")
def _(merchant: Listener) -> None:
    merchant.at_the_bank("reverse-deposit")


@when("the merchant registers a URL for webhooks", target_fixture="answer")
def _(merchant: Listener) -> Answer:
    return merchant.listen()


@when("the webhook is sent again")
def _(merchant: Listener) -> None:
    [delivery] = merchant.deliveries()
    granted(merchant.control(f"webhooks/deliveries/{delivery['id']}/resend"))


@when(sentence('somebody forges the event "{status:w}" of a payment that does not exist'))
def _(merchant: Listener, status: str) -> None:
    merchant.payment_key = "no-such-payment"
    data = {"paymentKey": merchant.payment_key, "status": status}
    granted(merchant.control("webhooks/forge", body={"eventType": "PAYMENT_STATUS_CHANGED", "data": data}))


@when(sentence('somebody forges a deposit callback with the secret "{secret:w}"'))
def _(merchant: Listener, secret: str) -> None:
    body = {"secret": secret, "status": "DONE", "orderId": merchant.order_id}
    granted(merchant.control("webhooks/forge", body=body))


@when(sentence('somebody sends the event "{event:S}"'))
def _(merchant: Listener, event: str) -> None:
    body = {"eventType": event, "entityBody": {"status": "COMPLETED"}}
    granted(merchant.control("webhooks/forge", body=body))


@then(sentence('the merchant is told "{statuses:Names}"'))
def _(merchant: Listener, statuses: list[str]) -> None:
    assert [one.status for one in merchant.receiver.wait_for(len(statuses))] == statuses


@then("the other merchant is told nothing")
def _(other_merchant: Listener) -> None:
    assert (other_merchant.receiver.received, other_merchant.deliveries()) == ([], [])


@then(sentence('the merchant had been told "{status:w}" when the confirm was answered'))
def _(merchant: Listener, status: str) -> None:
    assert merchant.told_at_answer == [status]


@then(sentence('the look-up showed "{status:w}"'))
def _(looked_up: list[str], status: str) -> None:
    assert looked_up == [status]


@then(sentence('the payment is "{status:w}"'))
def _(merchant: Listener, status: str) -> None:
    assert granted(merchant.found()).body["status"] == status


@then("there is no such payment")
def _(merchant: Listener) -> None:
    assert_refused(merchant.found(), 404, "NOT_FOUND_PAYMENT")


@then("what the merchant was told is what a look-up shows")
def _(merchant: Listener) -> None:
    assert merchant.receiver.received[0].body["data"] == granted(merchant.found()).body


@then(sentence("the webhook has an id, a time and the retry count {count:Number}"))
def _(merchant: Listener, count: int) -> None:
    received = merchant.receiver.wait_for(1)[0]
    assert re.fullmatch(r"whtrans_\w+", received.id)
    assert re.fullmatch(
        r"[\d-]{10}T[\d:]{8}\+09:00", received.headers["tosspayments-webhook-transmission-time"]
    )
    assert received.retried == count


@then("the webhook has no signature")
def _(merchant: Listener) -> None:
    assert "tosspayments-webhook-signature" not in merchant.receiver.received[-1].headers


@then(sentence('the webhook is signed with "{key:S}"'))
def _(merchant: Listener, key: str) -> None:
    assert_signed(merchant.receiver.received[-1], key)


@then("each callback has the secret of the payment")
def _(merchant: Listener) -> None:
    secret = granted(merchant.found()).body["secret"]
    assert [body["secret"] for body in callbacks(merchant.receiver)] == [secret, secret]


@then("the last callback has another secret than the payment")
def _(merchant: Listener) -> None:
    assert callbacks(merchant.receiver)[-1]["secret"] != granted(merchant.found()).body["secret"]


@then(sentence("{count:Number} attempts were made"))
def _(merchant: Listener, count: int) -> None:
    assert len(merchant.receiver.received) == count


@then(sentence("1 more attempt was made, with the retry count {count:Number}"))
def _(merchant: Listener, count: int) -> None:
    assert [one.retried for one in merchant.receiver.received][count:] == [count]


@then(sentence('the delivery is "{state:w}"'))
def _(merchant: Listener, state: str) -> None:
    assert [one["state"] for one in merchant.deliveries()] == [state]


@then("all attempts sent the same bytes under the same id")
def _(merchant: Listener) -> None:
    assert len({(one.raw, one.id) for one in merchant.receiver.received}) == 1


@then("the log of attempts has what was sent and answered")
def _(merchant: Listener) -> None:
    [delivery] = merchant.deliveries()
    assert {delivery["body"].encode()} == {one.raw for one in merchant.receiver.received}
    sent = [{name.lower(): value for name, value in one["headers"].items()} for one in delivery["attempts"]]
    assert sent == [one.headers for one in merchant.receiver.received]
    assert [one["status"] for one in delivery["attempts"]] == [500, 200]


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)
