import time

from pytest_bdd import given, scenarios, then, when

from step_defs.provider.record import Record
from step_defs.provider.variations import UNKNOWN_FIELDS, another
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_just_now
from testkit.provider_client import Provider

scenarios("provider/confirm.feature")


@given("the clock has moved on to the next second")
def _() -> None:
    time.sleep(1.1)


@when(sentence('the merchant confirms the payment with "another {value:w}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, value: str) -> Answer:
    payment = records["the payment"].payment
    return provider.confirm(payment, **another(value, payment))


@when("the merchant confirms the payment, adding fields of its own", target_fixture="answer")
def _(records: dict[str, Record], provider: Provider) -> Answer:
    return provider.confirm(records["the payment"].payment, **UNKNOWN_FIELDS)


@then(sentence('the answer shows a total of {amount:Number} won, paid by "{method:w}"'))
def _(answer: Answer, amount: int, method: str) -> None:
    assert (answer.body["totalAmount"], answer.body["method"]) == (amount, method)


@then("the answer shows that the payment was approved just now")
def _(answer: Answer) -> None:
    assert_just_now(answer.body["approvedAt"])
