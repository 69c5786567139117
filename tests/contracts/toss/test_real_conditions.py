"""The codes that come of what callers, shoppers, banks and clocks do, without any test header."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.domain.faults import Effect, EffectKind, Fault, Match, Moment
from payments_mock.http.gateway import context_of
from payments_mock.http.wire import WIRE
from payments_mock.services.faults import arm_fault, disarm_all_faults
from payments_mock.storage.database import reading
from payments_mock.storage.merchants import find_merchant
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.conftest import MERCHANTS
from tests.support.bank_shop import ACCOUNT
from tests.support.cards import numbered
from tests.support.clock import MovableClock
from tests.support.database import drop_tables
from tests.support.published_codes import published_codes
from tests.support.shop import basic
from tests.support.toss_merchant import query_of
from tests.support.toss_sales import check_out, confirm, pay
from tests.support.toss_stage import Stage, stage_on, staged_app, unused

CONFIRM = "/v1/payments/confirm"
FAULT_OF_OURS = "FAILED_INTERNAL_SYSTEM_PROCESSING"

PROMISED = 60
"""How many of the published codes arise from real conditions here; 45 are asked for."""


def list_as(stage: Stage, authorization: str | None) -> TestResponse:
    """List transactions with this Authorization header."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return stage.app.test_client().get("/v1/transactions", headers=headers)


def while_the_first_is_held_back(stage: Stage) -> TestResponse:
    """Send a confirm again whose answer a slow network still holds back."""
    begun = check_out(stage.toss)
    with stage.app.app_context():
        with reading() as connection:
            merchant = find_merchant(connection, "toss")
        assert merchant is not None
        slow = Effect(EffectKind.DELAY, seconds=30)
        arm_fault(context_of(merchant).merchant, Fault("slow", Match(), Moment.AFTER, slow))
    twice = {"headers": {"Idempotency-Key": unused("key")}, "environ_overrides": {WIRE: None}}
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    try:
        stage.post(CONFIRM, asked, **twice)
        return stage.post(CONFIRM, asked, **twice)
    finally:
        with stage.app.app_context():
            disarm_all_faults(merchant)


def again(call: Callable[[], TestResponse]) -> TestResponse:
    """Call twice; the first time must go well."""
    first = call()
    assert first.status_code == 200, first.text
    return call()


def confirm_again(stage: Stage) -> TestResponse:
    begun = check_out(stage.toss)
    return again(lambda: confirm(stage.toss, begun))


def confirm_after(stage: Stage, **time: float) -> TestResponse:
    begun = check_out(stage.toss)
    stage.clock.advance(**time)
    return confirm(stage.toss, begun)


def confirm_with_the_other_pair(stage: Stage) -> TestResponse:
    return confirm(stage.widget, check_out(stage.toss))


def transfer_too_often(stage: Stage) -> TestResponse:
    transfer = {"method": "TRANSFER", "customerKey": unused("customer"), "amount": 100_000_000}
    for _ in range(5):
        pay(stage.toss, **transfer)
    return stage.confirm(transfer)


def cancel_after(stage: Stage, payment: dict[str, object], **time: float) -> TestResponse:
    payment_key = stage.paid(**payment)
    stage.clock.advance(**time)
    return stage.toss.cancel(payment_key)


def charge_with_an_expired_card(stage: Stage) -> TestResponse:
    month = stage.clock.now + timedelta(hours=9)
    until = {"cardExpirationYear": f"{month:%y}", "cardExpirationMonth": f"{month:%m}"}
    billing = stage.register_card(**until).get_json()
    stage.clock.advance(days=32)
    return stage.charge(billing)


def issue_after(stage: Stage, **time: float) -> TestResponse:
    agreed = stage.authorization()
    stage.clock.advance(**time)
    return stage.issue_billing(agreed)


def charge_deleted(stage: Stage) -> TestResponse:
    billing = stage.register_card().get_json()
    stage.toss.call("DELETE", f"/v1/billing/{billing['billingKey']}")
    return stage.charge(billing)


def deposit_after(stage: Stage, **time: float) -> TestResponse:
    payment_key = stage.awaiting(validHours=1)
    stage.clock.advance(**time)
    return stage.deposit(payment_key)


def deposit_twice(stage: Stage) -> TestResponse:
    payment_key = stage.awaiting()
    return again(lambda: stage.deposit(payment_key))


def reverse_after_refund(stage: Stage, **time: float) -> TestResponse:
    payment_key = stage.deposited()
    stage.refund(payment_key)
    stage.clock.advance(**time)
    return stage.toss.control(f"payments/{payment_key}/reverse-deposit")


def due_in(stage: Stage, **time: float) -> str:
    return f"{stage.clock.now + timedelta(hours=9, **time):%Y-%m-%dT%H:%M:%S}"


Condition = tuple[str, str, Callable[[Stage], TestResponse]]

CALLS: tuple[Condition, ...] = (
    ("no Authorization header", "UNAUTHORIZED_KEY", lambda s: list_as(s, None)),
    ("a secret key that nobody has", "UNAUTHORIZED_KEY", lambda s: list_as(s, basic("test_sk_nobody:"))),
    (
        "a secret key without its colon",
        "INCORRECT_BASIC_AUTH_FORMAT",
        lambda s: list_as(s, "Basic " + b64encode(b"test_sk_toss").decode()),
    ),
    ("a scheme that is not Basic", "INCORRECT_BASIC_AUTH_FORMAT", lambda s: list_as(s, "Bearer x")),
    ("a client key", "INVALID_API_KEY", lambda s: list_as(s, basic("test_ck_toss:"))),
    (
        "a widget key on an operation for API keys",
        "INVALID_API_KEY",
        lambda s: s.widget.post("/v1/virtual-accounts", ACCOUNT),
    ),
    ("an unknown path", "NOT_FOUND", lambda s: s.toss.call("GET", "/v1/nothing")),
    (
        "a method that the path does not take",
        "NOT_FOUND_HTTP_METHOD",
        lambda s: s.toss.call("DELETE", "/v1/transactions"),
    ),
    (
        "a body that is no JSON",
        "INVALID_REQUEST",
        lambda s: s.toss.call("POST", CONFIRM, data="x"),
    ),
    (
        "an idempotency key of 301 characters",
        "INVALID_IDEMPOTENCY_KEY",
        lambda s: s.post(CONFIRM, {}, headers={"Idempotency-Key": "k" * 301}),
    ),
    (
        "the same key while the first is in progress",
        "IDEMPOTENT_REQUEST_PROCESSING",
        while_the_first_is_held_back,
    ),
    (
        "a test code that does not exist",
        "INVALID_TEST_CODE",
        lambda s: s.post(CONFIRM, {}, headers={"TossPayments-Test-Code": "NO_SUCH_CODE"}),
    ),
)

CONFIRMS: tuple[Condition, ...] = (
    ("an unknown payment key", "NOT_FOUND_PAYMENT_SESSION", lambda s: s.confirm(paymentKey="unknown")),
    (
        "another merchant's payment",
        "NOT_FOUND_PAYMENT_SESSION",
        lambda s: confirm(s.other, check_out(s.toss)),
    ),
    ("a session of ten minutes ago", "NOT_FOUND_PAYMENT_SESSION", lambda s: confirm_after(s, minutes=10)),
    ("another amount", "FORBIDDEN_REQUEST", lambda s: s.confirm(amount=9_999)),
    ("another order", "FORBIDDEN_REQUEST", lambda s: s.confirm(orderId="another_order")),
    ("the keys of the other pair", "FORBIDDEN_REQUEST", confirm_with_the_other_pair),
    ("a second confirm", "ALREADY_PROCESSED_PAYMENT", confirm_again),
    (
        "a shopper who still chooses",
        "INVALID_AUTHORIZE_AUTH",
        lambda s: s.confirm({"outcome": {"result": "wait"}}),
    ),
    ("an amount of nothing", "BELOW_ZERO_AMOUNT", lambda s: s.confirm(amount=0)),
    ("99 won by card", "BELOW_MINIMUM_AMOUNT", lambda s: s.confirm({"amount": 99})),
    (
        "more than a phone bill holds",
        "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
        lambda s: s.confirm({"method": "MOBILE_PHONE", "amount": 1_000_001}),
    ),
    (
        "more than a bank transfers at once",
        "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
        lambda s: s.confirm({"method": "TRANSFER", "amount": 100_000_001}),
    ),
    ("more than a bank transfers in a day", "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT", transfer_too_often),
    (
        "instalments of one month",
        "EXCEED_MIN_CARD_INSTALLMENT_PLAN",
        lambda s: s.confirm({"amount": 50_000, "card": {"installmentPlanMonths": 1}}),
    ),
    (
        "instalments of less than no months",
        "INVALID_CARD_INSTALLMENT_PLAN",
        lambda s: s.confirm({"amount": 50_000, "card": {"installmentPlanMonths": -1}}),
    ),
    (
        "instalments of 13 months",
        "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
        lambda s: s.confirm({"amount": 50_000, "card": {"installmentPlanMonths": 13}}),
    ),
    (
        "instalments of a check card",
        "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
        lambda s: s.confirm({"amount": 50_000, "card": {"installmentPlanMonths": 2, "type": "CHECK"}}),
    ),
    (
        "instalments of a small amount",
        "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT",
        lambda s: s.confirm({"amount": 49_999, "card": {"installmentPlanMonths": 2}}),
    ),
    (
        "the points of a check card",
        "NOT_ALLOWED_POINT_USE",
        lambda s: s.confirm({"card": {"useCardPoint": True, "type": "CHECK"}}),
    ),
    (
        "an account without money",
        "REJECT_ACCOUNT_PAYMENT",
        lambda s: s.confirm({"method": "TRANSFER", "outcome": {"decline": "REJECT_ACCOUNT_PAYMENT"}}),
    ),
    (
        "a wrong password",
        "INVALID_PASSWORD",
        lambda s: s.confirm({"outcome": {"decline": "INVALID_PASSWORD"}}),
    ),
)

CANCELS: tuple[Condition, ...] = (
    ("a look-up of an unknown payment", "NOT_FOUND_PAYMENT", lambda s: s.toss.get("unknown")),
    ("a look-up of an unknown order", "NOT_FOUND_PAYMENT", lambda s: s.toss.get_by_order("unknown_order")),
    ("a look-up of another merchant's", "NOT_FOUND_PAYMENT", lambda s: s.other.get(s.paid())),
    ("a second whole cancel", "ALREADY_CANCELED_PAYMENT", lambda s: cancel_twice(s)),
    (
        "a cancel of more than is left",
        "NOT_CANCELABLE_AMOUNT",
        lambda s: s.toss.cancel(s.paid(), cancelAmount=10_001),
    ),
    (
        "a cancel before the confirm",
        "NOT_CANCELABLE_PAYMENT",
        lambda s: s.toss.cancel(check_out(s.toss)["paymentKey"]),
    ),
    (
        "a part of an unpaid account",
        "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        lambda s: s.toss.cancel(s.awaiting(), cancelAmount=1),
    ),
    (
        "a deposit without an account to go back to",
        "INVALID_REFUND_ACCOUNT_INFO",
        lambda s: s.toss.cancel(s.deposited()),
    ),
    (
        "an account of somebody else",
        "INVALID_REFUND_ACCOUNT_INFO",
        lambda s: s.refund(s.deposited(), holderName="불일치"),
    ),
    (
        "letters in the account's number",
        "INVALID_REFUND_ACCOUNT_NUMBER",
        lambda s: s.refund(s.deposited(), accountNumber="12-34567"),
    ),
    ("a bank that does not exist", "INVALID_BANK", lambda s: s.refund(s.deposited(), bank="없는은행")),
    (
        "a bank that takes no refund",
        "FORBIDDEN_BANK_REFUND_REQUEST",
        lambda s: s.refund(s.deposited(), accountNumber="1101230000"),
    ),
    (
        "another balance than the merchant believes",
        "NOT_MATCHES_REFUNDABLE_AMOUNT",
        lambda s: s.toss.cancel(s.paid(), refundableAmount=9_999),
    ),
    ("a cancel of nothing", "INVALID_REFUND_AMOUNT", lambda s: s.toss.cancel(s.paid(), cancelAmount=0)),
    ("a cancel in dollars", "INVALID_CURRENCY", lambda s: s.toss.cancel(s.paid(), currency="USD")),
    (
        "a part of a phone bill",
        "NOT_ALLOWED_PARTIAL_REFUND",
        lambda s: s.toss.cancel(s.paid(method="MOBILE_PHONE"), cancelAmount=1),
    ),
    (
        "a transfer of half a year ago",
        "EXCEED_MAX_REFUND_DUE",
        lambda s: cancel_after(s, {"method": "TRANSFER"}, days=181),
    ),
    ("a cancel without a reason", "INVALID_REQUEST", lambda s: s.toss.cancel(s.paid(), cancelReason=None)),
)

CARDS: tuple[Condition, ...] = (
    ("a card without its number", "INVALID_REQUIRED_PARAM", lambda s: s.key_in(cardNumber=None)),
    ("an order id of 5 characters", "INVALID_ORDER_ID", lambda s: s.key_in(orderId="short")),
    ("an order name of 101 characters", "INVALID_ORDER_NAME", lambda s: s.key_in(orderName="이" * 101)),
    ("a paid order", "DUPLICATED_ORDER_ID", lambda s: pay_order_again(s)),
    ("the first six digits of a card", "INVALID_CARD_NUMBER", lambda s: s.key_in(cardNumber="433012")),
    ("a month that has passed", "INVALID_CARD_EXPIRATION", lambda s: s.key_in(cardExpirationYear="20")),
    (
        "a birthday that does not exist",
        "INVALID_BIRTH_DAY_FORMAT",
        lambda s: s.key_in(customerIdentityNumber="880230"),
    ),
    (
        "a business number with a wrong check digit",
        "INVALID_CARD_IDENTITY",
        lambda s: s.key_in(customerIdentityNumber="1248100999"),
    ),
    ("a wrong card password", "INVALID_CARD_PASSWORD", lambda s: s.key_in(cardPassword="99")),
    ("an address that is none", "INVALID_EMAIL", lambda s: s.key_in(customerEmail="nobody")),
    (
        "a card of a kind that can't be charged",
        "NOT_SUPPORTED_CARD_TYPE",
        lambda s: s.key_in(cardNumber="4330121234567890"),
    ),
    ("a suspended card", "INVALID_STOPPED_CARD", lambda s: s.key_in(cardNumber=numbered("0101"))),
    ("a stolen card", "INVALID_CARD_LOST_OR_STOLEN", lambda s: s.key_in(cardNumber=numbered("0102"))),
    ("a rejected card", "INVALID_REJECT_CARD", lambda s: s.key_in(cardNumber=numbered("0103"))),
    ("an issuer that declines", "REJECT_CARD_COMPANY", lambda s: s.key_in(cardNumber=numbered("0104"))),
    ("a card without money", "REJECT_CARD_PAYMENT", lambda s: s.key_in(cardNumber=numbered("0105"))),
    ("an issuer that fails", "CARD_PROCESSING_ERROR", lambda s: s.key_in(cardNumber=numbered("0106"))),
    ("an unusable card", "INVALID_CARD", lambda s: s.key_in(cardNumber=numbered("0107"))),
    (
        "a card that was used too often today",
        "EXCEED_MAX_DAILY_PAYMENT_COUNT",
        lambda s: s.key_in(cardNumber=numbered("0108")),
    ),
    (
        "more than the card's limit",
        "EXCEED_MAX_PAYMENT_AMOUNT",
        lambda s: s.key_in(cardNumber=numbered("0109"), amount=100_001),
    ),
    ("a customer key of one character", "INVALID_CUSTOMER_KEY", lambda s: s.register_card(customerKey="x")),
    (
        "an auth key of long ago",
        "INVALID_BILLING_AUTH",
        lambda s: issue_after(s, minutes=11),
    ),
    (
        "an auth key of nobody",
        "NOT_FOUND_BILLING",
        lambda s: s.issue_billing(s.authorization(), authKey="unknown"),
    ),
    (
        "a charge of another customer",
        "NOT_MATCHES_CUSTOMER_KEY",
        lambda s: s.charge(s.register_card().get_json(), customerKey="somebody"),
    ),
    ("a charge of a card that has expired", "INVALID_BILL_KEY_REQUEST", charge_with_an_expired_card),
    ("a charge by a deleted key", "ALREADY_REMOVED_BILLING_KEY", charge_deleted),
)

ACCOUNTS: tuple[Condition, ...] = (
    (
        "two due times",
        "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
        lambda s: s.issue_account(validHours=1, dueDate=due_in(s, days=1)),
    ),
    ("an account for 2161 hours", "EXCEED_MAX_VALID_HOURS", lambda s: s.issue_account(validHours=2161)),
    ("an account for 91 days", "EXCEED_MAX_DUE_DATE", lambda s: s.issue_account(dueDate=due_in(s, days=91))),
    ("a due date in the past", "INVALID_DATE", lambda s: s.issue_account(dueDate=due_in(s, days=-1))),
    (
        "a fixed account in escrow",
        "INVALID_VIRTUAL_ACCOUNT_TYPE",
        lambda s: s.issue_account(accountKey="customer", useEscrow=True),
    ),
    ("a second deposit", "ALREADY_COMPLETED_PAYMENT", deposit_twice),
    ("a deposit after the due date", "ALREADY_CLOSE_ACCOUNT", lambda s: deposit_after(s, hours=1, seconds=1)),
    ("a reversal during a refund", "ALREADY_REFUNDING_PAYMENT", reverse_after_refund),
    ("a reversal after a refund", "ALREADY_REFUND_PAYMENT", lambda s: reverse_after_refund(s, days=3)),
    (
        "a receipt for a number of nobody",
        "INVALID_CASH_RECEIPT_INFO",
        lambda s: s.issue_receipt(customerIdentityNumber="12"),
    ),
    ("a second receipt of an order", "DUPLICATED_CASH_RECEIPT", lambda s: receipt_twice(s)),
)

LISTS: tuple[Condition, ...] = (
    (
        "a day that is no ISO date",
        "INVALID_ISO_DATE_FORMAT",
        lambda s: s.list("transactions", startDate="1/1/24"),
    ),
    ("an end before the start", "INVALID_DATE", lambda s: s.list("settlements", endDate="2023-12-31")),
    ("5,001 rows at once", "EXCEED_MAX_QUERY_LIMIT", lambda s: s.list("transactions", limit="5001")),
    (
        "a page behind an unknown transaction",
        "INVALID_PAGING_KEY",
        lambda s: s.list("transactions", startingAfter="unknown"),
    ),
)

CHECKOUTS: tuple[Condition, ...] = (
    ("a window for an unknown key", "INVALID_CLIENT_KEY", lambda s: s.checkout(clientKey="test_ck_nobody")),
    ("an issuer that does not exist", "INVALID_CARD_COMPANY", lambda s: s.checkout(card={"issuer": "ZZ"})),
    ("a method that does not exist", "NOT_SUPPORTED_METHOD", lambda s: s.checkout(method="BARTER")),
    (
        "a success URL that is none",
        "INCORRECT_SUCCESS_URL_FORMAT",
        lambda s: s.checkout(successUrl="success"),
    ),
    ("a fail URL that is none", "INCORRECT_FAIL_URL_FORMAT", lambda s: s.checkout(failUrl="fail")),
)


def cancel_twice(stage: Stage) -> TestResponse:
    payment_key = stage.paid()
    return again(lambda: stage.toss.cancel(payment_key))


def pay_order_again(stage: Stage) -> TestResponse:
    order_id = unused("keyed")
    return again(lambda: stage.key_in(orderId=order_id))


def receipt_twice(stage: Stage) -> TestResponse:
    order_id = unused("receipt")
    return again(lambda: stage.issue_receipt(orderId=order_id))


CONDITIONS = (*CALLS, *CONFIRMS, *CANCELS, *CARDS, *ACCOUNTS, *LISTS)


@pytest.mark.parametrize(
    ("code", "provoke"), [row[1:] for row in CONDITIONS], ids=[f"{row[0]}: {row[1]}" for row in CONDITIONS]
)
def test_the_condition_is_answered_with_its_code(
    stage: Stage, code: str, provoke: Callable[[Stage], TestResponse]
) -> None:
    answer = provoke(stage)

    if "errors" in (content := answer.get_json()) or answer.request.path.startswith("/control"):
        assert (answer.status_code, content["code"]) == (published_codes()[code], code), answer.text
    else:
        assert_refused(answer, code)


@pytest.mark.parametrize(
    ("code", "provoke"), [row[1:] for row in CHECKOUTS], ids=[f"{row[0]}: {row[1]}" for row in CHECKOUTS]
)
def test_a_window_that_can_not_be_opened_is_refused_with_its_code(
    stage: Stage, code: str, provoke: Callable[[Stage], TestResponse]
) -> None:
    answer = provoke(stage)

    assert (answer.status_code, answer.get_json()["code"]) == (published_codes()[code], code), answer.text


OUTCOMES: dict[str, dict[str, Any]] = {
    "PAY_PROCESS_CANCELED": {"result": "close"},
    "PAY_PROCESS_ABORTED": {"result": "fail", "code": "PAY_PROCESS_ABORTED"},
    "REJECT_CARD_COMPANY": {"result": "fail", "code": "REJECT_CARD_COMPANY"},
}


@pytest.mark.parametrize("code", OUTCOMES)
def test_a_shopper_who_does_not_pay_is_sent_to_the_fail_url_with_the_code(stage: Stage, code: str) -> None:
    answer = stage.checkout(outcome=OUTCOMES[code])

    assert query_of(answer.get_json()["redirectUrl"])["code"] == code


def test_a_fault_of_ours_is_an_internal_failure(new_database: Callable[[], str]) -> None:
    clock = MovableClock()
    with staged_app(new_database(), MERCHANTS, clock) as app:
        drop_tables(app, "payments")

        answer = stage_on(app, clock).toss.get("unknown")

    assert_refused(answer, FAULT_OF_OURS)


def test_more_codes_are_provoked_here_than_are_promised() -> None:
    provoked = {code for _, code, _ in (*CONDITIONS, *CHECKOUTS)} | OUTCOMES.keys() | {FAULT_OF_OURS}

    assert len(provoked & published_codes().keys()) >= PROMISED
