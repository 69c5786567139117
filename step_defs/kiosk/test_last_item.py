import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.kiosk.scene import Goods, Scene
from testkit.provider_client import Payment, Provider
from testkit.races import at_once

pytestmark = pytest.mark.a_few(2)

scenarios("kiosk/last_item.feature")

ITEM = "Collector's keyring"


@given(sentence('all but "{goods:Goods}" is sold'))
def _(scene: Scene, goods: Goods) -> None:
    [(name, left)] = goods.items()
    surplus = scene.stock("available")[name] - left
    assert surplus >= 0, f"the scenario needs {left} {name} on the menu"
    if surplus:
        granted(scene.kiosk.pay(scene.place({name: surplus}).body["id"]))


@given(sentence("{count:d} shoppers order it and press Pay at once"), target_fixture="presses")
@when(sentence("{count:d} shoppers order it and press Pay at once"), target_fixture="presses")
def _(scene: Scene, count: int) -> dict[str, Answer]:
    orders = [scene.place({ITEM: 1}).body["id"] for _ in range(count)]
    answers = at_once([lambda order=order: scene.kiosk.pay(order) for order in orders])
    return dict(zip(orders, answers, strict=True))


@when("the one who bought it has it refunded")
def _(scene: Scene, presses: dict[str, Answer]) -> None:
    [order_id] = _bought(presses)
    granted(scene.kiosk.refund(order_id))


@when(sentence('another shopper orders "{goods:Goods}" and presses Pay'), target_fixture="answer")
def _(scene: Scene, goods: Goods) -> Answer:
    return scene.kiosk.pay(scene.place(goods).body["id"])


@then(sentence("{count:d} of them bought it"))
def _(presses: dict[str, Answer], count: int) -> None:
    assert len(_bought(presses)) == count


@then(sentence('the others are refused with {status:d} "{code:w}"'))
def _(presses: dict[str, Answer], status: int, code: str) -> None:
    bought = _bought(presses)
    for order_id, answer in presses.items():
        if order_id not in bought:
            assert_refused(answer, status, code)


@then("only those who bought it are charged")
def _(presses: dict[str, Answer], charges: Provider) -> None:
    found = {order_id: charges.look_up_order(Payment(1, order_id=order_id)) for order_id in presses}
    charged = {order_id for order_id, answer in found.items() if answer.body.get("approvedAt") is not None}
    assert charged == _bought(presses)


@then(sentence("no {name} is left"))
def _(scene: Scene, name: str) -> None:
    assert scene.stock("stock")[name] == 0


def _bought(presses: dict[str, Answer]) -> set[str]:
    return {order_id for order_id, answer in presses.items() if answer.body.get("status") == "PAID"}
