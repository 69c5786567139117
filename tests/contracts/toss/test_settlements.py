"""/v1/settlements: what is paid out for each sale, and when."""

from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.contracts.toss.settlements import SettlementSchema
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, pay
from tests.contracts.toss.answers import assert_refused

PATH = "/v1/settlements"
"""The clock of the tests stands at Monday 2024-01-01 21:34:56 in Korea."""


def ask(shop: TossMerchant, path: str = PATH, **query: object) -> TestResponse:
    asked = {"startDate": "2024-01-01", "endDate": "2024-12-31"} | query
    return shop.call("GET", path, query_string={name: str(value) for name, value in asked.items()})


def rows(shop: TossMerchant, **query: object) -> list[dict[str, Any]]:
    answer = ask(shop, **query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.get_json()
    for row in listed:
        assert SettlementSchema(unknown="raise").validate(row) == {}
    return listed


def settled(shop: TossMerchant, clock: MovableClock, **query: object) -> list[dict[str, Any]]:
    """List on the day after."""
    clock.advance(days=1)
    return rows(shop, **query)


def sums(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in ("amount", "fee", "supplyAmount", "vat", "payOutAmount"))


def test_a_sale_is_listed_with_every_field(toss: TossMerchant, clock: MovableClock) -> None:
    payment = pay(toss, amount=64_601)

    [row] = settled(toss, clock)

    assert row == {
        "mId": "toss",
        "paymentKey": payment["paymentKey"],
        "transactionKey": payment["lastTransactionKey"],
        "orderId": payment["orderId"],
        "currency": "KRW",
        "method": "카드",
        "amount": 64_601,
        "interestFee": 0,
        "fee": 1_492,
        "fees": [{"type": "BASE", "fee": 1_492}],
        "supplyAmount": 1_356,
        "vat": 136,
        "payOutAmount": 63_109,
        "approvedAt": payment["approvedAt"],
        "soldDate": "2024-01-01",
        "paidOutDate": "2024-01-08",
        "card": payment["card"],
        "easyPay": None,
        "giftCertificate": None,
        "mobilePhone": None,
        "transfer": None,
        "virtualAccount": None,
        "cancel": None,
    }


def test_a_cancel_is_a_row_of_its_own_with_negative_sums(toss: TossMerchant, clock: MovableClock) -> None:
    payment = pay(toss, amount=64_601)
    clock.advance(days=1)
    canceled = cancel(toss, payment)

    sale, refund = settled(toss, clock)

    assert sums(refund) == tuple(-value for value in sums(sale))
    assert (refund["soldDate"], refund["approvedAt"]) == ("2024-01-02", payment["approvedAt"])
    [shown] = canceled["cancels"]
    dropped = ("cardDiscountAmount", "transferDiscountAmount")
    assert refund["cancel"] == {name: value for name, value in shown.items() if name not in dropped}


@pytest.mark.parametrize(
    ("method", "amount", "fee"),
    [
        ("CARD", 64_601, 1_492),
        ("EASY_PAY", 10_000, 275),
        ("TRANSFER", 100_000, 1_650),
        ("TRANSFER", 1_000, 220),
        ("MOBILE_PHONE", 10_000, 385),
        ("CULTURE_GIFT_CERTIFICATE", 10_000, 660),
        ("CARD", 100, 2),
    ],
)
def test_the_fee_depends_on_the_method(
    toss: TossMerchant, clock: MovableClock, method: str, amount: int, fee: int
) -> None:
    pay(toss, method=method, amount=amount)

    [row] = settled(toss, clock)

    assert row["fee"] == fee
    assert row["supplyAmount"] + row["vat"] == row["fee"] == sum(part["fee"] for part in row["fees"])
    assert row["payOutAmount"] + row["fee"] == amount


@pytest.mark.parametrize("method", ["CARD", "EASY_PAY", "TRANSFER"])
def test_the_rows_of_a_sale_and_its_cancels_add_up_to_nothing(
    toss: TossMerchant, clock: MovableClock, method: str
) -> None:
    payment = pay(toss, method=method, amount=9_999)
    for amount in (1, 3_333, 6_665):
        cancel(toss, payment, amount)

    listed = settled(toss, clock)

    assert len(listed) == 4
    assert [sum(column) for column in zip(*map(sums, listed), strict=True)][:2] == [0, 0]
    assert sum(row["payOutAmount"] for row in listed) == 0


def test_a_sale_is_visible_from_midnight_after_it_in_korea(toss: TossMerchant, clock: MovableClock) -> None:
    pay(toss)
    clock.advance(hours=2, minutes=25, seconds=3)
    assert rows(toss) == []

    clock.advance(seconds=1)

    assert len(rows(toss)) == 1


@pytest.mark.parametrize(
    ("wait_days", "sold", "paid_out"),
    [
        (0, "2024-01-01", "2024-01-08"),
        (4, "2024-01-05", "2024-01-12"),
        (5, "2024-01-06", "2024-01-12"),
        (6, "2024-01-07", "2024-01-12"),
        (7, "2024-01-08", "2024-01-15"),
    ],
)
def test_a_sale_is_paid_out_five_business_days_later(
    toss: TossMerchant, clock: MovableClock, wait_days: int, sold: str, paid_out: str
) -> None:
    clock.advance(days=wait_days)
    pay(toss)

    [row] = settled(toss, clock)

    assert (row["soldDate"], row["paidOutDate"]) == (sold, paid_out)


def test_a_period_is_of_days_of_sale_or_of_payout_and_both_ends_belong_to_it(
    toss: TossMerchant, clock: MovableClock
) -> None:
    for _ in range(14):
        pay(toss)
        clock.advance(days=1)
    whole = rows(toss)

    for name in ("soldDate", "paidOutDate"):
        for first, last in [(2, 2), (3, 9), (6, 7), (13, 13), (20, 30)]:
            start, end = (date(2024, 1, 1) + timedelta(days=number) for number in (first, last))
            listed = rows(toss, startDate=start, endDate=end, dateType=name)
            assert listed == [row for row in whole if start.isoformat() <= row[name] <= end.isoformat()]


def test_pages_are_counted_from_1(toss: TossMerchant, clock: MovableClock) -> None:
    for _ in range(5):
        pay(toss)
    whole = settled(toss, clock)

    pages = [rows(toss, page=page, size=2) for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [row for page in pages for row in page] == whole
    assert rows(toss, page="9" * 9, size=5000) == []


def test_what_moved_no_money_is_not_settled(toss: TossMerchant, clock: MovableClock) -> None:
    check_out(toss)
    cancel(toss, pay(toss, method="VIRTUAL_ACCOUNT"))

    assert settled(toss, clock) == []


def test_another_merchants_sales_are_not_listed(
    toss: TossMerchant, other_toss: TossMerchant, clock: MovableClock
) -> None:
    pay(toss)

    assert settled(other_toss, clock) == []


def test_a_slash_at_the_end_changes_nothing(toss: TossMerchant, clock: MovableClock) -> None:
    pay(toss)
    listed = settled(toss, clock)

    assert ask(toss, f"{PATH}/").get_json() == listed != []


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"startDate": ""}, "INVALID_REQUEST"),
        ({"endDate": ""}, "INVALID_REQUEST"),
        ({"startDate": "2024-01-01T25:00:00+09:00"}, "INVALID_DATE"),
        ({"startDate": "2024-13-01"}, "INVALID_DATE"),
        ({"endDate": "20240101"}, "INVALID_DATE"),
        ({"endDate": "2024-01-01\x00"}, "INVALID_DATE"),
        ({"endDate": "2023-12-31"}, "INVALID_DATE"),
        ({"startDate": "0001-01-01"}, "INVALID_DATE"),
        ({"endDate": "9999-12-31"}, "INVALID_DATE"),
        ({"dateType": "today"}, "INVALID_REQUEST"),
        ({"dateType": "SOLD"}, "INVALID_REQUEST"),
        ({"page": 0}, "INVALID_REQUEST"),
        ({"page": "1e3"}, "INVALID_REQUEST"),
        ({"page": "9" * 16}, "INVALID_REQUEST"),
        ({"size": 0}, "INVALID_REQUEST"),
        ({"size": 5001}, "EXCEED_MAX_QUERY_LIMIT"),
    ],
)
def test_a_query_that_can_not_be_answered_is_refused(
    toss: TossMerchant, query: dict[str, Any], code: str
) -> None:
    message = assert_refused(ask(toss, **query), code)

    assert any(name in message for name in query)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-01-01T12:00:00+09:00", "2024-01-01T00:00:00+09:00"),
        ("2024-01-01T00:00:00.000Z", "2024-01-01T23:59:59Z"),
    ],
)
def test_a_whole_moment_stands_for_its_day(
    toss: TossMerchant, clock: MovableClock, first: str, last: str
) -> None:
    paid = pay(toss)
    clock.advance(days=2)

    listed = ask(toss, startDate=first, endDate=last).get_json()

    assert [row["paymentKey"] for row in listed] == [paid["paymentKey"]]


def test_an_empty_parameter_counts_as_absent(toss: TossMerchant, clock: MovableClock) -> None:
    paid = pay(toss)
    clock.advance(days=2)

    listed = ask(toss, dateType="", page="", size="100").get_json()

    assert [row["paymentKey"] for row in listed] == [paid["paymentKey"]]


def test_only_a_paid_payment_of_ones_own_can_be_settled(toss: TossMerchant, other_toss: TossMerchant) -> None:
    for key in ("nobody", check_out(toss)["paymentKey"], pay(other_toss)["paymentKey"]):
        assert_refused(toss.post(PATH, {"paymentKey": key}), "NOT_FOUND_PAYMENT")


@pytest.mark.parametrize("body", [{}, {"paymentKey": None}, {"paymentKey": True}, {"paymentKey": ["k"]}])
def test_a_request_must_name_the_payment(toss: TossMerchant, body: dict[str, Any]) -> None:
    assert "paymentKey" in assert_refused(toss.post(PATH, body), "INVALID_REQUEST")
