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
CARTS: dict[str, Any] = {
    "1 Cola, and 2 Cola once more": [{"id": "cola", "quantity": 1}, {"id": "cola", "quantity": 2}],
    "nothing in it": [],
    "a word for a list": "popcorn",
    "no list": None,
    "an item that is not sold": [{"id": "gold", "quantity": 1}],
    "an item without a name": [{"quantity": 1}],
    "an item named by a number": [{"id": 7, "quantity": 1}],
    "Popcorn without a quantity": [{"id": "popcorn"}],
    "0 Popcorn": [{"id": "popcorn", "quantity": 0}],
    "-1 Popcorn": [{"id": "popcorn", "quantity": -1}],
    "100 Popcorn": [{"id": "popcorn", "quantity": 100}],
    "1.5 Popcorn": [{"id": "popcorn", "quantity": 1.5}],
    "Popcorn in a quantity of text": [{"id": "popcorn", "quantity": "1"}],
    "Popcorn in a quantity of yes": [{"id": "popcorn", "quantity": True}],
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


@when(sentence('a screen sends an order that also names "{field}"'), target_fixture="answer")
def _(scene: Scene, field: str) -> Answer:
    return scene.kiosk.place(CART | EXTRAS[field])


@when("a screen presses Pay and names an amount of 1 won", target_fixture="answer")
def _(scene: Scene) -> Answer:
    return scene.kiosk.post(f"/orders/{scene.order_id}/pay", {"amount": 1})


@when(sentence('a screen sends a cart with "{cart}"'), target_fixture="answer")
def _(scene: Scene, cart: str) -> Answer:
    return scene.kiosk.place({"items": CARTS[cart]})


@when(sentence('somebody tries to have "{order}" "{verb:w}"'), target_fixture="answer")
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
