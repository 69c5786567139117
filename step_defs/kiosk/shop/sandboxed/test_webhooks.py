from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.checks import granted
from testkit.kiosk.shop import Shop
from testkit.sandbox import Sandbox

pytestmark = pytest.mark.a_few(7)

scenarios("kiosk/webhooks.feature")

VIRTUAL_ACCOUNT = "가상계좌"
MOST_RETRIES = 5


class Deliveries:
    """What the provider has to tell the shop."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def all(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.sandbox.control("GET", "webhooks/deliveries")["deliveries"]
        return listed

    def finish(self) -> None:
        """Let the provider try again, minute by minute, until the shop has taken everything."""
        for minutes in (0, *(4**number for number in range(MOST_RETRIES))):
            if minutes:
                self.sandbox.control("POST", "clock", advance=f"PT{minutes}M")
            if all(one["state"] == "DELIVERED" for one in self.all()):
                return
        raise AssertionError(self.all())

    def statuses(self) -> list[str]:
        return [one["status"] for one in self.all()]


@given("the provider tells the shop of its payments", target_fixture="deliveries")
def _(shop: Shop, sandbox: Sandbox) -> Deliveries:
    sandbox.control("POST", "webhooks", url=f"{shop.kiosk.url}/api/v1/payments/webhook")
    return Deliveries(sandbox)


@given("webhooks that come before the answer")
def _(sandbox: Sandbox) -> None:
    sandbox.control("POST", "webhooks/rules", order="before")


@given(sentence('webhooks that contradict themselves with "{status:w}"'))
def _(sandbox: Sandbox, status: str) -> None:
    sandbox.control("POST", "webhooks/rules", order="contradictory", contradiction=status)


@given(sentence("webhooks that come {copies:d} times"))
def _(sandbox: Sandbox, copies: int) -> None:
    sandbox.control("POST", "webhooks/rules", copies=copies)


@given("the next look-up of the shop fails")
def _(sandbox: Sandbox) -> None:
    sandbox.arm("error", "before", "get", status=500)


@given("the shopper has chosen a virtual account in the window")
def _(shop: Shop) -> None:
    shop.checkout(VIRTUAL_ACCOUNT)


@given("the shopper waits to deposit")
def _(shop: Shop, deliveries: Deliveries) -> None:
    shop.checkout(VIRTUAL_ACCOUNT)
    assert shop.confirm().body["status"] == "PENDING"
    deliveries.finish()


@given("the shopper has deposited")
def _(shop: Shop, deliveries: Deliveries) -> None:
    at_the_bank(shop, "deposit")
    deliveries.finish()
    assert shop.stored()["status"] == "PAID"


@when("the shopper deposits")
def _(shop: Shop) -> None:
    at_the_bank(shop, "deposit")


@when("the bank takes the deposit back")
def _(shop: Shop) -> None:
    at_the_bank(shop, "reverse-deposit")


def at_the_bank(shop: Shop, what: str) -> None:
    path = f"/control/payments/{shop.redirect['paymentKey']}/{what}"
    granted(shop.provider.post(path, {"clientKey": shop.client_key}))


@when("the provider has told the shop")
def _(deliveries: Deliveries) -> None:
    deliveries.finish()


@when("the provider sends every webhook again")
def _(deliveries: Deliveries, sandbox: Sandbox) -> None:
    for one in deliveries.all():
        sandbox.control("POST", f"webhooks/deliveries/{one['id']}/resend")
    deliveries.finish()


@when("somebody cancels the payment at the provider")
def _(shop: Shop) -> None:
    path = f"/v1/payments/{shop.redirect['paymentKey']}/cancel"
    granted(shop.provider.post(path, {"cancelReason": "By phone"}))


@when(
    parsers.re(r'somebody forges "the event (?P<status>\w+) of the order(?P<other> under another payment)?"$')
)
def _(shop: Shop, sandbox: Sandbox, deliveries: Deliveries, status: str, other: str | None) -> None:
    key = "another-payment" if other else shop.redirect["paymentKey"]
    data = {"paymentKey": key, "orderId": shop.order["orderId"], "status": status, "totalAmount": 1}
    body = {"eventType": "PAYMENT_STATUS_CHANGED", "data": data}
    sandbox.control("POST", "webhooks/forge", body=body)
    deliveries.finish()


@when('somebody forges "a deposit callback of the order"')
def _(shop: Shop, sandbox: Sandbox, deliveries: Deliveries) -> None:
    body = {"secret": "ps_guessed", "status": "DONE", "orderId": shop.order["orderId"]}
    sandbox.control("POST", "webhooks/forge", body=body)
    deliveries.finish()


@then(parsers.parse('the shop was told "{first:w} and {second:w}"'))
def _(deliveries: Deliveries, first: str, second: str) -> None:
    assert deliveries.statuses() == [first, second]


@then("the shop had the webhook come again")
def _(deliveries: Deliveries) -> None:
    [delivery] = deliveries.all()
    answered = [attempt["status"] for attempt in delivery["attempts"]]
    assert (answered[0], answered[-1]) == (503, 200)


@then(sentence("the sellers are owed {amount:Number} won in all"))
def _(shop: Shop, amount: int) -> None:
    entries = shop.look("/api/v1/settlements")["settlements"]
    assert sum(entry["amount"] for entry in entries) == amount
