import re

from pytest_bdd import given, scenarios, then

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer

scenarios("toss/languages.feature")

KOREAN = re.compile("[가-힣]")


@given(sentence('a shopper who paid {amount:Number} won for "{name}"'))
def _(purchase: Purchase, amount: int, name: str) -> None:
    purchase.amount = amount
    purchase.pay(orderName=name)


@then(sentence('the message is in "{language:w}"'))
def _(answer: Answer, language: str) -> None:
    assert (KOREAN.search(answer.body["message"]) is not None) == (language == "Korean")
