import json

from pytest_bdd import scenarios, then, when

from step_defs.toss.accounts import REFUND_ACCOUNT, Account
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider

scenarios("toss/virtual_accounts.feature")


@when(
    sentence("the merchant has a virtual account issued for an order of {amount:Number} won"),
    target_fixture="answer",
)
def _(account: Account, amount: int) -> Answer:
    account.amount = amount
    return account.issue()


@when("the merchant has a virtual account issued for the same order", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.issue()


@when(sentence("the merchant asks for a virtual account with {fields}"), target_fixture="answer")
def _(account: Account, fields: str) -> Answer:
    return account.issue(**json.loads(fields))


@when("the merchant has virtual accounts issued for two orders", target_fixture="answers")
def _(merchant: Provider) -> list[Answer]:
    return [granted(Account(merchant, random_order_id()).issue()) for _ in range(2)]


@when(
    sentence('the merchant has virtual accounts issued for two orders of the accountKey "{key}"'),
    target_fixture="answers",
)
def _(merchant: Provider, key: str) -> list[Answer]:
    return [granted(Account(merchant, random_order_id()).issue(accountKey=key)) for _ in range(2)]


@when(sentence("the merchant cancels {amount:Number} won of the payment"), target_fixture="answer")
def _(account: Account, amount: int) -> Answer:
    return account.cancel(cancelAmount=amount)


@when(sentence("the merchant refunds the payment to an account with {fields}"), target_fixture="answer")
def _(account: Account, fields: str) -> Answer:
    return account.cancel(refundReceiveAccount={**REFUND_ACCOUNT, **json.loads(fields)})


@then("the answer has a secret for the deposit's notification")
def _(answer: Answer) -> None:
    assert granted(answer).body["secret"].startswith("ps_")


@then("their secrets differ")
def _(answers: list[Answer]) -> None:
    first, second = (answer.body["secret"] for answer in answers)
    assert first != second


@then(sentence("both are the same account of the type {kind}"))
def _(answers: list[Answer], kind: str) -> None:
    first, second = (answer.body["virtualAccount"] for answer in answers)
    assert first["accountNumber"] == second["accountNumber"]
    assert first["accountType"] == second["accountType"] == kind


@then(sentence("the answer shows the refund as {status:w}"))
def _(answer: Answer, status: str) -> None:
    assert granted(answer).body["virtualAccount"]["refundStatus"] == status


@then(sentence("{amount:Number} won of the payment are left"))
def _(account: Account, amount: int) -> None:
    assert account.found()["balanceAmount"] == amount
