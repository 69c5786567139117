"""Cash receipts: issued by a call, listed, and canceled in whole or in parts."""

from collections import Counter

import pytest
from flask import Flask

from payments_mock.api.payment_schema import CashReceiptEntry
from payments_mock.contracts.toss.receipts import CashReceiptList
from testkit.inside.bank_shop import CASH_RECEIPT, BankShop
from testkit.inside.clock import MovableClock
from testkit.races import at_once
from tests.contracts.toss.answers import answered, assert_refused

DEDUCTION = {"type": "소득공제", "registrationNumber": "01012345678"}
CALLERS = 8


@pytest.fixture
def shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_toss", "test_ck_toss")


@pytest.fixture
def other_shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_other", "test_ck_other")


def test_a_receipt_tells_what_was_asked_for(shop: BankShop) -> None:
    receipt = answered(shop.issue_receipt(taxFreeAmount=1000), CashReceiptEntry())

    assert receipt | CASH_RECEIPT == receipt
    assert receipt["taxFreeAmount"] == 1000
    assert receipt["transactionType"] == "CONFIRM"
    assert receipt["failure"] is None
    assert receipt["requestedAt"] == "2024-01-01T21:34:56+09:00"


def test_a_receipt_is_numbered_as_the_tax_service_does(shop: BankShop) -> None:
    receipt = shop.issue_receipt().get_json()

    assert len(receipt["issueNumber"]) == 9


def test_the_merchant_s_business_number_is_empty_as_in_the_test_environment(shop: BankShop) -> None:
    assert shop.issue_receipt().get_json()["businessNumber"] == ""


def test_the_tax_service_answers_overnight(shop: BankShop, clock: MovableClock) -> None:
    before = shop.issue_receipt().get_json()["issueStatus"]

    clock.advance(hours=3)

    assert before == "IN_PROGRESS"
    assert shop.list_receipts().get_json()["data"][0]["issueStatus"] == "COMPLETED"


def test_words_are_english_for_who_prefers_it(shop: BankShop) -> None:
    answer = shop.call("POST", "/v1/cash-receipts", json=CASH_RECEIPT, headers={"Accept-Language": "en-US"})

    assert answer.get_json()["type"] == "INCOME_DEDUCTION"


@pytest.mark.parametrize(
    "number", ["0100001234", "01012345678", "9001011234567", "1234567891", "1" * 16, "1" * 19]
)
def test_phones_businesses_residents_and_cards_are_known_by_number(shop: BankShop, number: str) -> None:
    receipt = shop.issue_receipt(customerIdentityNumber=number).get_json()

    assert receipt["customerIdentityNumber"] == number


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"customerIdentityNumber": "1" * 20}, "INVALID_CASH_RECEIPT_INFO"),
        ({"customerIdentityNumber": "٠١٠١٢٣٤٥٦٧٨"}, "INVALID_CASH_RECEIPT_INFO"),
        ({"customerIdentityNumber": "01012345678\n"}, "INVALID_CASH_RECEIPT_INFO"),
        ({"customerIdentityNumber": True}, "INVALID_CASH_RECEIPT_INFO"),
        ({"type": "미발행"}, "INVALID_REQUEST"),
        ({"type": 1}, "INVALID_REQUEST"),
        ({"amount": 0}, "INVALID_REQUEST"),
        ({"amount": -1}, "INVALID_REQUEST"),
        ({"amount": 2**53}, "INVALID_REQUEST"),
        ({"taxFreeAmount": 10001}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderName": "\x00"}, "INVALID_ORDER_NAME"),
    ],
)
def test_a_receipt_that_can_not_be_is_refused(shop: BankShop, asked: dict[str, object], code: str) -> None:
    assert_refused(shop.issue_receipt(**asked), code)


@pytest.mark.parametrize("name", CASH_RECEIPT)
def test_every_value_of_the_request_is_needed(shop: BankShop, name: str) -> None:
    assert_refused(shop.issue_receipt(**{name: None}), "INVALID_REQUIRED_PARAM")


def test_an_order_has_one_receipt_while_a_part_of_it_stands(shop: BankShop) -> None:
    shop.cancel_receipt(shop.issued_receipt(), amount=9999)

    assert_refused(shop.issue_receipt(), "DUPLICATED_CASH_RECEIPT")


def test_merchants_have_orders_of_their_own(shop: BankShop, other_shop: BankShop) -> None:
    shop.issue_receipt()

    assert other_shop.issue_receipt().status_code == 200


def test_a_cancel_is_a_receipt_of_its_own(shop: BankShop, clock: MovableClock) -> None:
    receipt = shop.issue_receipt().get_json()
    clock.advance(minutes=1)

    told = answered(shop.cancel_receipt(receipt["receiptKey"]), CashReceiptEntry())

    assert told["receiptKey"] == f"c_{receipt['receiptKey']}"
    assert told["transactionType"] == "CANCEL"
    assert told["amount"] == 10000
    assert told["issueNumber"] != receipt["issueNumber"]
    assert told["requestedAt"] == "2024-01-01T21:35:56+09:00"


def test_a_cancel_needs_no_body(shop: BankShop) -> None:
    key = shop.issued_receipt()

    assert shop.call("POST", f"/v1/cash-receipts/{key}/cancel").get_json()["amount"] == 10000


def test_a_receipt_is_canceled_in_parts(shop: BankShop) -> None:
    key = shop.issued_receipt(taxFreeAmount=3000)

    parts = [shop.cancel_receipt(key, amount=6000).get_json(), shop.cancel_receipt(key).get_json()]

    assert [(part["amount"], part["taxFreeAmount"]) for part in parts] == [(6000, 0), (4000, 3000)]
    assert len({part["receiptKey"] for part in parts}) == 2


@pytest.mark.parametrize("key", ["c_unknown", "x" * 300, "\x00", "키"])
def test_an_unknown_receipt_is_not_found(shop: BankShop, key: str) -> None:
    assert_refused(shop.cancel_receipt(key), "NOT_FOUND")


def test_a_cancel_is_not_canceled(shop: BankShop) -> None:
    told = shop.cancel_receipt(shop.issued_receipt()).get_json()

    assert_refused(shop.cancel_receipt(told["receiptKey"]), "NOT_FOUND")


def test_another_merchant_s_receipt_is_not_found(shop: BankShop, other_shop: BankShop) -> None:
    assert_refused(other_shop.cancel_receipt(shop.issued_receipt()), "NOT_FOUND")


@pytest.mark.parametrize("amount", [0, -1, "much", 2**60, [1]])
def test_a_cancel_of_no_amount_is_refused(shop: BankShop, amount: object) -> None:
    assert_refused(shop.cancel_receipt(shop.issued_receipt(), amount=amount), "INVALID_REQUEST")


def test_receipts_are_listed_with_their_cancels_in_their_order(shop: BankShop) -> None:
    key = shop.issued_receipt()
    shop.cancel_receipt(key)

    page = answered(shop.list_receipts(), CashReceiptList())

    assert [row["receiptKey"] for row in page["data"]] == [key, f"c_{key}"]
    assert page["hasNext"] is False


def test_receipts_are_listed_page_by_page(shop: BankShop) -> None:
    keys = [shop.issued_receipt(orderId=f"order_{number}") for number in range(5)]
    listed: list[str] = []
    page = {"hasNext": True, "lastCursor": None}

    while page["hasNext"]:
        page = shop.list_receipts(cursor=page["lastCursor"], limit=2).get_json()
        listed += [row["receiptKey"] for row in page["data"]]

    assert listed == keys


def test_a_day_is_a_korean_one(shop: BankShop, clock: MovableClock) -> None:
    clock.advance(hours=3)
    shop.issue_receipt()

    assert shop.list_receipts(requestDate="2024-01-01").get_json()["data"] == []
    assert len(shop.list_receipts(requestDate="2024-01-02").get_json()["data"]) == 1


def test_merchants_see_their_own_receipts(shop: BankShop, other_shop: BankShop) -> None:
    shop.issue_receipt()

    assert other_shop.list_receipts().get_json()["data"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"requestDate": None, "startDate": "2024-01-01"}, "INVALID_REQUEST"),
        ({"requestDate": "today"}, "INVALID_REQUEST"),
        ({"requestDate": "2024-02-30"}, "INVALID_REQUEST"),
        ({"requestDate": "0001-01-01"}, "INVALID_REQUEST"),
        ({"requestDate": "9999-12-31"}, "INVALID_REQUEST"),
        ({"limit": 0}, "INVALID_REQUEST"),
        ({"limit": "many"}, "INVALID_REQUEST"),
        ({"limit": 10**30}, "EXCEED_MAX_QUERY_LIMIT"),
        ({"cursor": -1}, "INVALID_REQUEST"),
        ({"cursor": 10**30}, "INVALID_REQUEST"),
    ],
)
def test_a_list_that_can_not_be_is_refused(shop: BankShop, query: dict[str, object], code: str) -> None:
    assert_refused(shop.list_receipts(**query), code)


def test_of_cancels_at_once_one_goes_through(shop: BankShop) -> None:
    key = shop.issued_receipt()

    answers = at_once([lambda: shop.cancel_receipt(key)] * CALLERS)

    codes = Counter(answer.get_json().get("code", "OK") for answer in answers)
    assert codes == {"OK": 1, "ALREADY_CANCELED_PAYMENT": CALLERS - 1}


def test_of_receipts_for_one_order_at_once_one_is_issued(shop: BankShop) -> None:
    answers = at_once([shop.issue_receipt] * CALLERS)

    codes = Counter(answer.get_json().get("code", "OK") for answer in answers)
    assert codes == {"OK": 1, "DUPLICATED_CASH_RECEIPT": CALLERS - 1}
