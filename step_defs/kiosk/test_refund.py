from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from step_defs.wording import as_json
from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.scene import Scene
from testkit.provider_client import Payment, Provider

scenarios("kiosk/refund.feature")

REASONS = {"the character NUL": r'"\u0000"', "half a character": r'"\ud800"'}


@given("the payment was canceled in the provider's own back office")
def _(scene: Scene, charges: Provider) -> None:
    granted(charges.cancel(Payment(1, scene.stored()["payment"]["paymentKey"])))


@when(sentence('the clerk refunds the order because of "{reason}"'), target_fixture="answer")
def _(scene: Scene, reason: str) -> Answer:
    return scene.kiosk.refund(scene.order_id, reason=reason)


@when(sentence('the clerk refunds the order for a reason that is "{words}"'), target_fixture="answer")
def _(scene: Scene, words: str) -> Answer:
    body = f'{{"reason": {REASONS.get(words) or as_json(words)}}}'.encode()
    return scene.kiosk.send("POST", f"/orders/{scene.order_id}/refund", body, "application/json")


@then(sentence('the provider knows the reason "{reason}"'))
def _(scene: Scene, charges: Provider, reason: str) -> None:
    found = granted(charges.look_up_order(Payment(1, order_id=scene.order_id))).body
    assert found["cancelReason"] == reason
