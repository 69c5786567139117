from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.checks import granted
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(5)

scenarios("kiosk/settlement.feature")

Run = dict[str, Any]


def settle(shop: Shop) -> Run:
    """Run the settlement."""
    run: Run = granted(shop.kiosk.send("POST", "/api/v1/settlements/run")).body
    return run


@given("the settlement has run", target_fixture="run")
@when("the settlement runs", target_fixture="run")
def _(shop: Shop) -> Run:
    return settle(shop)


@when(sentence("the settlement runs {times:d} times at once"), target_fixture="runs")
def _(shop: Shop, times: int) -> list[Run]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(settle, [shop] * times))


@then(sentence("{amount:Number} won were paid out in all"))
def _(runs: list[Run], amount: int) -> None:
    assert sum(payout["amount"] for run in runs for payout in run["payouts"]) == amount


@then(sentence('"{seller}" is owed {amount:Number} won for the order'))
def _(shop: Shop, seller: str, amount: int) -> None:
    entries = shop.look("/api/v1/settlements")["settlements"]
    mine = [entry for entry in entries if entry["seller"] == seller]
    assert [(entry["orderId"], entry["amount"]) for entry in mine] == [(shop.order["orderId"], amount)]


@then("nobody is owed anything")
def _(shop: Shop) -> None:
    assert shop.look("/api/v1/settlements")["settlements"] == []


@then(sentence('it pays {amount:Number} won to "{seller}"'))
def _(run: Run, amount: int, seller: str) -> None:
    assert {payout["seller"]: payout["amount"] for payout in run["payouts"]}[seller] == amount


@then("it pays nothing")
def _(run: Run) -> None:
    assert run["payouts"] == []


@then(sentence('it carries over -{amount:Number} won of "{seller}"'))
def _(run: Run, amount: int, seller: str) -> None:
    assert {owing["seller"]: owing["amount"] for owing in run["carriedOver"]} == {seller: -amount}
