from pytest_bdd import scenarios, then, when

from step_defs.provider.record import Record
from step_defs.provider.variations import UNKNOWN_FIELDS
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_just_now
from testkit.provider_client import Provider

scenarios("provider/cancel.feature")


@when(sentence("the merchant cancels {amount:Number} won of the payment"), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, amount: int) -> Answer:
    return provider.cancel(records["the payment"].payment, cancelAmount=amount)


@when("the merchant cancels the payment, adding fields of its own", target_fixture="answer")
def _(records: dict[str, Record], provider: Provider) -> Answer:
    return provider.cancel(records["the payment"].payment, **UNKNOWN_FIELDS)


@then("the answer shows that the payment was canceled just now")
def _(answer: Answer) -> None:
    assert_just_now(answer.body["canceledAt"])


@then("the provider still holds the first cancellation")
def _(records: dict[str, Record], provider: Provider) -> None:
    record = records["the payment"]
    assert record.cancellation is not None
    held = provider.look_up(record.payment).body
    assert {name: held[name] for name in ("status", "canceledAt")} == record.cancellation.body


@then(sentence('the provider keeps the reason "{reason}"'))
def _(records: dict[str, Record], provider: Provider, reason: str) -> None:
    assert provider.look_up(records["the payment"].payment).body["cancelReason"] == reason
