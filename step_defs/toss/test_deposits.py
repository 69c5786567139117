from pytest_bdd import scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.races import at_once

scenarios("toss/deposits.feature")


@when(sentence("the shopper deposits {amount:Number} won"), target_fixture="answer")
def _(purchase: Purchase, amount: int) -> Answer:
    return purchase.deposit(amount=amount)


@when(sentence('"{depositor:w}" deposits'), target_fixture="answer")
def _(purchase: Purchase, depositor: str) -> Answer:
    return purchase.deposit(depositorName=depositor)


@when("the bank takes the deposit back", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.reverse_deposit()


@when(sentence("the shopper deposits {count:d} times at once"), target_fixture="answers")
def _(purchase: Purchase, count: int) -> list[Answer]:
    return at_once([purchase.deposit] * count)


@when("the shopper deposits while the merchant cancels", target_fixture="answers")
def _(purchase: Purchase) -> list[Answer]:
    return at_once([purchase.deposit, purchase.cancel])


@then("the answer tells when the payment was approved")
def _(answer: Answer) -> None:
    assert granted(answer).body["approvedAt"].endswith("+09:00")


@then("the answer tells of no approval")
def _(answer: Answer) -> None:
    assert granted(answer).body["approvedAt"] is None


@then(sentence('the answer names "{depositor:w}" as the depositor'))
def _(answer: Answer, depositor: str) -> None:
    assert granted(answer).body["virtualAccount"]["depositorName"] == depositor


@then("the payment is what the one that went through made of it")
def _(purchase: Purchase, answers: list[Answer]) -> None:
    deposit, cancel = (answer.status == 200 for answer in answers)
    assert deposit != cancel
    assert granted(purchase.look_up()).body["status"] == ("DONE" if deposit else "CANCELED")
