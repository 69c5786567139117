from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from payments_mock.testing import RemoteServer
from payments_mock.testing.control_client import ControlError
from step_defs.control.merchant import Merchant
from step_defs.wording import sentence
from testkit.checks import granted
from testkit.receiver import Receiver

scenarios("control/deposits.feature")

Refusals = list[ControlError]


@pytest.fixture
def refusals() -> Refusals:
    """Collect what the bank refused."""
    return []


@given(parsers.parse('a merchant who listens for webhooks for "{event:w}"'), target_fixture="receiver")
def _(merchant: Merchant, event: str) -> Iterator[Receiver]:
    receiver = Receiver()
    merchant.sandbox.webhooks.to(receiver.url, events=[event])
    yield receiver
    receiver.stop()


@given(sentence('a sandbox on the "{contract:w}" contract of version "{version}"'), target_fixture="merchant")
def _(server: RemoteServer, contract: str, version: str) -> Iterator[Merchant]:
    with server.sandbox(contract, version=version) as made:
        yield Merchant(made, contract)


@given("a shopper who was given a virtual account")
def _(merchant: Merchant) -> None:
    merchant.begin(method="VIRTUAL_ACCOUNT")
    merchant.confirm()
    assert merchant.answer is not None
    assert granted(merchant.answer).body["status"] == "WAITING_FOR_DEPOSIT"


@when("the shopper deposits")
def _(merchant: Merchant, refusals: Refusals) -> None:
    attempt(lambda: merchant.sandbox.shopper.deposits(merchant.key), refusals)


@when(sentence("the shopper deposits {amount:Number} won"))
def _(merchant: Merchant, refusals: Refusals, amount: int) -> None:
    attempt(lambda: merchant.sandbox.shopper.deposits(merchant.key, amount), refusals)


@when("the bank takes the deposit back")
def _(merchant: Merchant) -> None:
    merchant.sandbox.shopper.has_deposit_reversed(merchant.key)


def attempt(deposit: Callable[[], Any], refusals: Refusals) -> None:
    try:
        deposit()
    except ControlError as refusal:
        refusals.append(refusal)


@then(parsers.parse('it is refused with {status:d} "{code:w}"'))
def _(refusals: Refusals, status: int, code: str) -> None:
    assert [(one.status, one.answer["code"]) for one in refusals] == [(status, code)]


@then(sentence('the merchant finds the payment in version "{version}" as "{status:w}"'))
def _(merchant: Merchant, version: str, status: str) -> None:
    merchant.look_up()
    assert merchant.answer is not None
    found = granted(merchant.answer).body
    assert (found["version"], found["status"]) == (version, status)


@then(sentence('the merchant is told "{statuses:Names}"'))
def _(receiver: Receiver, statuses: list[str]) -> None:
    assert [one.status for one in receiver.wait_for(len(statuses))] == statuses
