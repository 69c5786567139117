"""Deposits: a shopper's bank pays into a virtual account, once, in full and in time, or takes it back."""

from collections import Counter

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.bank_shop import BankShop
from testkit.inside.clock import MovableClock
from testkit.races import at_once
from tests.contracts.toss.answers import answered, assert_refused

CALLERS = 8


@pytest.fixture
def shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_toss", "test_ck_toss")


def assert_bank_refuses(answer: TestResponse, status: int, code: str) -> None:
    """Check that a deposit, or its reversal, was refused so."""
    assert (answer.status_code, answer.get_json()["code"]) == (status, code), answer.text


def ends(answers: list[TestResponse]) -> Counter[str]:
    """Count how the calls ended: OK, or the code of the error."""
    return Counter(answer.get_json().get("code", "OK") for answer in answers)


@pytest.fixture(params=["by a call", "in the window"])
def payment_key(request: pytest.FixtureRequest, shop: BankShop) -> str:
    """Lend a payment that waits for its deposit, in whichever way its account came about."""
    if request.param == "by a call":
        return shop.issued()
    chosen = shop.check_out("가상계좌", virtualAccount={"customerName": "박토스"})
    shop.confirm(chosen)
    return chosen


def test_a_deposit_approves_the_payment(shop: BankShop, payment_key: str, clock: MovableClock) -> None:
    clock.advance(hours=3)

    payment = answered(shop.deposit(payment_key), PaymentSchema())

    assert payment["status"] == "DONE"
    assert payment["approvedAt"] == "2024-01-02T00:34:56+09:00"
    assert payment["virtualAccount"]["depositorName"] == "박토스"
    assert payment == shop.found(payment_key)


def test_a_deposit_has_a_transaction_of_its_own(shop: BankShop, payment_key: str) -> None:
    before = shop.found(payment_key)["lastTransactionKey"]

    assert shop.deposit(payment_key).get_json()["lastTransactionKey"] != before


def test_somebody_else_may_deposit(shop: BankShop, payment_key: str) -> None:
    payment = shop.deposit(payment_key, depositorName="홍길동").get_json()

    assert payment["virtualAccount"]["depositorName"] == "홍길동"
    assert payment["virtualAccount"]["customerName"] == "박토스"


def test_the_exact_amount_may_be_named(shop: BankShop, payment_key: str) -> None:
    assert shop.deposit(payment_key, amount=10000).get_json()["status"] == "DONE"


@pytest.mark.parametrize("amount", [1, 0, -10000])
def test_the_bank_takes_no_other_amount(shop: BankShop, payment_key: str, amount: int) -> None:
    assert_bank_refuses(shop.deposit(payment_key, amount=amount), 422, "DEPOSIT_AMOUNT_MISMATCH")
    assert shop.found(payment_key)["status"] == "WAITING_FOR_DEPOSIT"


def test_a_deposit_that_comes_late_finds_the_account_closed(
    shop: BankShop, payment_key: str, clock: MovableClock
) -> None:
    clock.advance(hours=168)

    assert_bank_refuses(shop.deposit(payment_key), 400, "ALREADY_CLOSE_ACCOUNT")
    assert shop.found(payment_key)["status"] == "WAITING_FOR_DEPOSIT"
    assert shop.found(payment_key)["virtualAccount"]["expired"] is True


def test_a_deposit_in_the_last_moment_is_taken(shop: BankShop, payment_key: str, clock: MovableClock) -> None:
    clock.advance(hours=168, microseconds=-1)

    assert shop.deposit(payment_key).get_json()["status"] == "DONE"


def test_a_paid_account_does_not_expire(shop: BankShop, payment_key: str, clock: MovableClock) -> None:
    shop.deposit(payment_key)

    clock.advance(days=8)

    assert shop.found(payment_key)["virtualAccount"]["expired"] is False


def test_a_reversed_deposit_lets_the_payment_wait_again(shop: BankShop, payment_key: str) -> None:
    deposited = shop.deposit(payment_key, depositorName="홍길동").get_json()

    payment = answered(shop.reverse(payment_key), PaymentSchema())

    assert payment["status"] == "WAITING_FOR_DEPOSIT"
    assert payment["approvedAt"] is None
    assert payment["virtualAccount"]["depositorName"] is None
    assert payment["balanceAmount"] == 10000
    assert payment["lastTransactionKey"] != deposited["lastTransactionKey"]


def test_after_a_reversal_the_order_is_still_held(shop: BankShop, payment_key: str) -> None:
    shop.deposit(payment_key)
    shop.reverse(payment_key)

    assert_refused(shop.issue(), "DUPLICATED_ORDER_ID")


def test_a_reversal_that_comes_after_the_due_date_leaves_a_closed_account(
    shop: BankShop, payment_key: str, clock: MovableClock
) -> None:
    shop.deposit(payment_key)
    clock.advance(hours=168)

    payment = shop.reverse(payment_key).get_json()

    assert payment["virtualAccount"]["expired"] is True
    assert_bank_refuses(shop.deposit(payment_key), 400, "ALREADY_CLOSE_ACCOUNT")


@pytest.mark.parametrize(("days", "code"), [(0, "ALREADY_REFUNDING_PAYMENT"), (2, "ALREADY_REFUND_PAYMENT")])
@pytest.mark.parametrize("amount", [4000, 10000])
def test_what_goes_back_to_the_shopper_is_not_reversed(
    shop: BankShop, payment_key: str, clock: MovableClock, amount: int, days: int, code: str
) -> None:
    shop.deposit(payment_key)
    shop.refund(payment_key, cancelAmount=amount)

    clock.advance(days=days)

    assert_bank_refuses(shop.reverse(payment_key), 400, code)


def test_a_canceled_payment_that_nobody_paid_is_not_reversed(shop: BankShop, payment_key: str) -> None:
    shop.cancel(payment_key)

    assert_bank_refuses(shop.reverse(payment_key), 409, "NOTHING_DEPOSITED")


def test_a_card_payment_takes_no_deposit(shop: BankShop) -> None:
    assert_bank_refuses(shop.deposit(shop.check_out("카드")), 409, "NO_DEPOSIT_AWAITED")


def test_a_card_payment_has_no_deposit_to_reverse(shop: BankShop) -> None:
    payment_key = shop.check_out("카드")
    shop.confirm(payment_key)

    assert_bank_refuses(shop.reverse(payment_key), 409, "NO_DEPOSIT_AWAITED")


def test_the_secret_key_names_the_merchant_as_well(shop: BankShop) -> None:
    payment_key = shop.issued()

    assert shop.deposit(payment_key, clientKey=shop.secret_key).get_json()["status"] == "DONE"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "INVALID_REQUIRED_PARAM"),
        ("test_ck_unknown", "INVALID_CLIENT_KEY"),
        ("test_sk_dummy", "INVALID_CLIENT_KEY"),
        (7, "INVALID_CLIENT_KEY"),
    ],
)
def test_a_deposit_without_a_toss_merchant_s_key_is_refused(shop: BankShop, key: object, code: str) -> None:
    assert_bank_refuses(shop.deposit(shop.issued(), clientKey=key), 400, code)


@pytest.mark.parametrize("step", ["deposit", "reverse"])
def test_another_merchant_s_payment_is_not_found(app: Flask, shop: BankShop, step: str) -> None:
    answer = getattr(BankShop(app, "test_sk_other", "test_ck_other"), step)(shop.issued())

    assert_bank_refuses(answer, 404, "NOT_FOUND_PAYMENT")


@pytest.mark.parametrize(
    "values", [{"amount": "much"}, {"amount": 2**60}, {"depositorName": "n" * 101}, {"depositorName": "\x00"}]
)
def test_a_deposit_that_is_no_deposit_is_refused_by_its_field(
    shop: BankShop, values: dict[str, object]
) -> None:
    answer = shop.deposit(shop.issued(), **values)

    assert answer.status_code == 400
    assert answer.get_json()["errors"].keys() == values.keys()


@pytest.mark.parametrize("round_number", range(3))
def test_a_deposit_that_races_a_cancel_ends_in_a_legal_state(shop: BankShop, round_number: int) -> None:
    payment_key = shop.issued()
    calls = [lambda: shop.deposit(payment_key), lambda: shop.cancel(payment_key)]

    answers = at_once(calls * (CALLERS // 2))

    deposits, cancels = ends(answers[::2]), ends(answers[1::2])
    assert deposits["OK"] + cancels["OK"] == 1
    assert shop.found(payment_key)["status"] == ("DONE" if deposits["OK"] else "CANCELED")
    assert deposits.keys() <= {"OK", "ALREADY_COMPLETED_PAYMENT", "ALREADY_CLOSE_ACCOUNT"}
    assert cancels.keys() <= {"OK", "ALREADY_CANCELED_PAYMENT", "INVALID_REFUND_ACCOUNT_INFO"}


def test_a_reversal_that_races_a_refund_ends_in_a_legal_state(shop: BankShop) -> None:
    payment_key = shop.paid()
    calls = [lambda: shop.reverse(payment_key), lambda: shop.refund(payment_key, cancelAmount=4000)]

    reversal, refund = at_once(calls)

    status = shop.found(payment_key)["status"]
    assert {reversal.status_code, refund.status_code} in ({200, 400}, {200, 403})
    assert status == ("WAITING_FOR_DEPOSIT" if reversal.status_code == 200 else "PARTIAL_CANCELED")
