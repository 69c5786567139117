from pytest_bdd import given, scenarios, when

from step_defs.support.answer import Answer
from step_defs.support.checks import granted
from step_defs.support.wording import sentence
from step_defs.toss.purchases import Purchase

scenarios("toss/confirm.feature")


@given(sentence("a shopper whose issuer is going to refuse {amount:Number} won with {code:w}"))
def _(purchase: Purchase, amount: int, code: str) -> None:
    purchase.amount = amount
    granted(purchase.check_out(outcome={"decline": code}))


@when("the merchant confirms the order by the older path", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.confirm_by_older_path()
