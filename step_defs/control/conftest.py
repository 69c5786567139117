"""The sandboxes of the scenarios, by the verbs of the kit, and the sentences that the features share."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_bdd import given, then, when

from payments_mock.testing import RemoteServer, Sandbox
from step_defs.control.merchant import Merchant
from step_defs.wording import sentence
from testkit.checks import assert_refused, granted
from testkit.receiver import Receiver

REAL_TIME = timedelta(minutes=5)
"""As far as the clocks of two machines that speak to each other may be apart."""


@pytest.fixture
def server(provider_url: str) -> Iterator[RemoteServer]:
    """Return the provider, as the kit reaches one that runs elsewhere."""
    with RemoteServer(provider_url) as remote:
        yield remote


@given(sentence('a sandbox on the "{contract:w}" contract'), target_fixture="merchant")
def _(server: RemoteServer, contract: str) -> Iterator[Merchant]:
    with server.sandbox(contract) as made:
        yield Merchant(made, contract)


@given(sentence('another sandbox on the "{contract:w}" contract'), target_fixture="other")
def _(server: RemoteServer, contract: str) -> Iterator[Merchant]:
    with server.sandbox(contract) as made:
        yield Merchant(made, contract)


@given("a shopper who agreed in the window")
def _(merchant: Merchant) -> None:
    merchant.begin()


@given("a shopper who left the window open")
def _(merchant: Merchant) -> None:
    merchant.begin(outcome={"result": "wait"})


@when(sentence("a shopper pays {amount:Number} won"))
@then(sentence("a shopper pays {amount:Number} won"))
def _(merchant: Merchant, amount: int) -> None:
    merchant.pay(amount)
    assert merchant.answer is None or granted(merchant.answer)


@when("the merchant cancels the payment")
def _(merchant: Merchant) -> None:
    merchant.cancel()


@when("the merchant confirms the payment")
def _(merchant: Merchant) -> None:
    merchant.confirm()


@when(sentence('"{length:Duration}" pass at the provider'))
def _(merchant: Merchant, length: timedelta) -> None:
    merchant.sandbox.clock.advance(seconds=length.total_seconds())


@when('the answer to the next "confirm" is lost')
def _(merchant: Merchant) -> None:
    merchant.sandbox.faults.lose_answer("confirm", name="lost")


@then("the clock of the sandbox shows real time")
def _(merchant: Merchant) -> None:
    assert is_real_time(merchant.sandbox)


@then("the clock of the other sandbox shows real time")
def _(other: Merchant) -> None:
    assert is_real_time(other.sandbox)


def is_real_time(sandbox: Sandbox) -> bool:
    now = sandbox.clock.now()
    return abs(datetime.now(now.tzinfo) - now) < REAL_TIME


@then(sentence('the payment is "{state:w}"'))
def _(merchant: Merchant, state: str) -> None:
    assert merchant.sandbox.payment(merchant.key)["state"] == state


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(merchant: Merchant, status: int, code: str) -> None:
    assert merchant.answer is not None
    assert_refused(merchant.answer, status, code)


@given("a merchant who listens for webhooks", target_fixture="receiver")
def _(merchant: Merchant) -> Iterator[Receiver]:
    receiver = Receiver()
    merchant.sandbox.webhooks.to(receiver.url)
    yield receiver
    receiver.stop()
