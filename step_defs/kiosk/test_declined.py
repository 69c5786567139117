from pytest_bdd import given, scenarios, then

from step_defs.kiosk.wording import sentence
from testkit.kiosk.line import Line, answer_with
from testkit.kiosk.scene import Scene

scenarios("kiosk/declined.feature")


@given("the card company will decline the next payment")
def _(line: Line) -> None:
    line.next("confirm", answer_with(422, b'{"code": "REJECT_CARD_COMPANY", "message": "Declined."}'))


@given("the provider will refuse the next refund")
def _(line: Line) -> None:
    line.next("cancel", answer_with(422, b'{"code": "NOT_CANCELABLE", "message": "Too late for that."}'))


@then(sentence('the order shows the failure "{code:w}"'))
def _(scene: Scene, code: str) -> None:
    assert scene.stored()["payment"]["failure"]["code"] == code


@then("the two payments have different payment keys")
def _(scene: Scene, line: Line) -> None:
    keys = [exchange.fields["paymentKey"] for exchange in line.sent("confirm", scene.order_id)]
    assert len(keys) == len(set(keys)) == 2
