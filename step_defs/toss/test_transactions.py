from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.toss.conftest import KOREA
from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/transactions.feature")

PATH = "/v1/transactions"
DAYS = "startDate=2024-01-01&endDate=2024-01-02"
QUERIES = {
    "a first day in words": "startDate=yesterday&endDate=2024-01-02",
    "the last day before the first": "startDate=2024-01-02&endDate=2024-01-01",
    "a first moment in UTC": "startDate=2024-01-01T00:00:00Z&endDate=2024-01-02",
    "5,001 rows a page": f"{DAYS}&limit=5001",
    "0 rows a page": f"{DAYS}&limit=0",
    "a page behind a row that does not exist": f"{DAYS}&startingAfter=nobody",
    "no first day": "endDate=2024-01-02",
}


@pytest.fixture
def period() -> str:
    """Return the query of the time since a moment before the scenario."""
    now = datetime.now(KOREA)
    first, last = now - timedelta(seconds=5), now + timedelta(days=1)
    return f"startDate={first:%Y-%m-%dT%H:%M:%S}&endDate={last:%Y-%m-%d}"


@given(sentence("{count:d} shoppers who paid {amount:Number} won each"), target_fixture="purchases")
def _(purchase: Purchase, count: int, amount: int) -> list[Purchase]:
    purchases = [purchase.another() for _ in range(count)]
    for one in purchases:
        one.amount = amount
        one.pay()
    return purchases


@when("the merchant lists the transactions since then", target_fixture="rows")
def _(merchant: Provider, period: str) -> list[dict[str, Any]]:
    return rows_of(merchant, f"{PATH}?{period}&limit=5000")


@when(
    "the merchant lists the transactions since then, with a slash at the end of the path",
    target_fixture="rows",
)
def _(merchant: Provider, period: str) -> list[dict[str, Any]]:
    return rows_of(merchant, f"{PATH}/?{period}&limit=5000")


@when(sentence("the merchant lists the transactions since then, {limit:d} at a time"), target_fixture="rows")
def _(merchant: Provider, period: str, limit: int) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = []
    page = rows_of(merchant, f"{PATH}?{period}&limit={limit}")
    while page:
        assert len(page) <= limit
        collected += page
        after = page[-1]["transactionKey"]
        page = rows_of(merchant, f"{PATH}?{period}&limit={limit}&startingAfter={after}")
    return collected


@when(sentence('the merchant lists the transactions with "{what}"'), target_fixture="answer")
def _(merchant: Provider, what: str) -> Answer:
    return merchant.send("GET", f"{PATH}?{QUERIES[what]}")


@then(sentence('the payment has the rows "{expected}"'))
def _(purchase: Purchase, rows: list[dict[str, Any]], expected: str) -> None:
    own = [row for row in rows if row["paymentKey"] == purchase.payment_key]
    assert ", ".join(f"{row['status']} {row['amount']:,}" for row in own) == expected


@then("the payment has no rows")
def _(purchase: Purchase, rows: list[dict[str, Any]]) -> None:
    assert purchase.payment_key not in {row["paymentKey"] for row in rows}


@then("every payment is listed once")
def _(purchases: list[Purchase], rows: list[dict[str, Any]]) -> None:
    keys = [purchase.payment_key for purchase in purchases]
    assert [row["paymentKey"] for row in rows if row["paymentKey"] in keys] == keys
    assert len({row["transactionKey"] for row in rows}) == len(rows)


def rows_of(merchant: Provider, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = granted(merchant.send("GET", path)).body
    return rows
