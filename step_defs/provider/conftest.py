"""The sentences that most of the provider's features share."""

import re
from dataclasses import replace

import pytest
from pytest_bdd import given, then, when

from step_defs.provider.bodies import BODIES
from step_defs.provider.record import Record
from step_defs.provider.variations import UNKNOWN_FIELDS, another
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.identifiers import random_order_id
from testkit.provider_client import Payment, Provider, cancel_path


@pytest.fixture
def records() -> dict[str, Record]:
    """Return the scenario's payments, by the words that the feature has for them."""
    return {}


@given(sentence("a shopper about to pay {amount:Number} won"))
def _(records: dict[str, Record], amount: int) -> None:
    records["the payment"] = Record(Payment(amount))


@given(sentence('a payment of {amount:Number} won that was "{state:State}"'))
def _(records: dict[str, Record], provider: Provider, state: str, amount: int) -> None:
    records["the payment"] = Record(Payment(amount))
    records["the payment"].bring_to(state, provider)


@given(sentence('a second payment of {amount:Number} won for {order} that was "{state:State}"'))
def _(records: dict[str, Record], provider: Provider, state: str, amount: int, order: str) -> None:
    order_ids = {
        "the same order": records["the payment"].payment.order_id,
        "another order": random_order_id(),
    }
    records["the second payment"] = Record(Payment(amount, order_id=order_ids[order]))
    records["the second payment"].bring_to(state, provider)


@when(sentence("the merchant creates {which:Which}"), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, which: str) -> Answer:
    return provider.create(records[which].payment)


@when(sentence('the merchant creates the payment with "another {value:w}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, value: str) -> Answer:
    payment = records["the payment"].payment
    return provider.create(payment, **another(value, payment))


@when("the merchant creates the payment, adding fields of its own", target_fixture="answer")
def _(records: dict[str, Record], provider: Provider) -> Answer:
    return provider.create(records["the payment"].payment, **UNKNOWN_FIELDS)


@when(sentence("the merchant confirms {which:Which}"), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, which: str) -> Answer:
    return provider.confirm(records[which].payment)


@when(sentence("the merchant cancels {which:Which}"), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, which: str) -> Answer:
    return provider.cancel(records[which].payment)


@when(sentence('the merchant cancels the payment because of "{reason}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, reason: str) -> Answer:
    return provider.cancel(records["the payment"].payment, cancelReason=reason)


@when(sentence("the merchant looks {which:Which} up"), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, which: str) -> Answer:
    return provider.look_up(records[which].payment)


@when("the merchant looks the order up", target_fixture="answer")
def _(records: dict[str, Record], provider: Provider) -> Answer:
    return provider.look_up_order(records["the payment"].payment)


@then(sentence('the answer shows {:Which} as "{status:w}"'))
def _(answer: Answer, status: str) -> None:
    assert granted(answer).body["status"] == status
    assert answer.media_type == "application/json"


@then("the answer carries the payment's key and order")
def _(answer: Answer, records: dict[str, Record]) -> None:
    payment = records["the payment"].payment
    assert (answer.body["paymentKey"], answer.body["orderId"]) == (payment.payment_key, payment.order_id)


@then(sentence('the answer consists of "{names:Names}"'))
def _(answer: Answer, names: list[str]) -> None:
    assert answer.body.keys() == set(names)


@when(sentence('the merchant sends "{body}" to "{operation:w}" a payment'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, body: str, operation: str) -> Answer:
    payment = records["the payment"].payment if records else Payment(10_000)
    paths = {"create": "/v1/payments", "confirm": "/v1/payments/confirm", "cancel": cancel_path(payment)}
    return provider.send("POST", paths[operation], BODIES[body])


@then(sentence("the answer shows a total of {amount:Number} won"))
def _(answer: Answer, amount: int) -> None:
    assert answer.body["totalAmount"] == amount
    assert type(answer.body["totalAmount"]) is int


@then("the answer is the approval, word for word")
def _(answer: Answer, records: dict[str, Record]) -> None:
    approval = records["the payment"].approval
    assert approval is not None
    assert (answer.status, answer.text) == (200, approval.text)


@then("the answer carries the address of the payment's receipt")
def _(answer: Answer, records: dict[str, Record], provider: Provider) -> None:
    path = f"{provider.url}/receipts/{records['the payment'].payment.payment_key}"
    assert re.fullmatch(re.escape(path) + r"\?token=[\w~.-]{16,}", answer.body["receipt"]["url"])
    assert answer.body["receipt"].keys() == {"url"}


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)


@then(sentence('{which:Which} is "{status:w}"'))
def _(records: dict[str, Record], provider: Provider, which: str, status: str) -> None:
    assert granted(provider.look_up(records[which].payment)).body["status"] == status


@then("the provider still holds the payment with its order and amount")
def _(records: dict[str, Record], provider: Provider) -> None:
    payment = records["the payment"].payment
    held = granted(provider.look_up(payment)).body
    assert replace(payment, order_id=held["orderId"], amount=held["totalAmount"]) == payment


@then("there is no such payment")
def _(records: dict[str, Record], provider: Provider) -> None:
    assert_refused(provider.look_up(records["the payment"].payment), 404, "NOT_FOUND")
