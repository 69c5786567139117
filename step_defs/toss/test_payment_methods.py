from pytest_bdd import given, scenarios, then

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted

scenarios("toss/payment_methods.feature")

PARTS = ("card", "virtualAccount", "easyPay", "mobilePhone", "transfer", "giftCertificate")


@given(sentence("a shopper who paid {amount:Number} won, {untaxed:Number} of them untaxed"))
def _(purchase: Purchase, amount: int, untaxed: int) -> None:
    purchase.amount = amount
    purchase.pay(taxFreeAmount=untaxed)


@given(sentence('a shopper who paid {amount:Number} won, noted as "{name:w}: {value}"'))
def _(purchase: Purchase, amount: int, name: str, value: str) -> None:
    purchase.amount = amount
    purchase.pay(metadata={name: value})


@then(sentence('the answer has the note "{name:w}: {value}"'))
def _(answer: Answer, name: str, value: str) -> None:
    assert granted(answer).body["metadata"] == {name: value}


@then(sentence('of the ways to pay the answer tells of "{names:Names}"'))
def _(answer: Answer, names: list[str]) -> None:
    assert {part for part in PARTS if granted(answer).body[part] is not None} == set(names)
