from collections import Counter
from functools import partial

from pytest_bdd import scenarios, then, when

from step_defs.toss.accounts import Account
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.races import at_once

scenarios("toss/deposits.feature")


@when(sentence("the shopper deposits {amount:Number} won"), target_fixture="answer")
def _(account: Account, amount: int) -> Answer:
    return account.deposit(amount=amount)


@when("홍길동 deposits", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.deposit(depositorName="홍길동")


@when("the bank takes the deposit back", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.reverse()


@when(sentence("the shopper deposits {count:d} times at once"), target_fixture="answers")
def _(account: Account, count: int) -> list[Answer]:
    clients = [account.merchant.another_client() for _ in range(count)]
    return at_once([partial(account.deposit, client) for client in clients])


@when("the shopper deposits while the merchant cancels", target_fixture="answers")
def _(account: Account) -> list[Answer]:
    bank, office = account.merchant.another_client(), account.merchant.another_client()
    return at_once([partial(account.deposit, bank), partial(account.cancel, office)])


@then("the answer tells when the payment was approved")
def _(answer: Answer) -> None:
    assert granted(answer).body["approvedAt"].endswith("+09:00")


@then("the answer tells of no approval")
def _(answer: Answer) -> None:
    assert granted(answer).body["approvedAt"] is None


@then("the answer names 홍길동 as the depositor")
def _(answer: Answer) -> None:
    assert granted(answer).body["virtualAccount"]["depositorName"] == "홍길동"


@then(sentence("one deposit is taken and the others are refused with {code:w}"))
def _(answers: list[Answer], code: str) -> None:
    ended = Counter(answer.body.get("code", "taken") for answer in answers)
    assert ended == {"taken": 1, code: len(answers) - 1}


@then("the payment is what the one that went through made of it")
def _(account: Account, answers: list[Answer]) -> None:
    deposit, cancel = (answer.status == 200 for answer in answers)
    assert deposit != cancel
    assert account.found()["status"] == ("DONE" if deposit else "CANCELED")
