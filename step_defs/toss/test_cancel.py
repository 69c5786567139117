from pytest_bdd import scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.races import at_once

scenarios("toss/cancel.feature")


@when(sentence("{count:d} tills cancel the order at once"), target_fixture="answers")
def _(purchase: Purchase, count: int) -> list[Answer]:
    return at_once([purchase.cancel] * count)


@when(sentence("{count:d} tills cancel {amount:Number} won of the order at once"), target_fixture="answers")
def _(purchase: Purchase, count: int, amount: int) -> list[Answer]:
    return at_once([lambda: purchase.cancel(cancelAmount=amount)] * count)


@then(sentence("{count:d} of them cancel it and the others are refused with {status:d} {code:w}"))
def _(answers: list[Answer], count: int, status: int, code: str) -> None:
    refused = [answer for answer in answers if answer.status != 200]
    assert len(answers) - len(refused) == count
    for answer in refused:
        assert_refused(answer, status, code)


@then(sentence("{amount:Number} won are left of the payment"))
def _(purchase: Purchase, amount: int) -> None:
    assert granted(purchase.look_up()).body["balanceAmount"] == amount


@then(sentence("one of them cancels it and the others are refused with {status:d} {code:w}"))
def _(answers: list[Answer], status: int, code: str) -> None:
    refused = [answer for answer in answers if answer.status != 200]
    assert len(refused) == len(answers) - 1
    for answer in refused:
        assert_refused(answer, status, code)
