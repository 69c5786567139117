"""What a script asks the server for: a payment and its window, by a client key."""

from typing import Any

import pytest
from flask import Flask

from payments_mock.checkout.routes import OUTCOME_TYPE
from testkit.inside.clock import MovableClock
from tests.checkout.conftest import ORDER, Browser


def test_a_page_of_another_origin_gets_a_key_and_a_window(browser: Browser) -> None:
    answer = browser.ask()

    assert answer.status_code == 200
    body = answer.json
    assert body is not None
    assert body["windowPath"].startswith(f"/checkout/{body['paymentKey']}?token=")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.test"
    assert browser.payment()["status"] == "READY"


def test_a_browser_may_ask_beforehand(app: Flask) -> None:
    headers = {"Origin": "http://shop.test", "Access-Control-Request-Headers": "content-type"}

    for kind in ("sessions", "billing-sessions"):
        answer = app.test_client().options(f"/checkout/{kind}", headers=headers)
        assert answer.status_code == 204
        assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
        assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.test"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"clientKey": "test_ck_nobody"}, "INVALID_CLIENT_KEY"),
    ({"clientKey": "test_sk_toss"}, "INVALID_CLIENT_KEY"),
    ({"clientKey": "test_ck_kiosk"}, "INVALID_CLIENT_KEY"),
    ({"clientKey": 7}, "INVALID_CLIENT_KEY"),
    ({"orderId": "x"}, "INVALID_ORDER_ID"),
    ({"orderId": "주문-000001"}, "INVALID_ORDER_ID"),
    ({"orderName": "x" * 101}, "INVALID_ORDER_NAME"),
    ({"orderName": None}, "INVALID_REQUIRED_PARAM"),
    ({"amount": 0}, "BELOW_ZERO_AMOUNT"),
    ({"amount": "much"}, "INVALID_REQUEST"),
    ({"amount": 10**30}, "INVALID_REQUEST"),
    ({"successUrl": "javascript:alert(1)"}, "INCORRECT_SUCCESS_URL_FORMAT"),
    ({"failUrl": "/fail"}, "INCORRECT_FAIL_URL_FORMAT"),
    ({"successUrl": None}, "INCORRECT_SUCCESS_URL_FORMAT"),
    ({"failUrl": None}, "INCORRECT_FAIL_URL_FORMAT"),
    ({"taxFreeAmount": -1}, "INVALID_REQUEST"),
    ({"taxFreeAmount": 68001}, "INVALID_REQUEST"),
    ({"method": "CASH"}, "INVALID_REQUEST"),
    ({"cardCompany": "NOBODY"}, "INVALID_CARD_COMPANY"),
    ({"bank": "NOBODY"}, "INVALID_BANK"),
    ({"dueDate": "2023-12-01T00:00:00"}, "INVALID_DATE"),
    ({"dueDate": "2024-12-01T00:00:00"}, "EXCEED_MAX_DUE_DATE"),
    ({"dueDate": "soon"}, "INVALID_DATE"),
    ({"validHours": 2161}, "EXCEED_MAX_VALID_HOURS"),
    ({"metadata": {str(number): "x" for number in range(6)}}, "INVALID_REQUEST"),
    ({"selection": {"method": "CARD", "issuer": "NOBODY"}}, "INVALID_REQUEST"),
]


@pytest.mark.every_case
@pytest.mark.parametrize(("values", "code"), REFUSED)
def test_what_can_not_be_paid_is_refused_by_its_code(
    browser: Browser, values: dict[str, Any], code: str
) -> None:
    answer = browser.ask(**values)

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == code
    assert answer.json["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.test"


def test_an_order_that_is_paid_is_refused(browser: Browser) -> None:
    from testkit.inside.shop import basic

    path = browser.open()
    redirect = browser.decide(path).json
    assert redirect is not None
    confirm = {**redirect["payment"], "amount": 68000}
    headers = {"Authorization": basic("test_sk_toss:")}
    assert browser.client.post("/v1/payments/confirm", json=confirm, headers=headers).status_code == 200

    refused = browser.ask()

    assert refused.json is not None
    assert refused.json["code"] == "DUPLICATED_ORDER_ID"


def test_a_script_that_asks_for_outcomes_is_refused_in_the_body(browser: Browser) -> None:
    plain = browser.ask(orderName="")

    asked = browser.ask(headers={"Accept": f"{OUTCOME_TYPE}, application/json"}, orderName="")

    assert (asked.status_code, asked.mimetype) == (200, OUTCOME_TYPE)
    shown = "꼭 필요한 값이 빠져 있습니다."
    assert asked.json == {"refused": {"status": plain.status_code, "shown": shown, **(plain.json or {})}}
    assert asked.headers["Access-Control-Allow-Origin"] == "http://shop.test"


def test_an_anonymous_customer_is_nobody(browser: Browser) -> None:
    assert browser.ask(customerKey="@@ANONYMOUS").status_code == 200


def test_the_due_date_of_the_shop_is_that_of_the_account(browser: Browser, clock: MovableClock) -> None:
    path = browser.open(method="VIRTUAL_ACCOUNT", dueDate="2024-01-05T00:00:00")

    browser.decide(path, selection={"method": "VIRTUAL_ACCOUNT", "bank": "88", "depositor": "이구매"})

    assert browser.payment()["virtualAccount"]["dueDate"].startswith("2024-01-05T00:00:00")


def test_metadata_is_in_the_payment(browser: Browser) -> None:
    browser.open(metadata={"seat": "A1"})

    assert browser.payment()["metadata"] == {"seat": "A1"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"clientKey": "\x00"}', b'{"clientKey": null}'])
def test_junk_is_refused_in_json(app: Flask, body: bytes) -> None:
    for path in ("/checkout/sessions", "/checkout/billing-sessions", "/checkout/billing-decisions"):
        answer = app.test_client().post(path, data=body, content_type="application/json")
        assert answer.status_code == 400
        assert set(answer.json or {}) >= {"code", "message"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"clientKey": "test_gck_toss"}, "INVALID_API_KEY"),
        ({"customerKey": "!"}, "INVALID_CUSTOMER_KEY"),
        ({"successUrl": "/success"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"method": "MOBILE_PHONE"}, "INVALID_REQUEST"),
    ],
)
def test_a_registration_that_can_not_be_is_refused(app: Flask, values: dict[str, Any], code: str) -> None:
    body = {**ORDER, "customerKey": "customer-1", **values}

    answer = app.test_client().post("/checkout/billing-sessions", json=body)

    assert (answer.status_code, (answer.json or {})["code"]) == (400, code)
