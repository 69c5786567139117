"""How the second version refuses: what throws at once, what breaks a promise, and with which code."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.checkout.scripts import API_KEY, ORDER, WIDGET_KEY, broken, load, thrown
from tests.browser.conftest import Provider

AMOUNT = {"value": 1000, "currency": "KRW"}
CARD: dict[str, Any] = {"method": "CARD", "amount": AMOUNT, **ORDER}
URLS = {"successUrl": "http://localhost/s", "failUrl": "http://localhost/f"}


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (
            f"TossPayments('{API_KEY}').widgets({{customerKey: 'customer'}})",
            "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
        ),
        (f"TossPayments('{WIDGET_KEY}').payment({{customerKey: 'customer'}})", "NOT_SUPPORTED_WIDGET_KEY"),
        (f"TossPayments('{WIDGET_KEY}').brandpay({{customerKey: 'customer'}})", "NOT_SUPPORTED_WIDGET_KEY"),
        ("TossPayments('test_sk_toss_dummy').payment({customerKey: 'customer'})", "INVALID_CLIENT_KEY"),
        ("TossPayments(undefined).widgets({customerKey: 'customer'})", "INVALID_CLIENT_KEY"),
        (f"TossPayments('{API_KEY}').payment({{customerKey: 'test_sk_dummy'}})", "INSECURE_KEY_USAGE"),
        (f"TossPayments('{API_KEY}').payment({{customerKey: 'a'}})", "INVALID_CUSTOMER_KEY"),
        (f"TossPayments('{API_KEY}').payment({{customerKey: '한글'}})", "INVALID_CUSTOMER_KEY"),
        (f"TossPayments('{API_KEY}').payment()", "INVALID_CUSTOMER_KEY"),
        (f"TossPayments('{API_KEY}').payment({{customerKey: '@@ANONYMOUS'}})", None),
        (f"TossPayments('{API_KEY}').cancelPayment()", "V1_METHOD_NOT_SUPPORTED"),
    ],
)
def test_v2_factories_throw_at_once(
    page: Page, provider: Provider, expression: str, code: str | None
) -> None:
    load(page, provider, "/v2/standard")

    assert thrown(page, expression) == code


PAYMENT_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({**CARD, "method": "BITCOIN"}, "NOT_SUPPORTED_METHOD"),
    ({**CARD, "method": None}, "INVALID_PARAMETERS"),
    ({**CARD, "amount": {"value": "1000", "currency": "KRW"}}, "INVALID_AMOUNT_VALUE"),
    ({**CARD, "amount": {"value": 10.5, "currency": "KRW"}}, "INVALID_AMOUNT_VALUE"),
    ({**CARD, "amount": {"value": 0, "currency": "KRW"}}, "BELOW_ZERO_AMOUNT"),
    ({**CARD, "amount": {"value": 1000, "currency": "USD"}}, "INVALID_AMOUNT_CURRENCY"),
    ({**CARD, "amount": 1000}, "INVALID_PARAMETERS"),
    ({**CARD, "orderId": "short"}, "INVALID_PARAMETERS"),
    ({**CARD, "orderName": ""}, "INVALID_PARAMETERS"),
    ({**CARD, "surprise": 1}, "INVALID_PARAMETERS"),
    ({**CARD, "virtualAccount": {}}, "INVALID_PARAMETERS"),
    ({**CARD, "card": {"surprise": True}}, "INVALID_PARAMETERS"),
    ({**CARD, "card": {"flowMode": "DIRECT"}}, "INVALID_PARAMETERS"),
    ({**CARD, "card": {"cardInstallmentPlan": 3, "maxCardInstallmentPlan": 6}}, "INVALID_PARAMETERS"),
    ({**CARD, "card": {"cardCompany": "NOBODY"}}, "INVALID_PARAMETERS"),
    ({**CARD, "customerMobilePhone": "010-1234-5678"}, "INVALID_PARAMETERS"),
    ({**CARD, "metadata": {"a[]": "b"}}, "INVALID_METADATA"),
    ({**CARD, "metadata": {str(number): "x" for number in range(6)}}, "INVALID_METADATA"),
    ({**CARD, "successUrl": "http://localhost/s"}, "INCORRECT_FAIL_URL_FORMAT"),
    ({**CARD, **URLS, "successUrl": "/success"}, "INCORRECT_SUCCESS_URL_FORMAT"),
    ({**CARD, **URLS, "successUrl": "javascript:alert(1)"}, "INCORRECT_SUCCESS_URL_FORMAT"),
    ({**CARD, "windowTarget": "self"}, "NOT_SUPPORTED_PROMISE"),
    (
        {**CARD, "method": "FOREIGN_EASY_PAY", "foreignEasyPay": {"provider": "PAYPAL", "country": "US"}},
        "NOT_SUPPORTED_PROMISE",
    ),
]


@pytest.mark.parametrize(("request_", "code"), PAYMENT_ERRORS)
def test_v2_payments_break_their_promise(
    page: Page, provider: Provider, request_: dict[str, Any], code: str
) -> None:
    load(page, provider, "/v2/standard")
    payment = f"TossPayments('{API_KEY}').payment({{customerKey: TossPayments.ANONYMOUS}})"

    assert broken(page, f"{payment}.requestPayment({json.dumps(request_)})") == code


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"method": "MOBILE_PHONE", **URLS}, "NOT_SUPPORTED_METHOD"),
        ({"method": "CARD"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"method": "CARD", "successUrl": "http://localhost/s"}, "INCORRECT_FAIL_URL_FORMAT"),
        ({"method": "CARD", **URLS, "surprise": 1}, "INVALID_PARAMETERS"),
    ],
)
def test_v2_billing_breaks_its_promise(
    page: Page, provider: Provider, request_: dict[str, Any], code: str
) -> None:
    load(page, provider, "/v2/standard")
    payment = f"TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})"

    assert broken(page, f"{payment}.requestBillingAuth({json.dumps(request_)})") == code


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("w.setAmount({value: 'x', currency: 'KRW'})", "INVALID_AMOUNT_VALUE"),
        ("w.setAmount({value: 1000, currency: 'JPY'})", "INVALID_AMOUNT_CURRENCY"),
        ("w.setAmount(1000)", "INVALID_PARAMETERS"),
        ("w.renderPaymentMethods({selector: 'pre'})", "NOT_SETUP_AMOUNT"),
        ("set.then(() => w.renderPaymentMethods({selector: '#nowhere'}))", "INVALID_SELECTOR"),
        ("set.then(() => w.renderPaymentMethods({selector: '!'}))", "INVALID_SELECTOR"),
        ("set.then(() => w.renderPaymentMethods({selector: 'pre', variantKey: ''}))", "INVALID_VARIANT_KEY"),
        ("set.then(() => w.renderPaymentMethods({selector: 'pre', surprise: 1}))", "INVALID_PARAMETERS"),
        ("w.renderAgreement({selector: '#nowhere'})", "INVALID_SELECTOR"),
        ("w.renderPaymentWindow()", "NOT_SETUP_AMOUNT"),
        ("w.requestPayment({orderId: 'order-1', orderName: 'x'})", "NOT_SETUP_AMOUNT"),
        (
            "set.then(() => w.requestPayment({orderId: 'order-1', orderName: 'x'}))",
            "NOT_SELECTED_PAYMENT_METHOD",
        ),
        ("w.requestPayment({orderId: 'order-1', orderName: 'x', amount: 1})", "INVALID_PARAMETERS"),
        ("w.requestPaymentWindow({orderId: 'order-1', orderName: 'x'})", "INVALID_PARAMETERS"),
    ],
)
def test_v2_widgets_break_their_promises(page: Page, provider: Provider, expression: str, code: str) -> None:
    load(page, provider, "/v2/standard")
    page.evaluate(f"window.w = TossPayments('{WIDGET_KEY}').widgets({{customerKey: 'customer-1'}})")
    if expression.startswith("set."):
        page.evaluate("async () => { window.set = w.setAmount({value: 1000, currency: 'KRW'}); await set; }")

    assert broken(page, expression) == code


def test_v2_tells_that_brandpay_is_not_offered(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")
    page.evaluate(f"window.b = TossPayments('{API_KEY}').brandpay({{customerKey: 'customer-1'}})")

    assert broken(page, "b.requestPayment({})") == "NOT_SUPPORTED"
    assert broken(page, "b.isOneTouchPayEnabled()") == "NOT_SUPPORTED"


@pytest.mark.parametrize("name", ["requestPayment", "requestBillingAuth"])
def test_v2_tells_that_it_is_not_v1(page: Page, provider: Provider, name: str) -> None:
    load(page, provider, "/v2/standard")

    assert broken(page, f"TossPayments('{API_KEY}').{name}('카드', {{}})") == "V1_METHOD_NOT_SUPPORTED"


def test_v2_destroys_the_window_and_tells_when_there_is_none(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")
    page.evaluate(f"window.p = TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})")
    assert broken(page, "p.destroy()") == "NO_ACTIVE_PAYMENT_REQUEST"

    request = {**CARD, "orderId": "order-destroyed"}
    page.evaluate(
        f"window.asked = p.requestPayment({json.dumps(request)}).catch((error) => error.code); null"
    )
    page.frame_locator("#___tosspayments_iframe___").get_by_test_id("pay").wait_for()
    assert broken(page, f"p.requestPayment({json.dumps(request)})") == "INVALID_METHOD_TRANSACTION"
    assert broken(page, "p.destroy()") == {"kept": None}

    assert page.evaluate("asked") == "PAYMENT_REQUEST_ABORTED"
    assert page.locator("#___tosspayments_iframe___").count() == 0


BILLING: dict[str, Any] = {**URLS, "customerName": "김토스", "customerEmail": "kim@example.com"}


@pytest.mark.parametrize(
    "more",
    [
        {"method": "CARD", "selectableCardTypes": ["PERSONAL", "CORPORATE"]},
        {"method": "CARD", "flowMode": "DIRECT", "easyPay": "토스페이"},
        {"method": "CARD", "flowMode": "DIRECT", "cardCompany": "HYUNDAI"},
        {"method": "CARD", "flowMode": "DEFAULT", "windowTarget": "iframe", "easyPay": None},
        {"method": "TRANSFER", "transfer": {"encryptedCustomerCi": "ci"}},
    ],
)
def test_v2_billing_takes_all_that_its_types_name_and_can_be_destroyed(
    page: Page, provider: Provider, more: dict[str, Any]
) -> None:
    load(page, provider, "/v2/standard")
    page.evaluate(f"window.p = TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})")

    asked = f"p.requestBillingAuth({json.dumps(BILLING | more)})"
    page.evaluate(f"window.asked = {asked}.catch((error) => error.code); null")
    page.frame_locator("#___tosspayments_iframe___").get_by_test_id("pay").wait_for()

    assert broken(page, "p.destroy()") == {"kept": None}
    assert page.evaluate("asked") == "PAYMENT_REQUEST_ABORTED"


def test_an_order_that_is_paid_is_refused_by_the_window(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")
    request = {**CARD, "orderId": "order-paid-twice"}
    payment = f"TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})"
    page.evaluate(f"window.asked = {payment}.requestPayment({json.dumps(request)}); null")
    window = page.frame_locator("#___tosspayments_iframe___")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()
    paid = page.evaluate("asked")
    confirm = {"paymentKey": paid["paymentKey"], "orderId": paid["orderId"], "amount": 1000}
    page.request.post(
        f"{provider.url}/v1/payments/confirm",
        data=confirm,
        headers={"Authorization": "Basic dGVzdF9za190b3NzX2R1bW15Og=="},
    )

    assert broken(page, f"{payment}.requestPayment({json.dumps(request)})") == "DUPLICATED_ORDER_ID"


def test_errors_of_a_rendered_window_have_a_name_of_their_own(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")
    payment = f"TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})"

    name = page.evaluate(f"{payment}.destroy().catch((error) => error.name)")

    assert name == "NoActivePaymentRequestError"


def test_a_request_that_was_aborted_has_a_name_of_its_own(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")
    page.evaluate(f"window.p = TossPayments('{API_KEY}').payment({{customerKey: 'customer-1'}})")
    request = {**CARD, "orderId": "order-aborted"}
    page.evaluate(
        f"window.asked = p.requestPayment({json.dumps(request)}).catch((error) => error.name); null"
    )
    page.frame_locator("#___tosspayments_iframe___").get_by_test_id("pay").wait_for()

    page.evaluate("p.destroy()")

    assert page.evaluate("asked") == "PaymentRequestAbortedError"


def test_a_window_that_is_rendered_already_has_a_name_of_its_own(page: Page, provider: Provider) -> None:
    load(page, provider, "/v2/standard")

    name = page.evaluate(
        f"""async () => {{
            const widgets = TossPayments('{WIDGET_KEY}').widgets({{customerKey: 'customer-1'}});
            await widgets.setAmount({json.dumps(AMOUNT)});
            const rendered = await widgets.renderPaymentWindow();
            const again = await widgets.renderPaymentWindow().catch((error) => error.name);
            await rendered.destroy();
            return again;
        }}"""
    )

    assert name == "PaymentWindowAlreadyRendered"
