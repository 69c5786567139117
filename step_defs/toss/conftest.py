"""The merchant of the Toss scenarios, and the sentences that several features share."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import pytest
from pytest_bdd import given, then, when

from step_defs.toss.purchases import CASH_RECEIPT, REFUND_ACCOUNT, Purchase
from step_defs.toss.requests import CHOICES, changes
from step_defs.wording import sentence, value_of
from testkit.answer import Answer
from testkit.checks import assert_all_refused_but, assert_refused, granted
from testkit.credentials import basic
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider
from testkit.races import at_once

SECRET_KEY = "test_sk_toss_dummy"
WIDGET_SECRET_KEY = "test_gsk_toss_dummy"
DOCUMENTATION_SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"
KOREA = timezone(timedelta(hours=9))


@pytest.fixture
def merchant(provider_url: str) -> Iterator[Provider]:
    """Return the client of the Toss merchant that every server knows."""
    with Provider(provider_url, basic(SECRET_KEY)) as client:
        yield client


@pytest.fixture
def order_id() -> str:
    """Return an order id that no other scenario uses."""
    return random_order_id()


@given("the merchant uses the keys of the payment widget")
def _(merchant: Provider) -> None:
    merchant.authorization = basic(WIDGET_SECRET_KEY)


@pytest.fixture
def purchase(merchant: Provider, order_id: str) -> Purchase:
    """Return the purchase of the scenario's order, not begun yet."""
    return Purchase(merchant, order_id)


@given("the merchant uses the keys of the documentation")
def _(merchant: Provider) -> None:
    merchant.authorization = basic(DOCUMENTATION_SECRET_KEY)


@given(sentence('the merchant prefers "{language}"'))
def _(purchase: Purchase, language: str) -> None:
    purchase.headers["Accept-Language"] = language


@given(sentence('the merchant asks for the error "{code:w}"'))
def _(purchase: Purchase, code: str) -> None:
    purchase.headers["TossPayments-Test-Code"] = code


@given("a merchant with a clock of its own", target_fixture="sandbox")
def _(merchant: Provider, purchase: Purchase) -> str:
    made = granted(merchant.post("/control/sandboxes", {"contract": "toss"})).body
    merchant.authorization = basic(made["secretKey"])
    purchase.client_key = made["clientKey"]
    return str(made["id"])


@when(sentence('"{minutes:d} minutes" pass at the provider'))
def _(merchant: Provider, sandbox: str, minutes: int) -> None:
    granted(merchant.post(f"/control/sandboxes/{sandbox}/clock", {"advance": f"PT{minutes}M"}))


@given(sentence("a shopper who agreed to pay {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.check_out())


@given(sentence('a shopper who agreed to pay {amount:Number} won by "{choice}"'))
def _(purchase: Purchase, amount: int, choice: str) -> None:
    purchase.amount = amount
    granted(purchase.check_out(**CHOICES.get(choice, {"method": choice})))


@given(sentence("a shopper who has the payment window open for {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.check_out(outcome={"result": "wait"}))


@given(sentence("a shopper who paid {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    purchase.pay()


@given(sentence('a shopper who paid {amount:Number} won by "{method:w}"'))
def _(purchase: Purchase, amount: int, method: str) -> None:
    purchase.amount = amount
    purchase.pay(method=method)


@given(sentence("a virtual account is issued for {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.issue_account())


@when(sentence("a virtual account is issued for {amount:Number} won"), target_fixture="answer")
def _(purchase: Purchase, amount: int) -> Answer:
    purchase.amount = amount
    return purchase.issue_account()


@given(sentence("a virtual account that {amount:Number} won were deposited to"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.issue_account())
    granted(purchase.deposit())


@given(sentence("a virtual account with a cash receipt is issued for {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.issue_account(cashReceipt=CASH_RECEIPT))


@given(sentence("a virtual account with a cash receipt that {amount:Number} won were deposited to"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.issue_account(cashReceipt=CASH_RECEIPT))
    granted(purchase.deposit())


@when("the merchant confirms the payment", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.confirm()


@when(sentence('the merchant confirms the payment with "{what}"'), target_fixture="answer")
def _(purchase: Purchase, what: str) -> Answer:
    return purchase.confirm(**changes("confirm", what))


@when("the merchant cancels the payment", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.cancel()


@when(sentence('the merchant cancels the payment with "{what}"'), target_fixture="answer")
def _(purchase: Purchase, what: str) -> Answer:
    return purchase.cancel(**changes("cancel", what))


@when(sentence("the merchant cancels {amount:Number} won of the payment"), target_fixture="answer")
def _(purchase: Purchase, amount: int) -> Answer:
    return purchase.cancel(cancelAmount=amount)


@given(sentence("the merchant cancels {amount:Number} won of the payment"))
def _(purchase: Purchase, amount: int) -> None:
    granted(purchase.cancel(cancelAmount=amount))


@when(sentence("{count:d} tills cancel {amount:Number} won of the payment at once"), target_fixture="answers")
def _(purchase: Purchase, count: int, amount: int) -> list[Answer]:
    return at_once([lambda: purchase.cancel(cancelAmount=amount)] * count)


@when("the shopper deposits", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.deposit()


@when("the merchant refunds the payment to an account of the shopper", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.cancel(refundReceiveAccount=REFUND_ACCOUNT)


@when(
    sentence("the merchant refunds {amount:Number} won of the payment to an account of the shopper"),
    target_fixture="answer",
)
def _(purchase: Purchase, amount: int) -> Answer:
    return purchase.cancel(cancelAmount=amount, refundReceiveAccount=REFUND_ACCOUNT)


@when("the merchant looks the payment up", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.look_up()


@when("the merchant looks the order up", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.look_up_order()


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)
    assert answer.body.keys() == {"code", "message"} | ({"data"} if code == "UNAUTHORIZED_KEY" else set())


@then(sentence('{count:d} went through, and the others are refused with {status:d} "{code:w}"'))
def _(answers: list[Answer], count: int, status: int, code: str) -> None:
    assert_all_refused_but(count, answers, status, code)


@then(sentence('the answer shows the payment as "{status:w}"'))
def _(answer: Answer, status: str) -> None:
    assert granted(answer).body["status"] == status


@then(sentence('the answer shows a payment of type "{kind:w}" by "{method:w}"'))
def _(answer: Answer, kind: str, method: str) -> None:
    assert (granted(answer).body["type"], answer.body["method"]) == (kind, method)


@then(sentence('the answer consists of "{names:Names}"'))
def _(answer: Answer, names: list[str]) -> None:
    assert granted(answer).body.keys() == set(names)


@then("the answer tells")
def _(answer: Answer, datatable: list[list[str]]) -> None:
    expected: dict[str, Any] = {name: value_of(words) for name, words in datatable}
    assert {name: granted(answer).body[name] for name in expected} == expected


@then(sentence('the answer lists the cancels "{amounts:Numbers}"'))
def _(answer: Answer, amounts: list[int]) -> None:
    assert [part["cancelAmount"] for part in granted(answer).body["cancels"]] == amounts


@then(sentence('the payment is "{status:w}"'))
def _(merchant: Provider, order_id: str, status: str) -> None:
    assert granted(merchant.send("GET", f"/v1/payments/orders/{order_id}")).body["status"] == status


@then("there is no payment of the order")
def _(merchant: Provider, order_id: str) -> None:
    assert_refused(merchant.send("GET", f"/v1/payments/orders/{order_id}"), 404, "NOT_FOUND_PAYMENT")


@then(sentence("{amount:Number} won of the payment are left"))
def _(purchase: Purchase, amount: int) -> None:
    assert granted(purchase.look_up()).body["balanceAmount"] == amount
