import json

from pytest_bdd import given, scenarios, then

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted

scenarios("toss/payment_methods.feature")

PARTS = ("card", "virtualAccount", "easyPay", "mobilePhone", "transfer", "giftCertificate")


@given(sentence("a shopper who agreed to pay {amount:Number} won by {method:w}"))
def _(purchase: Purchase, amount: int, method: str) -> None:
    purchase.amount = amount
    granted(purchase.check_out(method=method))


@given(sentence("a shopper who agreed to pay {amount:Number} won with {choice}"))
def _(purchase: Purchase, amount: int, choice: str) -> None:
    purchase.amount = amount
    granted(purchase.check_out(**json.loads(choice)))


@then(sentence("of the ways to pay the answer tells of {names:Names}"))
def _(answer: Answer, names: list[str]) -> None:
    assert {part for part in PARTS if granted(answer).body[part] is not None} == set(names)
