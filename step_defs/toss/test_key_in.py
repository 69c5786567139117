from collections.abc import Mapping

from pytest_bdd import given, scenarios, then, when

from step_defs.toss.cards import CARD, card_ending_in
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/key_in.feature")


def key_in(merchant: Provider, order_id: str, amount: int, card: Mapping[str, str]) -> Answer:
    order = {"amount": amount, "orderId": order_id, "orderName": "토스 티셔츠 외 2건"}
    return merchant.post("/v1/payments/key-in", {**order, **card})


@given(sentence("a card was keyed in for an order of {amount:Number} won"))
def _(merchant: Provider, order_id: str, amount: int) -> None:
    granted(key_in(merchant, order_id, amount, CARD))


@given(sentence('a card that ends in "{ending}" was keyed in for an order of {amount:Number} won'))
def _(merchant: Provider, order_id: str, ending: str, amount: int) -> None:
    key_in(merchant, order_id, amount, card_ending_in(ending))


@when(sentence("the merchant keys in a card for an order of {amount:Number} won"), target_fixture="answer")
def _(merchant: Provider, order_id: str, amount: int) -> Answer:
    return key_in(merchant, order_id, amount, CARD)


@when("the merchant keys in a card for the same order", target_fixture="answer")
def _(merchant: Provider, order_id: str) -> Answer:
    return key_in(merchant, order_id, 10_000, CARD)


@when(
    sentence('the merchant keys in a card whose "{name:w}" is "{value}" for an order of {amount:Number} won'),
    target_fixture="answer",
)
def _(merchant: Provider, order_id: str, name: str, value: str, amount: int) -> Answer:
    return key_in(merchant, order_id, amount, {**CARD, name: value})


@when(
    sentence('the merchant keys in a card that ends in "{ending}" for an order of {amount:Number} won'),
    target_fixture="answer",
)
def _(merchant: Provider, order_id: str, ending: str, amount: int) -> Answer:
    return key_in(merchant, order_id, amount, card_ending_in(ending))


@then(sentence('the answer hides the card\'s number as "{shown}"'))
def _(answer: Answer, shown: str) -> None:
    assert granted(answer).body["card"]["number"] == shown
