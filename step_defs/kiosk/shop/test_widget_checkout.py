import json
import re
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from step_defs.wording import as_json
from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.scene import Goods
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(10)

scenarios("kiosk/widget_checkout.feature")

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@given(sentence('the shopper authenticates a card that is then declined with "{code:w}"'))
def _(shop: Shop, code: str) -> None:
    shop.checkout(decline=code)


@when(sentence('the shopper fails in the window with "{code:w}"'), target_fixture="told")
def _(shop: Shop, code: str) -> dict[str, str]:
    return shop.checkout(result="fail", code=code)


@when("the shopper closes the window", target_fixture="told")
def _(shop: Shop) -> dict[str, str]:
    told = shop.checkout(result="close")
    assert "orderId" not in told
    return told


@when("the fail page tells the shop")
def _(shop: Shop, told: dict[str, str]) -> None:
    assert granted(shop.fail(told)).body["code"] == told["code"]


@when(sentence('a browser reports the failure "{code:w}" of the order'))
def _(shop: Shop, code: str) -> None:
    granted(shop.fail({"code": code, "message": "No.", "orderId": shop.order["orderId"]}))


@when(sentence("the success page confirms the payment at the older path"), target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.confirm("/toss/confirm-payment")


@when(
    sentence('the success page confirms the payment, but its "{field:w}" is "{value}"'),
    target_fixture="answer",
)
def _(shop: Shop, field: str, value: str) -> Answer:
    return shop.confirm(**{field: json.loads(as_json(value))})


@when("the success page confirms the payment with Lee's payment for Kim's order", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.confirm(orderId=shop.order["orderId"])


@when(sentence('a page orders "{goods:Goods}" and names the amount {amount:d}'), target_fixture="answer")
def _(shop: Shop, goods: Goods, amount: int) -> Answer:
    items = [{"id": name.lower(), "quantity": quantity} for name, quantity in goods.items()]
    return shop.kiosk.post("/api/v1/orders", {"buyer": "Kim", "items": items, "amount": amount})


@when("a screen presses Pay without the window", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.kiosk.pay(shop.order["orderId"])


@then("the order has a UUID")
def _(shop: Shop) -> None:
    assert UUID.fullmatch(shop.order["orderId"])


@then("the answer names the payment, its method and its receipt")
def _(shop: Shop, answer: Answer) -> None:
    payment: dict[str, Any] = answer.body["payment"]
    assert payment["paymentKey"] == shop.redirect["paymentKey"]
    assert payment["method"] == "카드"
    assert payment["receiptUrl"] == shop.at_provider().body["receipt"]["url"]


@then("the provider knows the order by its name and amount")
def _(shop: Shop) -> None:
    found = shop.at_provider().body
    assert (found["orderName"], found["totalAmount"]) == (shop.order["orderName"], shop.order["amount"])


@then(sentence('the order shows the failure "{code:w}"'))
def _(shop: Shop, code: str) -> None:
    assert shop.stored()["failure"]["code"] == code
