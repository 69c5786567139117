from collections.abc import Callable

from pytest_bdd import scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.kiosk.scene import Scene
from testkit.races import at_once

scenarios("kiosk/double_press.feature")


def _presses(press: Callable[[str], Answer], scene: Scene, count: int) -> list[Answer]:
    return at_once([lambda: press(scene.order_id)] * count)


@when(sentence("the shopper presses Pay {count:d} times at once"), target_fixture="answers")
def _(scene: Scene, count: int) -> list[Answer]:
    return _presses(scene.kiosk.pay, scene, count)


@when(sentence("the clerk refunds the order {count:d} times at once"), target_fixture="answers")
def _(scene: Scene, count: int) -> list[Answer]:
    return _presses(scene.kiosk.refund, scene, count)


@then(sentence('every press shows the order as "{done:w}" or "{under_way:w}"'))
def _(answers: list[Answer], done: str, under_way: str) -> None:
    shown = {(answer.status, answer.body.get("status")) for answer in answers}
    assert shown <= {(200, done), (202, under_way)}


@then(sentence('at least one press shows the order as "{done:w}"'))
def _(answers: list[Answer], done: str) -> None:
    assert done in {answer.body["status"] for answer in answers}
