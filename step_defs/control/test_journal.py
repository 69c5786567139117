from collections.abc import Iterator
from threading import Timer

import pytest
from pytest_bdd import parsers, scenarios, then, when

from payments_mock.testing.control_client import ControlError
from step_defs.control.merchant import Merchant
from step_defs.wording import sentence

scenarios("control/journal.feature")

MOMENT_SECONDS = 0.2


@when(
    sentence("a test asserts that {count:d} confirm of {amount:Number} won was received"),
    target_fixture="failure",
)
def _(merchant: Merchant, count: int, amount: int) -> ControlError:
    with pytest.raises(ControlError) as failure:
        merchant.sandbox.journal.assert_called("confirm", count=count, amount=amount)
    return failure.value


@when(sentence("a shopper pays {amount:Number} won in a moment"))
def _(merchant: Merchant, amount: int) -> Iterator[None]:
    merchant.begin(amount)
    later = Timer(MOMENT_SECONDS, merchant.confirm)
    later.start()
    yield
    later.join()


@then(parsers.parse("exactly {count:d} confirm of the order was received"))
def _(merchant: Merchant, count: int) -> None:
    merchant.sandbox.journal.assert_called("confirm", count=count, order_id=merchant.payment["orderId"])


@then(parsers.parse("exactly {count:d} confirm of the order is received within {seconds:d} seconds"))
def _(merchant: Merchant, count: int, seconds: int) -> None:
    order_id = merchant.payment["orderId"]
    merchant.sandbox.journal.assert_called("confirm", count=count, order_id=order_id, wait=seconds)


@then(
    parsers.parse("it fails, and shows a confirm of the order whose amount was {was:d} and not {expected:d}")
)
def _(merchant: Merchant, failure: ControlError, was: int, expected: int) -> None:
    nearest = failure.answer["nearest"][0]
    assert nearest["entry"]["orderId"] == merchant.payment["orderId"]
    assert nearest["differs"] == {"amount": {"expected": expected, "was": was}}


@then(
    parsers.parse(
        'the journal has a confirm that was struck by the fault and led from "{before:w}" to "{after:w}"'
    )
)
def _(merchant: Merchant, before: str, after: str) -> None:
    [call] = merchant.sandbox.journal.calls("confirm")
    assert (call["faults"], call["stateBefore"], call["stateAfter"]) == (["lost"], before, after)


@then("the journal does not hold the merchant's key")
def _(merchant: Merchant) -> None:
    calls = merchant.sandbox.journal.calls()
    assert calls
    assert merchant.sandbox.secret_key not in f"{calls}"
