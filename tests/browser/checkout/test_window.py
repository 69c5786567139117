"""The window itself: how it is used, what it keeps a shopper from, and where it leads."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.checkout.conftest import Enter, OpenPage
from tests.browser.checkout.sessions import open_session
from tests.browser.checkout.shopper import new_order, run_control
from tests.browser.conftest import Provider

pytestmark = pytest.mark.a_few(3)


def test_pressing_pay_twice_makes_one_payment(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()
    shopper.window.get_by_test_id("agree").check()
    decisions: list[str] = []
    shopper.page.on(
        "request", lambda request: decisions.append(request.url) if "decisions" in request.url else None
    )

    shopper.window.get_by_test_id("pay").dblclick()

    assert shopper.confirm(shopper.arrival("/success")).json()["status"] == "DONE"
    assert len(decisions) == 1


def test_the_query_of_the_success_url_survives(enter: Enter) -> None:
    shopper = enter("v2-payment", success="/success?billingMethod=CARD&")

    shopper.pay()

    query = shopper.arrival("/success")
    assert (query["billingMethod"], query["orderId"]) == ("CARD", shopper.order)
    assert "&&" not in shopper.page.url


def test_nothing_is_paid_before_the_terms_are_agreed_to(open_page: OpenPage, provider: Provider) -> None:
    order = new_order()
    window = open_page(open_session(provider.url, orderId=order)).page

    window.get_by_test_id("pay").click()

    expect(window.get_by_test_id("problem")).to_have_text("필수 약관에 동의해주세요.")
    expect(window.get_by_test_id("agree")).to_be_focused()
    auth = ("test_sk_toss_dummy", "")
    payment = requests.get(f"{provider.url}/v1/payments/orders/{order}", auth=auth, timeout=10)
    assert payment.json()["status"] == "READY"


def test_the_keyboard_alone_pays(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.page.locator("#pay").focus()
    shopper.page.keyboard.press("Enter")
    shopper.window.get_by_test_id("pay").wait_for()
    expect(shopper.page.locator("#___tosspayments_iframe___")).to_be_focused()

    for _ in range(40):
        shopper.page.keyboard.press("Tab")
        if shopper.window.get_by_test_id("agree").evaluate("box => box === document.activeElement"):
            break
    shopper.page.keyboard.press("Space")
    shopper.page.keyboard.press("Enter")

    assert shopper.arrival("/success")["orderId"] == shopper.order


def test_escape_closes_the_window(enter: Enter) -> None:
    shopper = enter("v2-payment", mode="promise")
    shopper.ask()
    shopper.window.get_by_test_id("pay").wait_for()
    shopper.window.get_by_test_id("pay").focus()

    shopper.page.keyboard.press("Escape")

    assert shopper.result()["rejected"] == "USER_CANCEL"
    expect(shopper.page.locator("#pay")).to_be_focused()


def test_the_window_is_korean_whatever_the_browser_speaks_and_can_be_switched(enter: Enter) -> None:
    shopper = enter("v2-payment", "en-US")
    shopper.ask()
    window = shopper.window
    expect(window.get_by_test_id("pay")).to_have_text("68,000원 결제하기")

    window.get_by_test_id("language-en").click()

    expect(window.get_by_test_id("pay")).to_have_text("Pay 68,000 KRW")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()
    assert shopper.arrival("/success")["orderId"] == shopper.order


@pytest.mark.parametrize("asked", ["EN", "JA", "ZH"])
def test_the_shop_may_ask_for_a_window_that_is_not_korean(enter: Enter, asked: str) -> None:
    shopper = enter("v2-payment", more=f'{{"card": {{"language": "{asked}"}}}}')

    shopper.ask()

    expect(shopper.window.get_by_test_id("pay")).to_have_text("Pay 68,000 KRW")


def test_a_full_page_window_can_be_asked_for_on_a_desktop(enter: Enter) -> None:
    shopper = enter("v2-payment", target="self")
    shopper.ask()

    shopper.page.wait_for_url("**/checkout/**")
    shopper.page.get_by_test_id("agree").check()
    shopper.page.get_by_test_id("pay").click()

    assert shopper.arrival("/success")["orderId"] == shopper.order


def test_a_shop_inside_a_frame_leaves_the_top_page(open_page: OpenPage, shop: str) -> None:
    page = open_page(f"{shop}/framed").page
    inside = page.frame_locator("#shop")
    inside.locator("#pay").click()

    window = inside.frame_locator("#___tosspayments_iframe___")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    page.wait_for_url(f"{shop}/success?*")
    assert "orderId=order-framed" in page.url


def wait_checkout(provider: Provider, order: str) -> dict[str, str]:
    body = {
        "clientKey": "test_ck_toss_dummy",
        "orderId": order,
        "orderName": "팝콘",
        "amount": 15000,
        "method": "CARD",
        "outcome": {"result": "wait"},
        "successUrl": f"{provider.url}/health",
        "failUrl": f"{provider.url}/health",
    }
    answer: dict[str, str] = requests.post(f"{provider.url}/control/checkouts", json=body, timeout=10).json()
    return answer


def test_the_checkout_url_of_a_payment_leads_to_its_window(provider: Provider, open_page: OpenPage) -> None:
    key = wait_checkout(provider, "checkout-url-1")["paymentKey"]
    auth = ("test_sk_toss_dummy", "")
    payment = requests.get(f"{provider.url}/v1/payments/{key}", auth=auth, timeout=10).json()

    page = open_page(payment["checkout"]["url"]).page
    page.get_by_test_id("agree").check()
    page.get_by_test_id("pay").click()

    page.wait_for_url(f"{provider.url}/health?*")
    assert f"paymentKey={key}" in page.url


def test_a_window_that_is_over_leads_back_to_the_shop(provider: Provider, open_page: OpenPage) -> None:
    key = wait_checkout(provider, "checkout-url-2")["paymentKey"]
    address = f"{provider.url}/v1/payments/{key}/checkout"
    first = open_page(address).page
    first.get_by_test_id("agree").check()
    first.get_by_test_id("pay").click()
    first.wait_for_url(f"{provider.url}/health?*")

    again = open_page(address).page
    expect(again.get_by_test_id("done")).to_be_visible()
    expect(again.get_by_test_id("pay")).to_have_count(0)
    again.get_by_test_id("back").click()

    again.wait_for_url(first.url)


def test_the_switch_for_failures_makes_pay_fail(enter: Enter) -> None:
    shopper = enter("v2-payment", more='{"sandbox": {"paymentResult": "FAIL"}}')

    shopper.pay()

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_ABORTED"


def test_a_slow_answer_keeps_the_shopper_waiting(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()

    run_control(shopper.window, "authenticate", delay="3")

    shopper.window.get_by_test_id("busy").wait_for()
    assert "/success" not in shopper.page.url
    assert shopper.arrival("/success")["orderId"] == shopper.order
