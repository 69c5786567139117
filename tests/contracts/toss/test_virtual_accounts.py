"""Virtual accounts: issued by a call or chosen in the window, they wait for a deposit until they are due."""

import pytest
from flask import Flask

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.bank_shop import ACCOUNT, REFUND_ACCOUNT, BankShop
from testkit.inside.clock import MovableClock
from tests.contracts.toss.answers import answered, assert_refused


@pytest.fixture
def shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_toss", "test_ck_toss")


def test_an_issued_account_waits_for_its_deposit(shop: BankShop) -> None:
    payment = answered(shop.issue(), PaymentSchema())

    assert payment["status"] == "WAITING_FOR_DEPOSIT"
    assert payment["method"] == "가상계좌"
    assert payment["approvedAt"] is None
    assert payment["virtualAccount"]["depositorName"] is None


def test_an_issued_account_tells_what_the_shopper_needs(shop: BankShop) -> None:
    account = shop.issue(bank="우리").get_json()["virtualAccount"]

    assert account.pop("accountNumber").startswith("X")
    assert account == {
        "accountType": "일반",
        "bankCode": "20",
        "customerName": "박토스",
        "depositorName": None,
        "dueDate": "2024-01-08T21:34:56+09:00",
        "expired": False,
        "settlementStatus": "INCOMPLETED",
        "refundStatus": "NONE",
        "refundReceiveAccount": None,
    }


def test_an_issued_account_has_a_secret_of_its_own(shop: BankShop) -> None:
    secrets = {shop.issue(orderId=f"order_{number}").get_json()["secret"] for number in range(3)}

    assert len(secrets) == 3
    assert all(secret.startswith("ps_") and len(secret) <= 50 for secret in secrets)


def test_the_secret_stays_as_it_was_issued(shop: BankShop) -> None:
    payment_key = shop.check_out("가상계좌")
    secret = shop.confirm(payment_key).get_json()["secret"]

    shop.deposit(payment_key)

    assert shop.found(payment_key)["secret"] == secret


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ({"validHours": 1}, "2024-01-01T22:34:56+09:00"),
        ({"validHours": "24"}, "2024-01-02T21:34:56+09:00"),
        ({"validHours": 2160}, "2024-03-31T21:34:56+09:00"),
        ({"dueDate": "2024-01-03T23:59:59"}, "2024-01-03T23:59:59+09:00"),
        ({"dueDate": "2024-03-31T21:34:56"}, "2024-03-31T21:34:56+09:00"),
        ({"dueDate": None, "validHours": None}, "2024-01-08T21:34:56+09:00"),
    ],
)
def test_the_merchant_decides_until_when_it_waits(shop: BankShop, asked: dict[str, object], due: str) -> None:
    assert shop.issue(**asked).get_json()["virtualAccount"]["dueDate"] == due


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"validHours": 2**53 - 1}, "EXCEED_MAX_VALID_HOURS"),
        ({"validHours": 0}, "INVALID_REQUEST"),
        ({"validHours": "soon"}, "INVALID_REQUEST"),
        ({"dueDate": "2024-03-31T21:34:57"}, "EXCEED_MAX_DUE_DATE"),
        ({"dueDate": "9999-12-31T23:59:59"}, "EXCEED_MAX_DUE_DATE"),
        ({"dueDate": "2024-01-01T21:34:56"}, "INVALID_DATE"),
        ({"dueDate": "0001-01-01T00:00:00"}, "INVALID_DATE"),
        ({"dueDate": "2024-02-30T00:00:00"}, "INVALID_DATE"),
        ({"dueDate": "2024-02-01"}, "INVALID_DATE"),
        ({"dueDate": "2024-02-01T00:00:00Z"}, "INVALID_DATE"),
        ({"dueDate": "٢٠٢٤-٠٢-٠١T٠٠:٠٠:٠٠"}, "INVALID_DATE"),
        ({"dueDate": 20240201}, "INVALID_DATE"),
        ({"bank": "20\x00"}, "INVALID_BANK"),
        ({"amount": 0}, "BELOW_ZERO_AMOUNT"),
        ({"amount": "ten"}, "INVALID_REQUEST"),
        ({"taxFreeAmount": 10001}, "INVALID_REQUEST"),
        ({"taxFreeAmount": -1}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderName": "n" * 101}, "INVALID_ORDER_NAME"),
        ({"customerEmail": "nobody"}, "INVALID_EMAIL"),
        ({"customerMobilePhone": "010-1234-5678"}, "INVALID_REQUEST"),
        ({"customerName": "n" * 101}, "INVALID_REQUEST"),
        ({"cashReceipt": {"type": "소득공제"}}, "INVALID_CASH_RECEIPT_INFO"),
        ({"cashReceipt": {"type": "소득공제", "registrationNumber": "12"}}, "INVALID_CASH_RECEIPT_INFO"),
        ({"cashReceipt": {"type": "영수증"}}, "INVALID_REQUEST"),
        ({"cashReceipt": {"type": ["소득공제"]}}, "INVALID_REQUEST"),
    ],
)
def test_an_account_that_can_not_be_is_refused(shop: BankShop, asked: dict[str, object], code: str) -> None:
    assert_refused(shop.issue(**asked), code)


@pytest.mark.parametrize("name", ACCOUNT)
def test_every_value_of_the_request_is_needed(shop: BankShop, name: str) -> None:
    assert_refused(shop.issue(**{name: None}), "INVALID_REQUIRED_PARAM")


def test_numbers_in_place_of_text_are_taken_as_their_text(shop: BankShop) -> None:
    answer = shop.issue(orderId=71123456, bank=20, accountKey=558, customerMobilePhone=821012345678)

    assert (answer.get_json()["orderId"], answer.get_json()["virtualAccount"]["bankCode"]) == (
        "71123456",
        "20",
    )


def test_the_receipt_of_an_account_that_waits_can_be_opened(shop: BankShop) -> None:
    page = shop.app.test_client().get(shop.issue().get_json()["receipt"]["url"])

    assert (page.status_code, "입금 대기" in page.text) == (200, True)


def test_a_customer_keeps_the_account_of_an_account_key(shop: BankShop) -> None:
    first = shop.issue(orderId="order_1", accountKey="customer-1").get_json()["virtualAccount"]
    again = shop.issue(orderId="order_2", accountKey="customer-1").get_json()["virtualAccount"]
    other = shop.issue(orderId="order_3", accountKey="customer-2").get_json()["virtualAccount"]

    assert first["accountType"] == "고정"
    assert first["accountNumber"] == again["accountNumber"] != other["accountNumber"]


def test_escrow_is_taken_and_shown(shop: BankShop) -> None:
    product = {"id": "p1", "name": "티셔츠", "code": "c1", "unitPrice": 10000, "quantity": 1}

    assert shop.issue(useEscrow=True, escrowProducts=[product]).get_json()["useEscrow"] is True


def test_an_account_is_open_until_it_is_due(shop: BankShop, clock: MovableClock) -> None:
    payment_key = shop.issued(validHours=1)

    clock.advance(hours=1, microseconds=-1)

    assert shop.found(payment_key)["virtualAccount"]["expired"] is False


def test_an_unpaid_account_expires_without_a_change_of_its_status(
    shop: BankShop, clock: MovableClock
) -> None:
    payment_key = shop.issued(validHours=1)

    clock.advance(hours=1)

    payment = shop.found(payment_key)
    assert payment["virtualAccount"]["expired"] is True
    assert payment["status"] == "WAITING_FOR_DEPOSIT"


def test_a_deposit_goes_back_to_the_account_that_the_cancel_names(shop: BankShop) -> None:
    payment_key = shop.paid()

    account = answered(shop.refund(payment_key), PaymentSchema())["virtualAccount"]

    assert account["refundReceiveAccount"] == {
        "bankCode": "88",
        "accountNumber": "110123456789",
        "holderName": "박토스",
    }


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ({"accountNumber": "1" * 21}, "INVALID_REFUND_ACCOUNT_NUMBER"),
        ({"accountNumber": "110-123-456789"}, "INVALID_REFUND_ACCOUNT_NUMBER"),
        ({"holderName": None}, "INVALID_REFUND_ACCOUNT_INFO"),
    ],
)
def test_a_deposit_goes_back_to_a_sound_account_only(
    shop: BankShop, account: dict[str, object], code: str
) -> None:
    payment_key = shop.paid()
    named = REFUND_ACCOUNT | account

    assert_refused(shop.cancel(payment_key, refundReceiveAccount=named), code)
    assert shop.found(payment_key)["status"] == "DONE"


def test_the_bank_takes_two_days_for_a_refund(shop: BankShop, clock: MovableClock) -> None:
    payment_key = shop.paid()
    shop.refund(payment_key)
    at_once = shop.found(payment_key)["virtualAccount"]["refundStatus"]

    clock.advance(days=2)

    assert at_once == "PENDING"
    assert shop.found(payment_key)["virtualAccount"]["refundStatus"] == "COMPLETED"


def test_a_deposit_is_not_given_back_twice(shop: BankShop) -> None:
    payment_key = shop.paid()
    shop.refund(payment_key)

    assert_refused(shop.refund(payment_key), "ALREADY_CANCELED_PAYMENT")


def test_a_deposit_is_given_back_within_a_year(shop: BankShop, clock: MovableClock) -> None:
    payment_key = shop.paid()

    clock.advance(days=365, seconds=1)

    assert_refused(shop.refund(payment_key), "EXCEED_MAX_REFUND_DUE")


def test_a_transfer_is_given_back_within_180_days(shop: BankShop, clock: MovableClock) -> None:
    payment_key = shop.check_out("계좌이체")
    shop.confirm(payment_key)

    clock.advance(days=180, seconds=1)

    assert_refused(shop.cancel(payment_key), "EXCEED_MAX_REFUND_DUE")
