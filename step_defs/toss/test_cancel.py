from pytest_bdd import scenarios, then, when

from step_defs.support.answer import Answer
from step_defs.support.checks import assert_refused
from step_defs.support.races import at_once
from step_defs.support.wording import sentence
from step_defs.toss.purchases import Purchase

scenarios("toss/cancel.feature")


@when(sentence("{count:d} tills cancel the order at once"), target_fixture="answers")
def _(purchase: Purchase, count: int) -> list[Answer]:
    return at_once([purchase.cancel] * count)


@then(sentence("one of them cancels it and the others are refused with {status:d} {code:w}"))
def _(answers: list[Answer], status: int, code: str) -> None:
    refused = [answer for answer in answers if answer.status != 200]
    assert len(refused) == len(answers) - 1
    for answer in refused:
        assert_refused(answer, status, code)
