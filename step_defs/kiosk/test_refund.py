from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.scene import Scene
from testkit.provider_client import Payment, Provider

scenarios("kiosk/refund.feature")


@given("the payment was canceled in the provider's own back office")
def _(scene: Scene, charges: Provider) -> None:
    granted(charges.cancel(Payment(1, scene.stored()["payment"]["paymentKey"])))


@when(sentence('the clerk refunds the order because of "{reason}"'), target_fixture="answer")
def _(scene: Scene, reason: str) -> Answer:
    return scene.kiosk.refund(scene.order_id, reason=reason)


@when(sentence("the clerk sends the reason {reason}"), target_fixture="answer")
def _(scene: Scene, reason: str) -> Answer:
    value = f'"{"x" * 201}"' if reason == "201 characters" else reason
    body = f'{{"reason": {value}}}'.encode()
    return scene.kiosk.send("POST", f"/orders/{scene.order_id}/refund", body, "application/json")


@then(sentence('the provider knows the reason "{reason}"'))
def _(scene: Scene, charges: Provider, reason: str) -> None:
    found = granted(charges.look_up_order(Payment(1, order_id=scene.order_id))).body
    assert found["cancelReason"] == reason
