from datetime import UTC, datetime

from pytest_bdd import given, parsers, scenarios, then, when

from step_defs.control.merchant import Merchant
from testkit.receiver import Receiver

scenarios("control/clock.feature")


def in_utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given("a clock that stands still")
def _(merchant: Merchant) -> None:
    merchant.sandbox.clock.freeze()


@when(parsers.parse('the clock of the sandbox is frozen at "{moment}"'))
def _(merchant: Merchant, moment: str) -> None:
    merchant.sandbox.clock.freeze(at=in_utc(moment))


@when("the clock of the sandbox is released")
def _(merchant: Merchant) -> None:
    merchant.sandbox.clock.release()


@then(parsers.parse('the payment was approved at "{moment}"'))
def _(merchant: Merchant, moment: str) -> None:
    approved_at = merchant.sandbox.payment(merchant.key)["approvedAt"]
    assert datetime.fromisoformat(approved_at) == in_utc(moment)


@then(parsers.parse('the merchant has been told "{status:w}"'))
def _(receiver: Receiver, status: str) -> None:
    assert [one.status for one in receiver.received] == [status]
