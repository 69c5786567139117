import pytest
from pytest_bdd import parsers, scenarios, then, when

from payments_mock.testing.control_client import ControlError
from step_defs.control.merchant import Merchant
from step_defs.wording import sentence

scenarios("control/payments.feature")


@when("the provider pays out to the merchant")
def _(merchant: Merchant) -> None:
    assert merchant.sandbox.settle(merchant.key)["settledAt"] is not None


@when("the provider is to pay out to the merchant", target_fixture="refusal")
def _(merchant: Merchant) -> ControlError:
    with pytest.raises(ControlError) as refused:
        merchant.sandbox.settle(merchant.key)
    return refused.value


@then(parsers.parse('that is refused with {status:d} "{code:w}"'))
def _(refusal: ControlError, status: int, code: str) -> None:
    assert (refusal.status, refusal.answer["code"]) == (status, code)


@then(sentence('the timeline is "{steps:Names}"'))
def _(merchant: Merchant, steps: list[str]) -> None:
    timeline = merchant.sandbox.payment(merchant.key)["timeline"]
    assert [step["what"] for step in timeline] == steps


@then(sentence('the calls about the payment were "{operations:Names}"'))
def _(merchant: Merchant, operations: list[str]) -> None:
    calls = merchant.sandbox.payment(merchant.key)["calls"]
    assert [call["operation"] for call in calls] == operations
