"""Which answers count as what; everything that is not certain is unknown."""

import json
from typing import Any

import pytest

from payments_mock.kiosk.provider.answers import (
    Approved,
    Canceled,
    Charge,
    Created,
    ProviderPayment,
    Refused,
    Reply,
    Unknown,
)
from payments_mock.kiosk.provider.kiosk_contract import (
    read_canceled,
    read_confirmed,
    read_created,
    read_found,
)

CHARGE = Charge("pay_123", "order_123", 10_000)
APPROVAL: dict[str, Any] = {
    "paymentKey": "pay_123",
    "orderId": "order_123",
    "method": "CARD",
    "approvedAt": "2024-01-01T12:34:56Z",
    "totalAmount": 10_000,
    "status": "APPROVED",
    "receipt": {"url": "https://pay.local/receipts/pay_123"},
}
"""The integration guide's answer to a confirm."""


def reply(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())


def error(status: int, code: str) -> Reply:
    return reply(status, {"code": code, "message": "Words."})


def test_the_guides_approval_is_an_approval() -> None:
    answer = read_confirmed(reply(200, APPROVAL), CHARGE)
    assert isinstance(answer, Approved)
    assert answer.payment.receipt_url == "https://pay.local/receipts/pay_123"


def test_what_the_provider_adds_of_its_own_is_no_trouble() -> None:
    assert isinstance(read_confirmed(reply(200, APPROVAL | {"card": {"number": "1"}}), CHARGE), Approved)


@pytest.mark.every_case
@pytest.mark.parametrize(
    "changes",
    [
        {"paymentKey": "pay_124"},
        {"orderId": "order_124"},
        {"totalAmount": 9_999},
        {"totalAmount": "10000"},
        {"totalAmount": True},
        {"status": "INITIATED"},
        {"status": "approved"},
        {"status": None},
        {"approvedAt": None},
        {"approvedAt": "yesterday"},
        {"approvedAt": "2024-01-01T12:34:56"},
        {"method": "NUL \0"},
        {"method": "half a pair \ud800"},
        {"receipt": {"url": "x" * 2001}},
        {"receipt": {}},
    ],
)
def test_an_approval_with_anything_odd_about_it_is_unknown(changes: dict[str, Any]) -> None:
    assert isinstance(read_confirmed(reply(200, APPROVAL | changes), CHARGE), Unknown)


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"null", b"[]", b'"APPROVED"', b"\xff", b"[" * 100_000, b"1" * 5000, b'{"a": NaN}']
)
@pytest.mark.parametrize("status", [200, 201, 302, 400, 404, 422, 500])
def test_a_body_that_says_nothing_is_unknown(status: int, body: bytes) -> None:
    assert isinstance(read_confirmed(Reply(status, body), CHARGE), Unknown)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "INVALID_REQUEST"),
        (404, "NOT_FOUND"),
        (409, "AMOUNT_MISMATCH"),
        (409, "DUPLICATED_ORDER_ID"),
        (422, "ALREADY_CANCELED"),
        (422, "REJECT_CARD_COMPANY"),
    ],
)
def test_a_no_to_the_payment_is_a_refusal(status: int, code: str) -> None:
    assert read_confirmed(error(status, code), CHARGE) == Refused(code, "Words.")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "UNAUTHORIZED_KEY"),
        (403, "FORBIDDEN"),
        (408, "TIMEOUT"),
        (429, "TOO_MANY_REQUESTS"),
        (409, "IDEMPOTENT_REQUEST_PROCESSING"),
        (409, "ALREADY_APPROVED"),
        (400, "ALREADY_PROCESSED_PAYMENT"),
        (500, "INTERNAL_ERROR"),
        (503, "MAINTENANCE"),
        (200, "REJECT_CARD_COMPANY"),
    ],
)
def test_a_no_to_the_request_leaves_the_payment_unknown(status: int, code: str) -> None:
    assert isinstance(read_confirmed(error(status, code), CHARGE), Unknown)


def test_a_refusals_words_are_fit_to_be_stored() -> None:
    answer = read_confirmed(reply(422, {"code": "A\0" + "B" * 200, "message": "\ud800" * 400}), CHARGE)
    assert answer == Refused("A?" + "B" * 98, "?" * 300)


def test_a_created_payment_may_have_any_status() -> None:
    body = {"paymentKey": "pay_123", "orderId": "order_123", "status": "APPROVED"}
    assert read_created(reply(200, body), CHARGE) == Created()


def test_the_creation_of_another_payment_is_unknown() -> None:
    body = {"paymentKey": "pay_124", "orderId": "order_123", "status": "INITIATED"}
    assert isinstance(read_created(reply(200, body), CHARGE), Unknown)


def test_a_look_up_may_find_any_status() -> None:
    body = APPROVAL | {"status": "INITIATED", "approvedAt": None, "receipt": None, "canceledAt": None}
    assert read_found(reply(200, body), CHARGE) == ProviderPayment("INITIATED", "CARD", None, None, None)


def test_a_cancel_is_done_when_it_says_when() -> None:
    body = {"status": "CANCELED", "canceledAt": "2024-01-01T12:40:00Z"}
    assert isinstance(read_canceled(reply(200, body)), Canceled)


@pytest.mark.parametrize(
    "body", [{"status": "CANCELED"}, {"status": "DONE", "canceledAt": "2024-01-01T12:40:00Z"}]
)
def test_any_other_answer_to_a_cancel_is_unknown(body: dict[str, Any]) -> None:
    assert isinstance(read_canceled(reply(200, body)), Unknown)
