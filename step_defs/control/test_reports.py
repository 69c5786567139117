from pytest_bdd import given, parsers, scenarios, then

from step_defs.control.merchant import Merchant
from testkit.checks import granted

scenarios("control/reports.feature")


@given(parsers.parse("lists that are {minutes:d} minutes late"))
def _(merchant: Merchant, minutes: int) -> None:
    merchant.sandbox.clock.freeze()
    merchant.sandbox.list_late(minutes=minutes)


@then("the merchant lists no transaction")
def _(merchant: Merchant) -> None:
    assert merchant.transactions() == []


@then(parsers.parse("the merchant lists {count:d} transaction"))
@then(parsers.parse("the merchant lists {count:d} transactions"))
def _(merchant: Merchant, count: int) -> None:
    assert [row["paymentKey"] for row in merchant.transactions()] == [merchant.key] * count


@then(parsers.parse('the merchant finds the payment as "{status:w}"'))
def _(merchant: Merchant, status: str) -> None:
    merchant.look_up()
    assert merchant.answer is not None
    assert granted(merchant.answer).body["status"] == status
