import pytest
from pytest_bdd import parsers, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_just_now
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(5)

scenarios("kiosk/cancel_ledger.feature")


@when(
    parsers.re(r'"(?P<buyer>\w+)" cancels "(?P<name>.+)" because of "(?P<reason>.+)"'),
    target_fixture="answer",
)
def _(shop: Shop, buyer: str, name: str, reason: str) -> Answer:
    fields = {"buyer": buyer, "orderName": name, "cancelReason": reason}
    return shop.kiosk.post("/api/v1/payments/cancel", fields)


@then(sentence('the ledger says that {amount:Number} won went back because of "{reason}", and when'))
def _(shop: Shop, amount: int, reason: str) -> None:
    [record] = shop.look("/api/v1/cancels")["cancels"]
    assert (record["cancelAmount"], record["cancelReason"]) == (amount, reason)
    assert record["paymentKey"] == shop.redirect["paymentKey"]
    assert_just_now(record["canceledAt"])


@then("the ledger is empty")
def _(shop: Shop) -> None:
    assert shop.look("/api/v1/cancels")["cancels"] == []


@then("no payment is left in the payments")
def _(shop: Shop) -> None:
    assert shop.payments() == 0


@then(sentence("{count:d} payment is left in the payments"))
def _(shop: Shop, count: int) -> None:
    assert shop.payments() == count
