from pytest_bdd import scenarios, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.races import at_once

scenarios("toss/cancel.feature")


@when(sentence("{count:d} tills cancel the payment at once"), target_fixture="answers")
def _(purchase: Purchase, count: int) -> list[Answer]:
    return at_once([purchase.cancel] * count)
