from pytest_bdd import given, scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.races import at_once

scenarios("toss/confirm.feature")

DONE_BEFORE = (400, "ALREADY_PROCESSED_PAYMENT")
UNDER_WAY = (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")


@given(sentence('a shopper whose issuer is going to refuse {amount:Number} won with "{code:w}"'))
def _(purchase: Purchase, amount: int, code: str) -> None:
    purchase.amount = amount
    granted(purchase.check_out(outcome={"decline": code}))


@when(sentence("{count:d} tabs confirm the payment at once"), target_fixture="answers")
def _(purchase: Purchase, count: int) -> list[Answer]:
    return at_once([purchase.confirm] * count)


@then(sentence("{count:d} went through, and the others hear that it did, or is about to"))
def _(answers: list[Answer], count: int) -> None:
    refused = [answer for answer in answers if answer.status != 200]
    assert len(refused) == len(answers) - count
    assert {(answer.status, answer.body["code"]) for answer in refused} <= {DONE_BEFORE, UNDER_WAY}


@when("the merchant confirms the payment by the older path", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.confirm_by_older_path()
