import re

import pytest
from pytest_bdd import parsers, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(5)

scenarios("kiosk/order_book.feature")


@when("the clerk opens the order book", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.kiosk.send("GET", "/api/v1/orders")


@when(sentence('the clerk opens the order book for "{status:w}" orders'), target_fixture="answer")
def _(shop: Shop, status: str) -> Answer:
    return shop.kiosk.send("GET", f"/api/v1/orders?status={status}")


@when("the clerk asks for the provider's payment", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.kiosk.send("GET", f"{shop.path}/payment")


@then(parsers.re(r"it lists the orders? (?P<listed>.+)"))
def _(answer: Answer, listed: str) -> None:
    expected = re.findall(r'"(\w+) of (\w+): (.+?)"', listed)
    orders = granted(answer).body["orders"]
    assert [(order["status"], order["buyer"], order["orderName"]) for order in orders] == expected


@then(sentence('it lists {count:d} "{item:w}" for {amount:Number} won'))
def _(answer: Answer, count: int, item: str, amount: int) -> None:
    [line] = answer.body["items"]
    assert (line["quantity"], line["id"], line["amount"]) == (count, item, amount)


@then("its payment key is the one that the window returned")
def _(shop: Shop, answer: Answer) -> None:
    assert answer.body["payment"]["paymentKey"] == shop.redirect["paymentKey"]


@then("the whole Payment object is shown, as the provider has it")
def _(shop: Shop, answer: Answer) -> None:
    assert granted(answer).body == granted(shop.at_provider()).body
