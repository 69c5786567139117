"""The window as the server gives it: to whom, and what may be done in it."""

import re

import pytest
from flask import Flask

from payments_mock.api.catalogue import catalogue
from testkit.inside.clock import MovableClock
from testkit.inside.shop import basic
from testkit.races import at_once
from tests.checkout.conftest import Browser


def test_the_window_is_shown_to_who_holds_its_token(browser: Browser) -> None:
    page = browser.client.get(browser.open())

    assert page.status_code == 200
    assert "1-팝콘" in page.text
    assert "68,000" in page.text


def test_the_order_name_is_text_and_nothing_else(browser: Browser) -> None:
    page = browser.client.get(browser.open(orderName='<img src=x onerror="alert(1)">'))

    assert "<img src=x" not in page.text
    assert "&lt;img" in page.text


@pytest.mark.parametrize("token", ["", "?token=", "?token=0" * 2, "?token=é", "?token=%00"])
def test_without_its_token_a_window_is_not_there(browser: Browser, token: str) -> None:
    path = browser.open().partition("?")[0]

    page = browser.client.get(path + token)

    assert page.status_code == 404
    assert "1-팝콘" not in page.text


def test_a_token_opens_its_own_window_alone(browser: Browser) -> None:
    mine, other = browser.open(), browser.open(orderId="order-0002")

    assert browser.client.get(f"{mine.partition('?')[0]}?{other.partition('?')[2]}").status_code == 404
    assert browser.decide(f"{mine.partition('?')[0]}?{other.partition('?')[2]}").status_code == 404


def test_nothing_can_be_pressed_before_the_script_listens(browser: Browser) -> None:
    buttons = re.findall("<button[^>]*>", browser.client.get(browser.open()).text)

    assert len(buttons) > 5
    assert [button for button in buttons if " disabled " not in button] == []


def test_the_window_comes_without_the_codes_that_its_drawer_loads(browser: Browser) -> None:
    page = browser.client.get(browser.open()).text

    assert "INVALID_STOPPED_CARD" not in page


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("ko", ["구매자", "카드사·은행", "결제사", "가맹점"]),
        ("en", ["Shopper", "Card issuer or bank", "Payment provider", "Merchant"]),
    ],
)
def test_a_tester_can_let_a_payment_fail_with_any_code_of_the_catalogue(
    browser: Browser, language: str, labels: list[str]
) -> None:
    answer = browser.client.get(f"/checkout/failure-codes?lang={language}").json
    assert answer is not None

    offered = [entry["code"] for group in answer["groups"] for entry in group["codes"]]

    assert [group["label"] for group in answer["groups"]] == labels
    assert sorted(offered) == sorted(catalogue())


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("REJECT_CARD_PAYMENT", "구매자"),
        ("REJECT_CARD_COMPANY", "카드사·은행"),
        ("UNKNOWN_PAYMENT_ERROR", "결제사"),
        ("INVALID_API_KEY", "가맹점"),
    ],
)
def test_a_code_stands_with_those_whose_fault_it_is(browser: Browser, code: str, fault: str) -> None:
    answer = browser.client.get("/checkout/failure-codes").json
    assert answer is not None

    labels = [
        group["label"] for group in answer["groups"] if code in [entry["code"] for entry in group["codes"]]
    ]

    assert labels == [fault]


def test_shops_may_frame_the_window_and_no_script_but_ours_runs_in_it(browser: Browser) -> None:
    policy = browser.client.get(browser.open()).headers["Content-Security-Policy"]

    assert "frame-ancestors *" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_the_address_with_the_token_is_told_to_nobody(browser: Browser) -> None:
    headers = browser.client.get(browser.open()).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_no_secret_key_is_on_the_page(browser: Browser) -> None:
    assert "test_sk_toss" not in browser.client.get(browser.open()).text


@pytest.mark.parametrize(
    ("accepts", "asks", "pay"),
    [
        ("ko-KR", "", "68,000원 결제하기"),
        ("en-US,en", "", "68,000원 결제하기"),
        ("en-US", "&lang=ko", "68,000원 결제하기"),
        ("ko", "&lang=en", "Pay 68,000 KRW"),
        ("ko", "&lang=xx", "68,000원 결제하기"),
        ("ko", "&lang=ja", "Pay 68,000 KRW"),
    ],
)
def test_the_window_is_in_korean_and_in_english(browser: Browser, accepts: str, asks: str, pay: str) -> None:
    page = browser.client.get(browser.open() + asks, headers={"Accept-Language": accepts})

    assert pay in page.text


def test_the_language_the_shop_wants_comes_before_the_browsers(browser: Browser) -> None:
    page = browser.client.get(browser.open(language="en"), headers={"Accept-Language": "ko"})

    assert "Pay 68,000 KRW" in page.text


def test_a_decision_leads_back_to_the_shop(browser: Browser) -> None:
    outcome = browser.decide(browser.open()).json

    assert outcome is not None
    assert outcome["kind"] == "AUTHENTICATED"
    assert outcome["redirectUrl"].startswith("http://localhost:3000/success?")


def test_a_form_of_another_site_can_not_decide(browser: Browser) -> None:
    path = browser.open().partition("?")[0]

    refused = browser.client.post(f"{path}/decisions", data={"action": "authenticate"})

    assert refused.status_code == 400
    assert browser.payment()["status"] == "READY"


def test_pages_of_other_origins_can_not_read_the_answer(browser: Browser) -> None:
    assert "Access-Control-Allow-Origin" not in browser.decide(browser.open()).headers


def test_a_decision_repeated_tells_the_same(browser: Browser) -> None:
    path = browser.open()

    assert browser.decide(path).json == browser.decide(path).json


def test_of_many_presses_at_once_one_pays_and_all_hear_of_it(browser: Browser) -> None:
    path = browser.open()

    answers = at_once([lambda: browser.decide(path).json for _ in range(8)])

    assert all(answer == answers[0] for answer in answers)
    assert browser.payment()["status"] == "IN_PROGRESS"


def test_a_window_that_failed_stays_so(browser: Browser) -> None:
    path = browser.open()
    failed = browser.decide(path, "fail", code="REJECT_CARD_COMPANY").json

    assert browser.decide(path).json == failed
    assert browser.payment()["status"] == "ABORTED"


def test_closing_changes_nothing_and_the_window_can_be_opened_again(browser: Browser) -> None:
    path = browser.open()

    closed = browser.decide(path, "close").json

    assert closed is not None
    assert closed["code"] == "PAY_PROCESS_CANCELED"
    assert browser.payment()["status"] == "READY"
    assert (browser.decide(path).json or {})["kind"] == "AUTHENTICATED"


def test_after_thirty_minutes_the_window_has_expired(browser: Browser, clock: MovableClock) -> None:
    path = browser.open()
    clock.advance(minutes=30)

    outcome = browser.decide(path).json

    assert outcome is not None
    assert outcome["kind"] == "EXPIRED"
    assert "code=PAY_PROCESS_ABORTED" in outcome["redirectUrl"]
    assert browser.payment()["status"] == "EXPIRED"


def test_an_expired_window_says_so(browser: Browser, clock: MovableClock) -> None:
    path = browser.open()
    clock.advance(minutes=31)

    page = browser.client.get(path)

    assert '"kind":"EXPIRED"' in page.text.replace("&#34;", '"')
    assert 'data-testid="pay"' not in page.text


@pytest.mark.every_case
@pytest.mark.parametrize(
    "decision",
    [
        {"action": "authenticate", "selection": {}},
        {"action": "authenticate", "selection": {"method": "CASH"}},
        {"action": "authenticate", "selection": {"method": "CARD", "issuer": "NOBODY"}},
        {"action": "authenticate", "selection": {"method": "CARD", "installmentMonths": 13}},
        {"action": "authenticate", "selection": {"method": "MOBILE_PHONE", "mobilePhone": "12"}},
        {"action": "authenticate", "decline": "NO_SUCH_CODE"},
        {"action": "fail", "code": "NO_SUCH_CODE"},
        {"action": "steal"},
    ],
)
def test_a_decision_that_can_not_be_is_refused(browser: Browser, decision: dict[str, object]) -> None:
    path = browser.open()

    refused = browser.decide(path, **decision)  # type: ignore[arg-type]

    assert refused.status_code == 400
    assert browser.payment()["status"] == "READY"


def test_a_promise_has_no_address_to_go_to(browser: Browser) -> None:
    outcome = browser.decide(browser.open(successUrl=None, failUrl=None)).json

    assert outcome is not None
    assert outcome["redirectUrl"] is None
    assert outcome["payment"]["orderId"] == "order-0001"


def test_a_payment_begun_with_a_widget_key_is_confirmed_with_its_pair(browser: Browser) -> None:
    outcome = browser.decide(browser.open(clientKey="test_gck_toss")).json
    assert outcome is not None
    confirm = {"paymentKey": outcome["payment"]["paymentKey"], "orderId": "order-0001", "amount": "68000"}

    statuses = [
        browser.client.post(
            "/v1/payments/confirm", json=confirm, headers={"Authorization": basic(f"{key}:")}
        ).status_code
        for key in ("test_sk_toss", "test_gsk_toss")
    ]

    assert statuses == [400, 200]


def test_the_checkout_url_leads_to_the_window(browser: Browser) -> None:
    path = browser.open()

    answer = browser.client.get(f"{path.partition('?')[0].replace('/checkout/', '/v1/payments/')}/checkout")

    assert (answer.status_code, answer.headers["Location"]) == (302, path)


def test_nobody_learns_of_a_payment_that_has_no_window(browser: Browser, app: Flask) -> None:
    body = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}
    headers = {"Authorization": basic("test_sk_kiosk:")}
    assert app.test_client().post("/v1/payments", json=body, headers=headers).status_code == 200

    assert app.test_client().get("/v1/payments/pay_123/checkout").status_code == 404
    for unknown in ("unknown", "%00", "한글", "x" * 300):
        assert app.test_client().get(f"/v1/payments/{unknown}/checkout").status_code == 404
