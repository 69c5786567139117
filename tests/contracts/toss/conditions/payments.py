"""Codes that come of calls, confirms and cancels."""

from base64 import b64encode
from collections.abc import Callable

from werkzeug.test import TestResponse

from testkit.inside.bank_shop import ACCOUNT
from testkit.inside.shop import basic
from testkit.inside.toss_sales import check_out, confirm
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.conditions.doing import (
    CONFIRM,
    cancel_after,
    cancel_twice,
    confirm_after,
    confirm_again,
    confirm_with_the_other_pair,
    list_as,
    look_up_again,
    transfer_too_often,
    while_the_first_is_held_back,
)

Condition = tuple[str, str, Callable[[Stage], TestResponse]]
"""An action, the code that it leads to, and how to do it."""

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
        lambda s: while_the_first_is_held_back(s, **{"Idempotency-Key": unused("key")}),
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
    ("the keys of the other pair", "INVALID_API_KEY", confirm_with_the_other_pair),
    ("a second look-up at once, where that is refused", "FORBIDDEN_CONSECUTIVE_REQUEST", look_up_again),
    ("a second confirm", "ALREADY_PROCESSED_PAYMENT", confirm_again),
    (
        "a second confirm while the first is not answered",
        "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        while_the_first_is_held_back,
    ),
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
