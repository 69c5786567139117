"""The merchants of the webhook scenarios."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_bdd import given, when

from step_defs.webhooks.listener import Listener
from step_defs.wording import sentence


@pytest.fixture
def make_merchant(provider_url: str) -> Iterator[Callable[..., Listener]]:
    """Make a merchant on a contract, in a sandbox that goes with the scenario."""
    made: list[Listener] = []

    def make(contract: str = "toss") -> Listener:
        made.append(Listener(provider_url, contract))
        return made[-1]

    yield make
    for merchant in made:
        merchant.close()


@given("a merchant who listens for webhooks", target_fixture="merchant")
def _(make_merchant: Callable[..., Listener]) -> Listener:
    merchant = make_merchant()
    merchant.listen()
    return merchant


@given("another merchant who listens for webhooks", target_fixture="other_merchant")
def _(make_merchant: Callable[..., Listener]) -> Listener:
    merchant = make_merchant()
    merchant.listen()
    return merchant


@given(sentence('a merchant who listens for webhooks for "{event:S}"'), target_fixture="merchant")
def _(make_merchant: Callable[..., Listener], event: str) -> Listener:
    merchant = make_merchant()
    merchant.listen(events=[event])
    return merchant


@given(
    sentence('a merchant who listens for webhooks for "{event:S}" with the security key "{key:S}"'),
    target_fixture="merchant",
)
def _(make_merchant: Callable[..., Listener], event: str, key: str) -> Listener:
    merchant = make_merchant()
    merchant.listen(events=[event], securityKey=key)
    return merchant


@given(sentence('a merchant who answers webhooks with "{statuses:Names}"'), target_fixture="merchant")
def _(make_merchant: Callable[..., Listener], statuses: list[str]) -> Listener:
    merchant = make_merchant()
    merchant.receiver.statuses = [int(status) for status in statuses]
    merchant.control("clock", freeze=True)
    merchant.listen()
    return merchant


@given("a merchant who looks the payment up when a webhook comes", target_fixture="merchant")
def _(make_merchant: Callable[..., Listener], looked_up: list[str]) -> Listener:
    merchant = make_merchant()
    merchant.receiver.before_answer = lambda: looked_up.append(merchant.found().body["status"])
    merchant.listen()
    return merchant


@pytest.fixture
def looked_up() -> list[str]:
    """Collect the statuses that look-ups showed."""
    return []


@given('a sandbox on the "kiosk" contract', target_fixture="merchant")
def _(make_merchant: Callable[..., Listener]) -> Listener:
    return make_merchant("kiosk")


@given("a shopper who has opened the payment window")
def _(merchant: Listener) -> None:
    merchant.open_window("wait")


@given(sentence("a shopper who paid {amount:Number} won"))
def _(merchant: Listener, amount: int) -> None:
    merchant.amount = amount
    merchant.pay()
    merchant.wait_for_attempts()


@when(sentence("a shopper pays {amount:Number} won"))
def _(merchant: Listener, amount: int) -> None:
    merchant.amount = amount
    merchant.pay()


@given(sentence('"{length:Duration}" pass at the provider'))
@when(sentence('"{length:Duration}" pass at the provider'))
def _(merchant: Listener, length: timedelta) -> None:
    if length:
        assert merchant.control("clock", advance=f"PT{length.total_seconds():.0f}S").status == 200
