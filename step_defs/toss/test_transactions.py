from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_bdd import scenarios, then, when

from step_defs.toss.conftest import KOREA
from step_defs.toss.sales import Sale
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/transactions.feature")

PATH = "/v1/transactions"


@pytest.fixture
def period() -> str:
    """Return the query of the time since a moment before the scenario."""
    now = datetime.now(KOREA)
    first, last = now - timedelta(seconds=5), now + timedelta(days=1)
    return f"startDate={first:%Y-%m-%dT%H:%M:%S}&endDate={last:%Y-%m-%d}"


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


@when(sentence("the merchant lists the transactions with {query}"), target_fixture="answer")
def _(merchant: Provider, query: str) -> Answer:
    return merchant.send("GET", f"{PATH}?{query}")


@then(sentence("the sale has the rows {expected}"))
def _(sales: list[Sale], rows: list[dict[str, Any]], expected: str) -> None:
    own = [row for row in rows if row["paymentKey"] == sales[0].payment_key]
    assert ", ".join(f"{row['status']} {row['amount']:,}" for row in own) == expected


@then("the sale has no rows")
def _(sales: list[Sale], rows: list[dict[str, Any]]) -> None:
    assert sales[0].payment_key not in {row["paymentKey"] for row in rows}


@then("every sale is listed once")
def _(sales: list[Sale], rows: list[dict[str, Any]]) -> None:
    keys = [sale.payment_key for sale in sales]
    assert [row["paymentKey"] for row in rows if row["paymentKey"] in keys] == keys
    assert len({row["transactionKey"] for row in rows}) == len(rows)


def rows_of(merchant: Provider, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = granted(merchant.send("GET", path)).body
    return rows
