"""GET /v1/transactions: one row for every approval and every cancel, page by page."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.contracts.toss.transactions import TransactionSchema
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.reports import select_page
from testkit.inside.clock import MovableClock
from testkit.inside.database import look
from testkit.inside.payments import NOON
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, pay, try_to_pay
from tests.contracts.toss.answers import assert_refused

PATH = "/v1/transactions"
"""The clock of the tests stands at 2024-01-01 21:34:56.789 in Korea."""


def ask(shop: TossMerchant, path: str = PATH, **query: object) -> TestResponse:
    asked = {"startDate": "2024-01-01", "endDate": "2024-12-31"} | query
    return shop.call(
        "GET", path, query_string={name: str(value) for name, value in asked.items() if value != ""}
    )


def rows(shop: TossMerchant, **query: object) -> list[dict[str, Any]]:
    answer = ask(shop, **query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.get_json()
    for row in listed:
        assert TransactionSchema(unknown="raise").validate(row) == {}
    return listed


def keys(shop: TossMerchant, **query: object) -> list[str]:
    return [row["transactionKey"] for row in rows(shop, **query)]


def test_an_approval_is_listed_with_every_field(toss: TossMerchant) -> None:
    payment = pay(toss, customerKey="customer_123")

    assert rows(toss) == [
        {
            "mId": "toss",
            "transactionKey": payment["lastTransactionKey"],
            "paymentKey": payment["paymentKey"],
            "orderId": payment["orderId"],
            "method": "카드",
            "customerKey": "customer_123",
            "useEscrow": False,
            "receiptUrl": payment["receipt"]["url"],
            "status": "DONE",
            "transactionAt": payment["approvedAt"],
            "currency": "KRW",
            "amount": 10_000,
        }
    ]


def test_each_cancel_is_a_row_with_its_own_amount_and_the_status_after_it(toss: TossMerchant) -> None:
    payment = pay(toss)
    cancel(toss, payment, 3_000)
    canceled = cancel(toss, payment, 7_000)

    approval, first, second = rows(toss)
    assert [row["amount"] for row in (approval, first, second)] == [10_000, 3_000, 7_000]
    assert (approval["status"], first["status"]) == ("DONE", "PARTIAL_CANCELED")
    assert second["status"] == canceled["status"]
    assert [first["transactionKey"], second["transactionKey"]] == [
        cancel["transactionKey"] for cancel in canceled["cancels"]
    ]


def test_what_moved_no_money_is_not_listed(toss: TossMerchant) -> None:
    check_out(toss)
    check_out(toss, outcome={"result": "fail", "code": "PAY_PROCESS_ABORTED"})
    try_to_pay(toss, outcome={"decline": "REJECT_CARD_PAYMENT"})

    assert rows(toss) == []


def test_an_account_that_waits_is_listed_with_nothing_and_its_cancel_with_the_whole_amount(
    toss: TossMerchant,
) -> None:
    account = pay(toss, method="VIRTUAL_ACCOUNT")
    waiting = rows(toss)
    canceled = cancel(toss, account)

    assert [(row["status"], row["amount"]) for row in rows(toss)] == [
        ("WAITING_FOR_DEPOSIT", 0),
        ("CANCELED", 10_000),
    ]
    assert waiting[0]["transactionKey"] == account["lastTransactionKey"]
    assert rows(toss)[1]["transactionKey"] == canceled["lastTransactionKey"]
    assert waiting[0]["receiptUrl"] == account["receipt"]["url"]


def test_a_page_begins_behind_an_account_that_waits(toss: TossMerchant) -> None:
    account = pay(toss, method="VIRTUAL_ACCOUNT")
    paid = pay(toss)

    listed = toss.call(
        "GET",
        f"{PATH}?startDate=2024-01-01&endDate=2024-12-31&startingAfter={account['lastTransactionKey']}",
    ).get_json()

    assert [row["paymentKey"] for row in listed] == [paid["paymentKey"]]


def test_an_empty_parameter_counts_as_absent(toss: TossMerchant) -> None:
    paid = pay(toss)

    listed = toss.call("GET", f"{PATH}?startDate=2024-01-01&endDate=2024-12-31&startingAfter=&limit=")

    assert [row["paymentKey"] for row in listed.get_json()] == [paid["paymentKey"]]


def test_another_merchants_transactions_are_not_listed(toss: TossMerchant, other_toss: TossMerchant) -> None:
    pay(toss)

    assert rows(other_toss) == []


def test_the_names_of_methods_follow_the_language(toss: TossMerchant) -> None:
    pay(toss)

    answer = toss.call(
        "GET", f"{PATH}?startDate=2024-01-01&endDate=2024-12-31", headers={"Accept-Language": "en-US"}
    )
    assert answer.get_json()[0]["method"] == "CARD"


@pytest.mark.parametrize(
    ("start", "end", "is_listed"),
    [
        ("2024-01-01", "2024-01-02", True),
        ("2024-01-01T21:34:56", "2024-01-01T21:34:56", True),
        ("2024-01-01T21:34:57", "2024-01-02", False),
        ("2024-01-01T00:00:00", "2024-01-01T21:34:55", False),
        ("2024-01-01T21:34:56.789", "2024-01-01T21:34:56.789", True),
        ("2024-01-01T21:00:00+09:00", "2024-01-01T22:00:00+09:00", True),
        ("2024-01-01T12:00:00", "2024-01-01T13:00:00", False),
        ("2024-01-01", "2024-01-01", False),
        ("2023-12-31", "2024-01-01T23:59:59", True),
        ("1970-01-01", "2999-12-31T23:59:59", True),
    ],
)
def test_dates_are_of_the_korean_clock_and_both_ends_belong_to_the_period(
    toss: TossMerchant, start: str, end: str, is_listed: bool
) -> None:
    pay(toss)

    assert bool(rows(toss, startDate=start, endDate=end)) is is_listed


def test_pages_follow_one_another_without_gap_or_overlap(toss: TossMerchant, clock: MovableClock) -> None:
    for number in range(7):
        pay(toss)
        if number % 3 == 0:
            clock.advance(seconds=1)
    whole = keys(toss)
    assert len(set(whole)) == 7

    collected: list[str] = []
    while page := keys(toss, limit=3, startingAfter=collected[-1] if collected else ""):
        assert len(page) <= 3
        collected += page
    assert collected == whole


def test_a_page_begins_behind_the_key_also_where_that_lies_before_the_period(
    toss: TossMerchant, clock: MovableClock
) -> None:
    first = pay(toss)
    clock.advance(days=2)
    second = pay(toss)

    listed = keys(toss, startDate="2024-01-03", startingAfter=first["lastTransactionKey"])
    assert listed == [second["lastTransactionKey"]]


def test_nothing_follows_a_key_that_lies_behind_the_period(toss: TossMerchant, clock: MovableClock) -> None:
    pay(toss)
    clock.advance(days=2)
    last = pay(toss)

    assert rows(toss, endDate="2024-01-02", startingAfter=last["lastTransactionKey"]) == []


def test_a_page_has_100_rows_unless_more_are_asked_for(toss: TossMerchant) -> None:
    for _ in range(101):
        pay(toss)

    assert len(rows(toss)) == 100
    assert len(rows(toss, limit=5000)) == 101


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"startDate": ""}, "INVALID_REQUEST"),
        ({"endDate": ""}, "INVALID_REQUEST"),
        ({"startDate": "yesterday"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2024/01/01"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2024-02-30"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2024-01-01 00:00:00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "２０２４-01-01"}, "INVALID_ISO_DATE_FORMAT"),
        ({"endDate": "2024-01-01T25:00:00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"endDate": "2024-01-01T00:00:00+99:99"}, "INVALID_ISO_DATE_FORMAT"),
        ({"endDate": "2024-01-01\x00"}, "INVALID_ISO_DATE_FORMAT"),
        ({"startDate": "2024-01-01T00:00:00Z"}, "INVALID_DATE"),
        ({"endDate": "2024-01-01T00:00:00-05:00"}, "INVALID_DATE"),
        ({"startDate": "2024-12-31T00:00:01"}, "INVALID_DATE"),
        ({"startDate": "0001-01-01"}, "INVALID_DATE"),
        ({"endDate": "9999-12-31T23:59:59"}, "INVALID_DATE"),
        ({"limit": 5001}, "EXCEED_MAX_QUERY_LIMIT"),
        ({"limit": "9" * 16}, "EXCEED_MAX_QUERY_LIMIT"),
        ({"limit": 0}, "INVALID_REQUEST"),
        ({"limit": -1}, "INVALID_REQUEST"),
        ({"limit": "ten"}, "INVALID_REQUEST"),
        ({"limit": "1_0"}, "INVALID_REQUEST"),
        ({"limit": "9" * 5000}, "INVALID_REQUEST"),
        ({"startingAfter": "nobody"}, "INVALID_PAGING_KEY"),
        ({"startingAfter": "k" * 65}, "INVALID_PAGING_KEY"),
        ({"startingAfter": "\x00"}, "INVALID_PAGING_KEY"),
        ({"startingAfter": "🍔"}, "INVALID_PAGING_KEY"),
    ],
)
def test_a_query_that_can_not_be_answered_is_refused(
    toss: TossMerchant, query: dict[str, Any], code: str
) -> None:
    message = assert_refused(ask(toss, **query), code)

    assert any(name in message for name in query) or code == "INVALID_PAGING_KEY"


def test_a_page_can_not_begin_behind_another_merchants_transaction(
    toss: TossMerchant, other_toss: TossMerchant
) -> None:
    theirs = pay(other_toss)["lastTransactionKey"]

    assert_refused(ask(toss, startingAfter=theirs), "INVALID_PAGING_KEY")


def test_a_page_can_not_begin_behind_what_is_not_listed(toss: TossMerchant) -> None:
    account = pay(toss, method="VIRTUAL_ACCOUNT")
    path = f"payments/{account['paymentKey']}"
    toss.control(f"{path}/deposit")
    taken_back = toss.control(f"{path}/reverse-deposit").get_json()["lastTransactionKey"]

    assert_refused(ask(toss, startingAfter=taken_back), "INVALID_PAGING_KEY")


def test_a_page_is_found_by_the_index_however_many_come_before_it(app: Flask, database_kind: str) -> None:
    if database_kind != SQLITE:
        pytest.skip("tests/storage/test_plans.py asks PostgreSQL")
    values = {"merchant_id": 1, "most": 100, "after_time": NOON, "after_id": 0, "end": NOON}
    with app.app_context(), look() as connection:
        statement = select_page.params(values).compile(connection, compile_kwargs={"literal_binds": True})
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()

    plan = " ".join(str(step[3]) for step in steps)
    assert "transactions_by_time (merchant_id=? AND at>? AND at<?)" in plan
    assert "TEMP B-TREE" not in plan
