"""Cash receipts that come with a payment, and go with its cancel."""

import pytest
from flask import Flask

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.bank_shop import BankShop
from tests.contracts.toss.answers import answered

DEDUCTION = {"type": "소득공제", "registrationNumber": "01012345678"}


@pytest.fixture
def shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_toss", "test_ck_toss")


def test_the_receipt_of_a_transfer_comes_with_the_approval(shop: BankShop) -> None:
    payment_key = shop.check_out("계좌이체", cashReceipt={"type": "지출증빙"})

    payment = answered(shop.confirm(payment_key), PaymentSchema())

    (entry,) = payment["cashReceipts"]
    assert payment["cashReceipt"]["receiptKey"] == entry["receiptKey"]
    assert (entry["type"], entry["amount"], entry["transactionType"]) == ("지출증빙", 10000, "CONFIRM")


def test_the_receipt_of_a_virtual_account_comes_with_the_deposit(shop: BankShop) -> None:
    payment_key = shop.issued(cashReceipt=DEDUCTION)
    before = shop.found(payment_key)

    payment = answered(shop.deposit(payment_key), PaymentSchema())

    assert (before["cashReceipt"], before["cashReceipts"]) == (None, None)
    assert payment["cashReceipt"]["type"] == "소득공제"
    assert payment["cashReceipts"][0]["customerIdentityNumber"] == "01012345678"


def test_the_receipt_of_an_account_chosen_in_the_window_comes_with_the_deposit(shop: BankShop) -> None:
    payment_key = shop.check_out("가상계좌", cashReceipt=DEDUCTION)
    shop.confirm(payment_key)

    assert shop.deposit(payment_key).get_json()["cashReceipt"]["amount"] == 10000


@pytest.mark.parametrize("asked", [{}, {"cashReceipt": None}, {"cashReceipt": {"type": "미발행"}}])
def test_who_asks_for_no_receipt_gets_none(shop: BankShop, asked: dict[str, object]) -> None:
    payment = shop.found(shop.paid(**asked))

    assert (payment["cashReceipt"], payment["cashReceipts"]) == (None, None)


def test_a_card_payment_has_no_receipt_whoever_asks(shop: BankShop) -> None:
    payment_key = shop.check_out("카드", cashReceipt=DEDUCTION)

    assert shop.confirm(payment_key).get_json()["cashReceipt"] is None


def test_a_wrong_number_in_the_window_is_refused(shop: BankShop) -> None:
    order = {"orderId": "order_123", "orderName": "티셔츠", "amount": 10000, "method": "계좌이체"}
    receipt = {"type": "소득공제", "registrationNumber": "1"}

    answer = shop.control("checkouts", **order, cashReceipt=receipt)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_CASH_RECEIPT_INFO")


def test_a_cancel_takes_its_part_of_the_receipt_along(shop: BankShop) -> None:
    payment_key = shop.paid(cashReceipt=DEDUCTION)

    shop.refund(payment_key, cancelAmount=3000)
    payment = answered(shop.refund(payment_key, cancelAmount=2000), PaymentSchema())

    steps = [(entry["transactionType"], entry["amount"]) for entry in payment["cashReceipts"]]
    assert steps == [("CONFIRM", 10000), ("CANCEL", 3000), ("CANCEL", 2000)]


def test_a_cancel_names_the_receipt_that_went_with_it(shop: BankShop) -> None:
    payment_key = shop.paid(cashReceipt=DEDUCTION)

    payment = shop.refund(payment_key, cancelAmount=3000).get_json()

    assert payment["cancels"][0]["receiptKey"] == payment["cashReceipts"][1]["receiptKey"]
    assert payment["cancels"][0]["receiptKey"] == f"c_{payment['cashReceipt']['receiptKey']}"


def test_the_cancel_of_an_unpaid_account_has_no_receipt(shop: BankShop) -> None:
    payment_key = shop.issued(cashReceipt=DEDUCTION)

    payment = shop.cancel(payment_key).get_json()

    assert payment["cashReceipts"] is None
    assert payment["cancels"][0]["receiptKey"] is None


def test_a_cancel_without_a_receipt_names_none(shop: BankShop) -> None:
    assert shop.refund(shop.paid()).get_json()["cancels"][0]["receiptKey"] is None


def test_a_reversed_deposit_takes_its_receipt_along(shop: BankShop) -> None:
    payment_key = shop.paid(cashReceipt=DEDUCTION)

    assert shop.reverse(payment_key).get_json()["cashReceipt"] is None
    assert shop.deposit(payment_key).get_json()["cashReceipt"] is not None
