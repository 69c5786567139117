"""What callers, shoppers, banks and clocks do that is refused."""

from collections.abc import Callable
from datetime import timedelta

from werkzeug.test import TestResponse

from payments_mock.api.wire import WIRE, Wire
from payments_mock.domain.faults import ArmedEffect, Fault, Match, Moment
from payments_mock.services.faults import arm_fault, disarm_all_faults
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.sandboxes import find_merchant
from testkit.inside.database import look
from testkit.inside.toss_sales import check_out, confirm, pay
from testkit.inside.toss_stage import Stage, unused

CONFIRM = "/v1/payments/confirm"


def list_as(stage: Stage, authorization: str | None) -> TestResponse:
    """List transactions with this Authorization header."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return stage.app.test_client().get("/v1/transactions", headers=headers)


def while_the_first_is_held_back(stage: Stage, **headers: str) -> TestResponse:
    """Send a confirm again whose answer a slow network still holds back."""
    begun = check_out(stage.toss)
    with stage.app.app_context():
        with look() as connection:
            merchant = find_merchant(connection, "toss")
        assert merchant is not None
        slow = ArmedEffect("delay", {"seconds": 30})
        arm_fault(database_of(stage.app), merchant, Fault("slow", Match(), Moment.AFTER, slow))
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    try:
        stage.post(CONFIRM, asked, headers=headers, environ_overrides={WIRE: Wire()})
        return stage.post(CONFIRM, asked, headers=headers, environ_overrides={WIRE: Wire()})
    finally:
        with stage.app.app_context():
            disarm_all_faults(database_of(stage.app), merchant)


def look_up_again(stage: Stage) -> TestResponse:
    """Look a payment up twice, where rapid repeats are refused."""
    payment_key = stage.paid()
    switches = "/control/sandboxes/toss/switches"
    stage.app.test_client().post(switches, json={"refuseRapidRepeats": True})
    try:
        return again(lambda: stage.toss.get(payment_key))
    finally:
        stage.app.test_client().post(switches, json={"refuseRapidRepeats": False})


def again(call: Callable[[], TestResponse]) -> TestResponse:
    """Call twice; the first time must go well."""
    first = call()
    assert first.status_code == 200, first.text
    return call()


def confirm_again(stage: Stage) -> TestResponse:
    begun = check_out(stage.toss)
    return again(lambda: confirm(stage.toss, begun))


def confirm_after(stage: Stage, **time: float) -> TestResponse:
    begun = check_out(stage.toss)
    stage.clock.advance(**time)
    return confirm(stage.toss, begun)


def confirm_with_the_other_pair(stage: Stage) -> TestResponse:
    return confirm(stage.widget, check_out(stage.toss))


def transfer_too_often(stage: Stage) -> TestResponse:
    transfer = {"method": "TRANSFER", "customerKey": unused("customer"), "amount": 100_000_000}
    for _ in range(5):
        pay(stage.toss, **transfer)
    return stage.confirm(transfer)


def cancel_after(stage: Stage, payment: dict[str, object], **time: float) -> TestResponse:
    payment_key = stage.paid(**payment)
    stage.clock.advance(**time)
    return stage.toss.cancel(payment_key)


def charge_with_an_expired_card(stage: Stage) -> TestResponse:
    month = stage.clock.now + timedelta(hours=9)
    until = {"cardExpirationYear": f"{month:%y}", "cardExpirationMonth": f"{month:%m}"}
    billing = stage.register_card(**until).get_json()
    stage.clock.advance(days=32)
    return stage.charge(billing)


def issue_after(stage: Stage, **time: float) -> TestResponse:
    agreed = stage.authorization()
    stage.clock.advance(**time)
    return stage.issue_billing(agreed)


def charge_deleted(stage: Stage) -> TestResponse:
    billing = stage.register_card().get_json()
    stage.toss.call("DELETE", f"/v1/billing/{billing['billingKey']}")
    return stage.charge(billing)


def deposit_after(stage: Stage, **time: float) -> TestResponse:
    payment_key = stage.awaiting(validHours=1)
    stage.clock.advance(**time)
    return stage.deposit(payment_key)


def deposit_twice(stage: Stage) -> TestResponse:
    payment_key = stage.awaiting()
    return again(lambda: stage.deposit(payment_key))


def reverse_after_refund(stage: Stage, **time: float) -> TestResponse:
    payment_key = stage.deposited()
    stage.refund(payment_key)
    stage.clock.advance(**time)
    return stage.toss.control(f"payments/{payment_key}/reverse-deposit")


def due_in(stage: Stage, **time: float) -> str:
    return f"{stage.clock.now + timedelta(hours=9, **time):%Y-%m-%dT%H:%M:%S}"


def cancel_twice(stage: Stage) -> TestResponse:
    payment_key = stage.paid()
    return again(lambda: stage.toss.cancel(payment_key))


def pay_order_again(stage: Stage) -> TestResponse:
    order_id = unused("keyed")
    return again(lambda: stage.key_in(orderId=order_id))


def receipt_twice(stage: Stage) -> TestResponse:
    order_id = unused("receipt")
    return again(lambda: stage.issue_receipt(orderId=order_id))
