from pytest_bdd import scenarios, then, when

from step_defs.toss.purchases import REFUND_ACCOUNT, Purchase
from step_defs.toss.requests import changes
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider

scenarios("toss/virtual_accounts.feature")


@when("a virtual account is issued for the same order", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.issue_account()


@when(sentence('the merchant asks for a virtual account with "{what}"'), target_fixture="answer")
def _(purchase: Purchase, what: str) -> Answer:
    return purchase.issue_account(**changes("virtual account", what))


@when("the merchant has virtual accounts issued for two orders", target_fixture="answers")
def _(merchant: Provider) -> list[Answer]:
    return [granted(Purchase(merchant, random_order_id()).issue_account()) for _ in range(2)]


@when(
    sentence('the merchant has virtual accounts issued for two orders of the accountKey "{key}"'),
    target_fixture="answers",
)
def _(merchant: Provider, key: str) -> list[Answer]:
    return [granted(Purchase(merchant, random_order_id()).issue_account(accountKey=key)) for _ in range(2)]


@when(sentence('the merchant refunds the payment to an account with "{what}"'), target_fixture="answer")
def _(purchase: Purchase, what: str) -> Answer:
    return purchase.cancel(refundReceiveAccount={**REFUND_ACCOUNT, **changes("refund account", what)})


@then("the answer has a secret for the deposit's notification")
def _(answer: Answer) -> None:
    assert granted(answer).body["secret"].startswith("ps_")


@then("their secrets differ")
def _(answers: list[Answer]) -> None:
    first, second = (answer.body["secret"] for answer in answers)
    assert first != second


@then(sentence('both are the same account of the type "{kind}"'))
def _(answers: list[Answer], kind: str) -> None:
    first, second = (answer.body["virtualAccount"] for answer in answers)
    assert first["accountNumber"] == second["accountNumber"]
    assert first["accountType"] == second["accountType"] == kind


@then(sentence('the answer shows the refund as "{status:w}"'))
def _(answer: Answer, status: str) -> None:
    assert granted(answer).body["virtualAccount"]["refundStatus"] == status
