"""A shop whose provider is a sandbox of the scenario's own, to be told what to do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_bdd import given, then, when

from payments_mock.kiosk import KioskSettings
from payments_mock.kiosk.settings import ProviderContract
from step_defs.kiosk.shop.conftest import served
from step_defs.kiosk.wording import sentence
from step_defs.wording import sentence as provider_sentence
from testkit.credentials import basic
from testkit.kiosk.line import Line
from testkit.kiosk.scene import Goods
from testkit.kiosk.shop import Clock, Shop
from testkit.provider_client import Provider
from testkit.sandbox import Sandbox

TIMEOUT_SECONDS = 5.0


@pytest.fixture
def sandbox(own_processes: None, provider_url: str) -> Iterator[Sandbox]:
    """Return the sandbox."""
    made = Sandbox.on(provider_url, "toss")
    yield made
    made.remove()


@pytest.fixture
def shop(sandbox: Sandbox, line: Line, tmp_path: Path) -> Iterator[Shop]:
    """Return a shop that has the keys of the sandbox."""
    clock, keys = Clock(), sandbox.made
    settings = KioskSettings(
        provider_url=line.url,
        contract=ProviderContract.TOSS,
        secret_key=keys["widgetSecretKey"],
        client_key=keys["widgetClientKey"],
        data=tmp_path / "shop.db",
        timeout=TIMEOUT_SECONDS,
    )
    with served(settings, clock) as kiosk:
        with Provider(line.upstream, basic(keys["widgetSecretKey"])) as provider:
            yield Shop(kiosk, line, provider, clock, tmp_path / "shop.db", keys["widgetClientKey"])
        line.mend()


@pytest.fixture(autouse=True)
def shelf(shop: Shop) -> Goods:
    """Return how many pieces were on the shelf before anything was ordered."""
    return on_shelf(shop)


def on_shelf(shop: Shop) -> Goods:
    return {name: item["stock"] for name, item in shop.kiosk.menu().items()}


@given('the answer to the next "confirm" is lost')
def _(sandbox: Sandbox) -> None:
    sandbox.arm("reset", "after")


@when(provider_sentence('"{length:Duration}" pass at the provider'))
def _(sandbox: Sandbox, length: timedelta) -> None:
    sandbox.control("POST", "clock", advance=f"PT{length.total_seconds():.0f}S")


@then(sentence('"{goods:Goods}" left the stock'))
def _(shop: Shop, shelf: Goods, goods: Goods) -> None:
    now = on_shelf(shop)
    assert {name: shelf[name] - now[name] for name in now if shelf[name] != now[name]} == goods


@then("nothing left the stock")
def _(shop: Shop, shelf: Goods) -> None:
    assert on_shelf(shop) == shelf


@then("nothing is kept for the shopper")
def _(shop: Shop, shelf: Goods) -> None:
    assert {name: item["available"] for name, item in shop.kiosk.menu().items()} == shelf


@then(sentence('the provider received {count:d} "{operation:w}" of the order'))
def _(shop: Shop, sandbox: Sandbox, count: int, operation: str) -> None:
    query = f"operation={operation}&paymentKey={shop.redirect['paymentKey']}"
    assert sandbox.control("GET", f"journal/count?{query}")["count"] == count
