import sqlite3
from contextlib import closing

from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.checks import granted
from testkit.kiosk.shop import Shop
from testkit.sandbox import Sandbox

scenarios("kiosk/mishaps.feature")

FAIL = "CREATE TRIGGER fail BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
FAIL_ON_APPROVAL = FAIL.replace("ON payments", "ON payments WHEN NEW.status = 'APPROVED'")


def execute(shop: Shop, statement: str) -> None:
    with closing(sqlite3.connect(shop.database)) as connection, connection:
        connection.execute(statement)


def listed(shop: Shop) -> int:
    """Return how many transactions of the order the provider lists."""
    rows = granted(shop.provider.send("GET", "/v1/transactions?startDate=2020-01-01&endDate=2900-01-01")).body
    return [row["orderId"] for row in rows].count(shop.order["orderId"])


@given("the shop's database can't take down payments")
def _(shop: Shop) -> None:
    execute(shop, FAIL_ON_APPROVAL)


@when("the shop's database works again")
def _(shop: Shop) -> None:
    execute(shop, "DROP TRIGGER fail")


@given("every cancel at the provider fails")
def _(sandbox: Sandbox) -> None:
    effect, match = {"kind": "error", "status": 500}, {"operation": "cancel"}
    sandbox.control("POST", "faults", match=match, moment="before", effect=effect, times="always")


@when("cancels at the provider work again")
def _(sandbox: Sandbox) -> None:
    sandbox.control("DELETE", "faults")


@given("the provider has paid out to the shop")
def _(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.control("POST", f"payments/{shop.redirect['paymentKey']}/settle")


@given(sentence("the provider's lists are {minutes:d} minutes late"))
def _(sandbox: Sandbox, minutes: int) -> None:
    sandbox.control("POST", "reports", lag=f"PT{minutes}M")


@then("the provider lists no transaction of the order")
def _(shop: Shop) -> None:
    assert listed(shop) == 0


@then(sentence("the provider lists {count:d} transaction of the order"))
def _(shop: Shop, count: int) -> None:
    assert listed(shop) == count


@then(sentence("the provider has charged {amount:Number} won for the order"))
def _(shop: Shop, amount: int) -> None:
    found = granted(shop.at_provider()).body
    assert (found["status"], found["totalAmount"]) == ("DONE", amount)


@then("the confirms carry different idempotency keys")
def _(shop: Shop) -> None:
    keys = [exchange.headers["Idempotency-Key"] for exchange in shop.sent("confirm")]
    assert (len(keys), len(set(keys))) == (2, 2)
