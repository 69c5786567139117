from typing import Any

from pytest_bdd import given, scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted

scenarios("toss/idempotency.feature")


@given(sentence("another shopper who agreed to pay {amount:Number} won"), target_fixture="other_purchase")
def _(purchase: Purchase, amount: int) -> Purchase:
    other = purchase.another()
    other.amount = amount
    granted(other.check_out())
    return other


@when("the merchant confirms the other order under the same key", target_fixture="second_answer")
def _(other_purchase: Purchase) -> Answer:
    return other_purchase.confirm()


@then(sentence('the other shopper\'s payment is "{status:w}"'))
def _(other_purchase: Purchase, status: str) -> None:
    assert granted(other_purchase.look_up()).body["status"] == status


@given("the merchant sends an idempotency key")
def _(purchase: Purchase) -> None:
    purchase.headers["Idempotency-Key"] = f"key-of-{purchase.order_id}"


@given(sentence("the merchant sends a key of {length:d} characters"))
def _(purchase: Purchase, length: int) -> None:
    purchase.headers["Idempotency-Key"] = "k" * length


@when("the merchant confirms the payment once more", target_fixture="second_answer")
def _(purchase: Purchase) -> Answer:
    return purchase.confirm()


@then(sentence('both answers are the same, and show the payment as "{status:w}"'))
def _(answer: Answer, second_answer: Answer, status: str) -> None:
    assert granted(second_answer).text == granted(answer).text
    assert second_answer.headers["Content-Type"] == answer.headers["Content-Type"]
    assert answer.body["status"] == status


@then(sentence('each of them hears of the one cancel, or {status:d} "{code:w}"'))
def _(answers: list[Answer], status: int, code: str) -> None:
    heard = [answer for answer in answers if answer.status == 200]
    assert len({answer.text for answer in heard}) == 1
    for answer in answers:
        if answer.status != 200:
            assert_refused(answer, status, code)


@then(sentence('the payment has the cancels "{amounts:Numbers}"'))
def _(purchase: Purchase, amounts: list[int]) -> None:
    cancels: list[dict[str, Any]] = granted(purchase.look_up()).body["cancels"]
    assert [part["cancelAmount"] for part in cancels] == amounts
