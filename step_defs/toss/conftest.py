"""The merchant of the Toss scenarios, and the sentences that several features share."""

import json
from collections.abc import Iterator
from datetime import timedelta, timezone

import pytest
from pytest_bdd import given, then, when

from step_defs.toss.accounts import CASH_RECEIPT, REFUND_ACCOUNT, Account
from step_defs.toss.purchases import Purchase
from step_defs.toss.sales import Sale
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.credentials import basic
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider

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


@then(sentence("it is refused with {status:d} {code:w}"))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)


@then(sentence("the answer shows the payment as {status:w}"))
def _(answer: Answer, status: str) -> None:
    assert granted(answer).body["status"] == status


@then(sentence("the answer shows a payment of type {kind:w} by {method:w}"))
def _(answer: Answer, kind: str, method: str) -> None:
    assert (granted(answer).body["type"], answer.body["method"]) == (kind, method)


@then(sentence("the answer consists of {names:Names}"))
def _(answer: Answer, names: list[str]) -> None:
    assert granted(answer).body.keys() == set(names)


@then(sentence("the merchant finds the payment of the order as {status:w}"))
def _(merchant: Provider, order_id: str, status: str) -> None:
    assert granted(merchant.send("GET", f"/v1/payments/orders/{order_id}")).body["status"] == status


@then("the merchant finds no payment of the order")
def _(merchant: Provider, order_id: str) -> None:
    assert_refused(merchant.send("GET", f"/v1/payments/orders/{order_id}"), 404, "NOT_FOUND_PAYMENT")


@given(sentence("a sale of {amount:Number} won"), target_fixture="sales")
def _(merchant: Provider, amount: int) -> list[Sale]:
    sale = Sale(merchant, amount)
    sale.charge()
    return [sale]


@given(sentence("{count:d} sales of {amount:Number} won"), target_fixture="sales")
def _(merchant: Provider, count: int, amount: int) -> list[Sale]:
    sales = [Sale(merchant, amount) for _ in range(count)]
    for sale in sales:
        sale.charge()
    return sales


@given(
    sentence("a shopper who chose a card in the window for an order of {amount:Number} won"),
    target_fixture="sales",
)
def _(merchant: Provider, amount: int) -> list[Sale]:
    return [Sale(merchant, amount)]


@given(sentence("{amount:Number} won of it were given back"))
def _(sales: list[Sale], amount: int) -> None:
    sales[0].give_back(amount)


@pytest.fixture
def account(merchant: Provider, order_id: str) -> Account:
    """Return the virtual account of the scenario's order, not issued yet."""
    return Account(merchant, order_id)


@given(sentence("a virtual account was issued for an order of {amount:Number} won"))
def _(account: Account, amount: int) -> None:
    account.amount = amount
    granted(account.issue())


@given(sentence("a virtual account that {amount:Number} won were deposited to"))
def _(account: Account, amount: int) -> None:
    account.amount = amount
    granted(account.issue())
    granted(account.deposit())


@given(sentence("a virtual account with a cash receipt was issued for an order of {amount:Number} won"))
def _(account: Account, amount: int) -> None:
    account.amount = amount
    granted(account.issue(cashReceipt=CASH_RECEIPT))


@given(sentence("a virtual account with a cash receipt that {amount:Number} won were deposited to"))
def _(account: Account, amount: int) -> None:
    account.amount = amount
    granted(account.issue(cashReceipt=CASH_RECEIPT))
    granted(account.deposit())


@given(sentence("a shopper who chose a virtual account in the window for an order of {amount:Number} won"))
def _(account: Account, amount: int) -> None:
    account.amount = amount
    account.choose("가상계좌")


@when("the merchant confirms the payment", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.confirm()


@when("the merchant cancels the payment", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.cancel()


@when("the shopper deposits", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.deposit()


@when("the merchant refunds the payment to an account of the shopper", target_fixture="answer")
def _(account: Account) -> Answer:
    return account.cancel(refundReceiveAccount=REFUND_ACCOUNT)


@when(
    sentence("the merchant refunds {amount:Number} won of the payment to an account of the shopper"),
    target_fixture="answer",
)
def _(account: Account, amount: int) -> Answer:
    return account.cancel(cancelAmount=amount, refundReceiveAccount=REFUND_ACCOUNT)


@pytest.fixture
def purchase(merchant: Provider, order_id: str) -> Purchase:
    """Return the purchase of the scenario's order, not begun yet."""
    return Purchase(merchant, order_id)


@given(sentence("a shopper who agreed to pay {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.check_out())


@given(sentence("a shopper who has the payment window open for {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    granted(purchase.check_out(outcome={"result": "wait"}))


@given(sentence("a shopper who paid {amount:Number} won"))
def _(purchase: Purchase, amount: int) -> None:
    purchase.amount = amount
    purchase.pay()


@given(sentence("a shopper who paid {amount:Number} won with {fields}"))
def _(purchase: Purchase, amount: int, fields: str) -> None:
    purchase.amount = amount
    purchase.pay(**json.loads(fields))


@given(sentence("the merchant sends {name:S}: {value}"))
def _(purchase: Purchase, name: str, value: str) -> None:
    purchase.headers[name] = value


@given("a merchant with a clock of its own", target_fixture="sandbox")
def _(merchant: Provider, purchase: Purchase) -> str:
    made = granted(merchant.post("/control/sandboxes", {"contract": "toss"})).body
    merchant.authorization = basic(made["secretKey"])
    purchase.client_key = made["clientKey"]
    return str(made["id"])


@when(sentence("{minutes:d} minutes pass"))
def _(merchant: Provider, sandbox: str, minutes: int) -> None:
    granted(merchant.post(f"/control/sandboxes/{sandbox}/clock", {"advance": f"PT{minutes}M"}))


@given("the merchant uses the keys of the documentation")
def _(merchant: Provider) -> None:
    merchant.authorization = basic(DOCUMENTATION_SECRET_KEY)


@when("the merchant confirms the order", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.confirm()


@when(sentence("the merchant confirms the order with {changes}"), target_fixture="answer")
def _(purchase: Purchase, changes: str) -> Answer:
    return purchase.confirm(**json.loads(changes))


@when("the merchant cancels the order", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.cancel()


@when(sentence("the merchant cancels {amount:Number} won of the order"), target_fixture="answer")
def _(purchase: Purchase, amount: int) -> Answer:
    return purchase.cancel(cancelAmount=amount)


@when(sentence("the merchant cancels the order with {fields}"), target_fixture="answer")
def _(purchase: Purchase, fields: str) -> Answer:
    return purchase.cancel(**json.loads(fields))


@when("the merchant looks the payment up", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.look_up()


@when("the merchant looks the order up", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.look_up_order()


@then(sentence("the answer lists the cancels {amounts:Numbers}"))
def _(answer: Answer, amounts: list[int]) -> None:
    assert [part["cancelAmount"] for part in granted(answer).body["cancels"]] == amounts


@then(sentence("the answer has {fields}"))
def _(answer: Answer, fields: str) -> None:
    expected = json.loads(fields)
    assert {name: granted(answer).body[name] for name in expected} == expected
