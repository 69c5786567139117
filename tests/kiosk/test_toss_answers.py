"""Which answers of the toss contract count as what; everything that is not certain is unknown."""

import json
from typing import Any

import pytest

from payments_mock.kiosk.provider.answers import (
    Approved,
    Canceled,
    Charge,
    ProviderPayment,
    Refused,
    Reply,
    Unknown,
)
from payments_mock.kiosk.provider.toss_contract import read_canceled, read_confirmed, read_found

CHARGE = Charge("5EnNZRJGvaBX7zk2yd8ydw26XvwXkLrx9POLqKQjmAw4b0e1", "MC4wODU4ODQwMzg4NDk0", 1000)
PAYMENT: dict[str, Any] = {
    "paymentKey": CHARGE.payment_key,
    "orderId": CHARGE.order_id,
    "totalAmount": 1000,
    "status": "DONE",
    "method": "카드",
    "approvedAt": "2024-02-13T12:18:14+09:00",
    "receipt": {"url": "https://dashboard.tosspayments.com/receipt"},
    "cancels": None,
    "easyPay": {"provider": "토스페이"},
}
CANCELED = PAYMENT | {"status": "CANCELED", "cancels": [{"canceledAt": "2024-02-13T13:00:00+09:00"}]}


def reply(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())


def error(status: int, code: str) -> Reply:
    return reply(status, {"code": code, "message": "Words."})


@pytest.mark.parametrize(
    ("account", "status"), [({"expired": True}, "EXPIRED"), ({"expired": False}, "WAITING_FOR_DEPOSIT")]
)
def test_nobody_will_pay_into_an_account_that_expired(account: dict[str, bool], status: str) -> None:
    waiting = {"status": "WAITING_FOR_DEPOSIT", "approvedAt": None, "virtualAccount": account}

    found = read_found(reply(200, PAYMENT | waiting), CHARGE)

    assert isinstance(found, ProviderPayment)
    assert found.status == status


def test_the_guides_payment_is_an_approval() -> None:
    answer = read_confirmed(reply(200, PAYMENT), CHARGE)
    assert isinstance(answer, Approved)
    assert answer.payment.method == "카드"


@pytest.mark.parametrize(
    "changes",
    [
        {"paymentKey": "another"},
        {"orderId": "another"},
        {"totalAmount": 999},
        {"totalAmount": "1000"},
        {"status": "IN_PROGRESS"},
        {"status": "WAITING_FOR_DEPOSIT", "approvedAt": None},
        {"status": None},
        {"approvedAt": None},
        {"approvedAt": "2024-02-13T12:18:14"},
        {"receipt": {}},
    ],
)
def test_an_approval_with_anything_odd_about_it_is_unknown(changes: dict[str, Any]) -> None:
    assert isinstance(read_confirmed(reply(200, PAYMENT | changes), CHARGE), Unknown)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "INVALID_STOPPED_CARD"),
        (403, "REJECT_CARD_COMPANY"),
        (403, "FORBIDDEN_REQUEST"),
        (404, "NOT_FOUND_PAYMENT_SESSION"),
    ],
)
def test_a_no_to_the_payment_is_a_refusal(status: int, code: str) -> None:
    assert read_confirmed(error(status, code), CHARGE) == Refused(code, "Words.")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "PROVIDER_ERROR"),
        (400, "CARD_PROCESSING_ERROR"),
        (400, "INVALID_API_KEY"),
        (401, "UNAUTHORIZED_KEY"),
        (403, "INCORRECT_BASIC_AUTH_FORMAT"),
        (403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
        (409, "IDEMPOTENT_REQUEST_PROCESSING"),
        (429, "TOO_MANY_REQUESTS"),
        (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
        (500, "UNKNOWN_PAYMENT_ERROR"),
        (200, "REJECT_CARD_COMPANY"),
    ],
)
def test_a_no_to_the_request_leaves_the_payment_unknown(status: int, code: str) -> None:
    answer = read_confirmed(error(status, code), CHARGE)
    assert isinstance(answer, Unknown)
    assert not answer.is_done_before


@pytest.mark.parametrize("code", ["ALREADY_PROCESSED_PAYMENT", "ALREADY_CANCELED_PAYMENT"])
def test_what_was_done_before_calls_for_a_look_up(code: str) -> None:
    answer = read_confirmed(error(400, code), CHARGE)
    assert isinstance(answer, Unknown)
    assert answer.is_done_before


@pytest.mark.parametrize("status", ["DONE", "PARTIAL_CANCELED"])
def test_a_look_up_finds_out_that_the_shopper_is_charged(status: str) -> None:
    found = read_found(reply(200, PAYMENT | {"status": status}), CHARGE)
    assert isinstance(found, ProviderPayment)
    assert found.status == "APPROVED"


def test_a_look_up_may_find_a_payment_that_is_not_charged() -> None:
    body = PAYMENT | {"status": "IN_PROGRESS", "approvedAt": None, "receipt": None}
    assert read_found(reply(200, body), CHARGE) == ProviderPayment("IN_PROGRESS", "카드", None, None, None)


def test_a_cancel_is_done_when_it_says_when() -> None:
    assert isinstance(read_canceled(reply(200, CANCELED), CHARGE), Canceled)


@pytest.mark.parametrize("changes", [{"cancels": None}, {"cancels": []}, {"status": "PARTIAL_CANCELED"}])
def test_any_other_answer_to_a_cancel_is_unknown(changes: dict[str, Any]) -> None:
    assert isinstance(read_canceled(reply(200, CANCELED | changes), CHARGE), Unknown)
