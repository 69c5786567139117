"""How the first version refuses: what throws at once, what breaks a promise, and with which code."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.checkout.scripts import API_KEY, ORDER, WIDGET_KEY, broken, load, thrown
from tests.browser.conftest import Provider


@pytest.mark.parametrize(
    ("method", "changes", "code"),
    [
        ("카드", {"orderId": "short"}, "INVALID_ORDER_ID"),
        ("카드", {"orderName": None}, "INVALID_ORDER_NAME"),
        ("카드", {"amount": None}, "INVALID_PARAMETER"),
        ("카드", {"amount": "much"}, "INVALID_PARAMETER"),
        ("카드", {"amount": -1}, "BELOW_ZERO_AMOUNT"),
        ("카드", {"successUrl": "/s", "failUrl": "/f"}, "INVALID_SUCCESS_URL"),
        ("카드", {"successUrl": "http://localhost/s"}, "INVALID_URL"),
        ("카드", {"customerEmail": "nobody"}, "INVALID_EMAIL"),
        ("카드", {"customerMobilePhone": "010-1"}, "INVALID_PHONE"),
        ("카드", {"flowMode": "DIRECT"}, "INVALID_FLOW_MODE_PARAMETERS"),
        ("카드", {"easyPay": "아무페이"}, "INVALID_EASY_PAY"),
        ("카드", {"cardCompany": "아무카드"}, "INVALID_CARD_COMPANY"),
        (
            "카드",
            {"cardInstallmentPlan": 2, "maxCardInstallmentPlan": 3},
            "INVALID_CARD_INSTALLMENT_PLANS_WITH_MAX_AND_SINGLE",
        ),
        (
            "가상계좌",
            {"validHours": 2, "dueDate": "2030-01-01T00:00:00"},
            "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
        ),
        ("가상계좌", {"validHours": 9999}, "EXCEED_MAX_VALID_HOURS"),
        ("가상계좌", {"dueDate": "2099-01-01T00:00:00"}, "EXCEED_MAX_DUE_DATE"),
        ("가상계좌", {"dueDate": "soon"}, "INVALID_DATE"),
        ("계좌이체", {"bank": "아무은행"}, "INVALID_BANK"),
        ("현금", {}, "NOT_SUPPORTED_METHOD"),
        ("해외간편결제", {}, "NOT_SUPPORTED_METHOD"),
    ],
)
def test_v1_payments_break_their_promise(
    page: Page, provider: Provider, method: str, changes: dict[str, Any], code: str
) -> None:
    load(page, provider, "/v1")
    request = {**ORDER, "orderId": "order-v1-errors", "amount": 1000, **changes}

    call = f"TossPayments('{API_KEY}').requestPayment('{method}', {json.dumps(request)})"
    assert broken(page, call) == code


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("TossPayments('')", "INVALID_CLIENT_KEY"),
        (f"TossPayments('{WIDGET_KEY}')", "NOT_SUPPORTED_WIDGET_KEY"),
        (f"TossPayments('{API_KEY}').cancelPayment()", None),
    ],
)
def test_v1_throws_at_once(page: Page, provider: Provider, expression: str, code: str | None) -> None:
    load(page, provider, "/v1/payment")

    assert thrown(page, expression) == code


def test_v1_closes_the_open_window(page: Page, provider: Provider) -> None:
    load(page, provider, "/v1/payment")
    request = {**ORDER, "orderId": "order-v1-closed", "amount": 1000}
    page.evaluate(f"window.p = TossPayments('{API_KEY}')")
    page.evaluate(
        f"window.asked = p.requestPayment({json.dumps(request)}).catch((error) => error.code); null"
    )
    page.frame_locator("#___tosspayments_iframe___").get_by_test_id("pay").wait_for()

    page.evaluate("p.cancelPayment()")

    assert page.evaluate("asked") == "USER_CANCEL"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("PaymentWidget('', 'customer-1')", "INVALID_CLIENT_KEY"),
        (f"PaymentWidget('{WIDGET_KEY}', '!')", "INVALID_CUSTOMER_KEY"),
        (
            f"PaymentWidget('{WIDGET_KEY}', PaymentWidget.ANONYMOUS).renderPaymentMethods('#nowhere', 1000)",
            "INVALID_SELECTOR",
        ),
        (
            f"PaymentWidget('{WIDGET_KEY}', 'customer-1').renderPaymentMethods('pre', 'much')",
            "INVALID_PARAMETER",
        ),
    ],
)
def test_the_v1_widget_throws_at_once(page: Page, provider: Provider, expression: str, code: str) -> None:
    load(page, provider, "/v1/payment-widget")

    assert thrown(page, expression) == code


@pytest.mark.parametrize(
    ("skip", "ending"),
    [("FORCE_FAIL", "REJECT_CARD_COMPANY"), ("FORCE_NOTHING", "INVALID_PARAMETER")],
)
def test_a_window_that_is_skipped_breaks_the_promise_as_asked(
    page: Page, provider: Provider, skip: str, ending: str
) -> None:
    load(page, provider, "/v1/payment")
    request = {"amount": 1000, "orderId": f"skipped-{skip}", "orderName": "팝콘", "_skipAuth": skip}

    asked = f"TossPayments('{API_KEY}').requestPayment('카드', {json.dumps(request)})"

    assert broken(page, asked) == ending


def test_a_window_that_is_skipped_keeps_the_promise_of_a_payment(page: Page, provider: Provider) -> None:
    load(page, provider, "/v1/payment")
    request = {"amount": 1000, "orderId": "skipped-well", "orderName": "팝콘", "_skipAuth": "FORCE_SUCCESS"}

    kept = broken(page, f"TossPayments('{API_KEY}').requestPayment('카드', {json.dumps(request)})")["kept"]

    assert (kept["orderId"], kept["amount"]) == ("skipped-well", 1000)
    assert page.locator("#___tosspayments_iframe___").count() == 0
