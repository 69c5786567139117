from dataclasses import replace

from pytest_bdd import given, scenarios, then, when

from step_defs.provider.record import Record
from step_defs.wording import body_with, sentence, text_of_length
from testkit.answer import Answer
from testkit.checks import assert_refused
from testkit.provider_client import Provider, cancel_path

scenarios("provider/validation.feature")

PATHS = {"create": "/v1/payments", "confirm": "/v1/payments/confirm"}


@given(sentence('the payment\'s "{name:w}" is "{length}" long'))
def _(records: dict[str, Record], name: str, length: str) -> None:
    payment, text = records["the payment"].payment, text_of_length(length)
    variants = {"paymentKey": replace(payment, payment_key=text), "orderId": replace(payment, order_id=text)}
    records["the payment"].payment = variants[name]


@when(sentence('the merchant creates the payment, but its "{name:w}" is "{value}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, name: str, value: str) -> Answer:
    body = body_with(records["the payment"].payment.fields, name, value)
    return provider.send("POST", PATHS["create"], body)


@when(sentence('the merchant confirms the payment, but its "{name:w}" is "{value}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, name: str, value: str) -> Answer:
    body = body_with(records["the payment"].payment.fields, name, value)
    return provider.send("POST", PATHS["confirm"], body)


@when(sentence('the merchant cancels the payment, but its "{name:w}" is "{value}"'), target_fixture="answer")
def _(records: dict[str, Record], provider: Provider, name: str, value: str) -> Answer:
    payment = records["the payment"].payment
    fields = {"cancelReason": "USER_REQUEST", "cancelAmount": payment.amount}
    return provider.send("POST", cancel_path(payment), body_with(fields, name, value))


@then(sentence('it is refused with {status:d} "{code:w}", naming "{names:Names}"'))
def _(answer: Answer, status: int, code: str, names: list[str]) -> None:
    assert_refused(answer, status, code)
    assert answer.body["errors"].keys() == set(names)
    assert all(isinstance(why, str) and why for reasons in answer.body["errors"].values() for why in reasons)
    assert all(answer.body["errors"].values())


@then("there is no payment of the order")
def _(records: dict[str, Record], provider: Provider) -> None:
    assert_refused(provider.look_up_order(records["the payment"].payment), 404, "NOT_FOUND")
