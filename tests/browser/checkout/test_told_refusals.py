"""What the scripts refuse by themselves, and windows that they close, reach the server for testers to see."""

import json
from typing import Any

import pytest
import requests
from playwright.sync_api import Page

from payments_mock.testing import RemoteServer
from payments_mock.testing.sandbox import Sandbox
from tests.browser.checkout.scripts import ORDER, broken, load, thrown
from tests.browser.conftest import Provider

NAMELESS = json.dumps({**ORDER, "orderId": "order-nameless", "orderName": "", "amount": 1000})
PAYMENT: dict[str, Any] = {"method": "CARD", "amount": {"value": 1000, "currency": "KRW"}, **ORDER}
ANYBODY = "{customerKey: '@@ANONYMOUS'}"


@pytest.fixture
def sandbox(provider: Provider) -> Sandbox:
    return RemoteServer(provider.url).sandbox("toss")


def told(sandbox: Sandbox, operation: str = "sdk-refusal") -> tuple[str, str, str | None]:
    [act] = sandbox.journal.wait_for(operation, lane="shopper")
    return act["path"], act["code"], act["orderId"]


@pytest.mark.parametrize(
    ("script", "asked", "expected"),
    [
        ("/v2/standard", f"T.payment({ANYBODY}).requestPayment({NAMELESS})", "INVALID_PARAMETERS"),
        ("/v1/payment", f"T.requestPayment('카드', {NAMELESS})", "INVALID_ORDER_NAME"),
    ],
)
def test_an_order_that_the_script_refuses_is_told(
    page: Page, provider: Provider, sandbox: Sandbox, script: str, asked: str, expected: str
) -> None:
    load(page, provider, script)

    assert broken(page, asked.replace("T.", f"TossPayments('{sandbox.client_key}').")) == expected

    assert told(sandbox) == ("requestPayment", expected, "order-nameless")


@pytest.mark.parametrize(
    ("script", "asked", "call", "code"),
    [
        ("/v2/standard", "T.widgets({customerKey: 'me'})", "widgets", "NOT_SUPPORTED_API_INDIVIDUAL_KEY"),
        ("/v2/standard", "T.payment({customerKey: 'a'})", "payment", "INVALID_CUSTOMER_KEY"),
        ("/v2/standard", "T.cancelPayment()", "cancelPayment", "V1_METHOD_NOT_SUPPORTED"),
        ("/v1/payment-widget", "W.renderAgreement('#none')", "renderAgreement", "INVALID_SELECTOR"),
    ],
)
def test_what_a_script_throws_is_told(
    page: Page, provider: Provider, sandbox: Sandbox, script: str, asked: str, call: str, code: str
) -> None:
    load(page, provider, script)
    made = {
        "T.": f"TossPayments('{sandbox.client_key}').",
        "W.": f"PaymentWidget('{sandbox.widget_client_key}', 'me').",
    }
    for short, whole in made.items():
        asked = asked.replace(short, whole)

    assert thrown(page, asked) == code

    assert told(sandbox) == (call, code, None)


@pytest.mark.parametrize("key", ["test_sk_nobodyhasthisone", "test_ck_nobodyhasthisone"])
def test_a_page_with_a_wrong_key_is_told_as_nobodys(page: Page, provider: Provider, key: str) -> None:
    load(page, provider, "/v2/standard")
    asked = f"TossPayments('{key}').payment({ANYBODY}).requestPayment({json.dumps(PAYMENT)})"

    assert "INVALID_CLIENT_KEY" in str(broken(page, asked))

    page.wait_for_load_state("networkidle")
    strays = requests.get(f"{provider.url}/control/stray-calls", timeout=10).json()["strayCalls"]
    of_this_key = [stray["code"] for stray in strays if stray["key"] == f"{key[:10]}..."]
    assert of_this_key[:1] == ["INVALID_CLIENT_KEY"]


def test_a_window_that_is_closed_while_it_opens_is_told(
    page: Page, provider: Provider, sandbox: Sandbox
) -> None:
    load(page, provider, "/v2/standard")
    page.route("**/checkout/*?token=*", lambda route: None)
    payment = f"TossPayments('{sandbox.client_key}').payment({ANYBODY})"
    page.evaluate(f"{payment}.requestPayment({json.dumps(PAYMENT)}).catch(() => {{}}); null")

    page.get_by_test_id("opening-close").click()

    assert told(sandbox, "close") == ("requestPayment", "USER_CANCEL", "order-1")
    page.unroute_all(behavior="ignoreErrors")


def test_a_window_that_is_closed_by_its_cross_is_told_once(
    page: Page, provider: Provider, sandbox: Sandbox
) -> None:
    load(page, provider, "/v2/standard")
    payment = f"TossPayments('{sandbox.client_key}').payment({ANYBODY})"
    page.evaluate(f"window.end = {payment}.requestPayment({json.dumps(PAYMENT)}).catch((e) => e.code); null")

    page.frame_locator("#___tosspayments_iframe___").locator("[data-action=close]").click()

    assert page.evaluate("window.end") == "USER_CANCEL"
    page.wait_for_load_state("networkidle")
    assert [act["operation"] for act in sandbox.journal.acts()] == ["open-window", "close"]
