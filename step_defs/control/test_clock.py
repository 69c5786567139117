from collections.abc import Iterator
from datetime import datetime

from pytest_bdd import given, parsers, scenarios, then, when

from step_defs.control.merchant import Merchant
from testkit.checks import assert_refused
from testkit.receiver import Receiver

scenarios("control/clock.feature")


@given("a clock that stands still")
def _(merchant: Merchant) -> None:
    merchant.sandbox.clock.freeze()


@given("a merchant who listens at a URL", target_fixture="receiver")
def _(merchant: Merchant) -> Iterator[Receiver]:
    receiver = Receiver()
    merchant.sandbox.webhooks.to(receiver.url)
    yield receiver
    receiver.stop()


@when(parsers.parse("the clock of the sandbox is set to {moment} and frozen"))
def _(merchant: Merchant, moment: str) -> None:
    merchant.sandbox.clock.freeze(at=datetime.fromisoformat(moment))


@when("the clock of the sandbox is released")
def _(merchant: Merchant) -> None:
    merchant.sandbox.clock.release()


@then(parsers.parse("the payment was approved at {moment}"))
def _(merchant: Merchant, moment: str) -> None:
    approved_at = merchant.sandbox.payment(merchant.key)["approvedAt"]
    assert datetime.fromisoformat(approved_at) == datetime.fromisoformat(moment)


@then(parsers.parse("the merchant has been told {status:w}"))
def _(receiver: Receiver, status: str) -> None:
    assert [one.status for one in receiver.received] == [status]


@then(parsers.parse("a confirm is refused with {status:d} {code:w}"))
def _(merchant: Merchant, status: int, code: str) -> None:
    merchant.confirm()
    assert merchant.answer is not None
    assert_refused(merchant.answer, status, code)
