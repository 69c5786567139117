import json
from typing import Any

from pytest_bdd import scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.kiosk.scene import Scene

scenarios("kiosk/checkout.feature")

CART = {"items": [{"id": "popcorn", "quantity": 1}]}
EXTRAS: dict[str, dict[str, Any]] = {
    "its own amount": {"amount": 1},
    "a price of an item": {"items": [{"id": "popcorn", "quantity": 1, "price": 1}]},
    "a status": {"status": "PAID"},
}
REQUESTS = {
    "shown": ("GET", "/orders/{}"),
    "paid": ("POST", "/orders/{}/pay"),
    "refunded": ("POST", "/orders/{}/refund"),
    "resolved": ("POST", "/orders/{}/resolve"),
}


@when("the shopper orders")
def _(scene: Scene) -> None:
    scene.order()


@when(sentence("a screen sends an order that also names {field}"), target_fixture="answer")
def _(scene: Scene, field: str) -> Answer:
    return scene.kiosk.place(CART | EXTRAS[field])


@when("a screen presses Pay and names an amount of 1 won", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.post(f"/orders/{scene.order_id}/pay", {"amount": 1})


@when(sentence("a screen sends the cart {cart}"), target_fixture="answer")
def _(scene: Scene, cart: str) -> Answer:
    return scene.kiosk.place({"items": json.loads(cart)})


@when(sentence("somebody tries to have {order} {verb:w}"), target_fixture="answer")
def _(scene: Scene, order: str, verb: str) -> Answer:
    method, path = REQUESTS[verb]
    return scene.kiosk.send(method, path.format(order))


@then(sentence("the order costs {amount:Number} won"))
def _(scene: Scene, amount: int) -> None:
    assert scene.stored()["amount"] == amount


@then(sentence("the new order costs {amount:Number} won"))
def _(answer: Answer, amount: int) -> None:
    assert answer.status == 201, answer
    assert answer.body["amount"] == amount
