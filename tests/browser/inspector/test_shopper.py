"""What the shopper's browser did, in the flow, in the story of its order, and among the requests."""

import json

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.checkout.sessions import open_session
from tests.browser.conftest import Provider, Visitor
from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(2)

NAMELESS = json.dumps(
    {"method": "CARD", "amount": {"value": 1000, "currency": "KRW"}, "orderId": "order_1", "orderName": ""}
)


@pytest.fixture
def refused(visitor: Visitor, provider: Provider, toss_merchant: Merchant) -> Merchant:
    """Let a page ask for the payment of an order without a name, which its script refuses."""
    page = visitor.open(f"{provider.url}/health?asks=order_1").page
    page.add_script_tag(url=f"{provider.url}/v2/standard")
    shop = f"TossPayments('{toss_merchant.sandbox.client_key}').payment({{customerKey: 'customer'}})"
    page.evaluate(f"{shop}.requestPayment({NAMELESS}).catch(() => null)")
    toss_merchant.sandbox.journal.wait_for("sdk-refusal", lane="shopper")
    return toss_merchant


@pytest.fixture
def paid(visitor: Visitor, provider: Provider, toss_merchant: Merchant) -> Merchant:
    """Let a shopper pay in the window, and the shop confirm that."""
    session = open_session(provider.url, clientKey=toss_merchant.sandbox.client_key, orderId="order_1")
    window = visitor.open(session).page
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()
    window.wait_for_url("**/health?*paymentKey=*")
    key = toss_merchant.sandbox.payments("order_1")[0]["paymentKey"]
    assert toss_merchant.confirm("order_1", 68000, key) == 200
    return toss_merchant


def rows(page: Page) -> list[str]:
    return [str(row.text_content()) for row in page.get_by_test_id("story-row").all()]


def test_an_order_whose_window_did_not_open_says_why(inspector: Inspector, refused: Merchant) -> None:
    page = inspector.open(refused.sandbox)

    order = page.get_by_test_id("order")
    expect(order).to_contain_text("order_1")
    expect(order).to_contain_text("! the payment window did not open (INVALID_PARAMETERS)")


def test_a_refusal_of_the_script_is_a_row_of_the_story(inspector: Inspector, refused: Merchant) -> None:
    page = inspector.open(refused.sandbox, "order/order_1")
    row = page.get_by_test_id("story-row")
    expect(row).to_contain_text("is refused by the SDK: requestPayment()")

    row.locator("summary").click()
    page.get_by_role("button", name="Show the proof").click()

    expect(row).to_contain_text("INVALID_PARAMETERS")
    expect(row).to_have_attribute("data-lane", "shopper")
    expect(row).to_have_class("trouble-row proves")
    expect(row.get_by_role("button", name="Lose the next answer to this call")).to_be_hidden()


def test_the_story_opens_to_what_the_browser_sent(inspector: Inspector, paid: Merchant) -> None:
    page = inspector.open(paid.sandbox, "order/order_1")
    story = page.get_by_test_id("story-row")
    expect(story).to_have_count(3)
    expect(story.nth(0)).to_contain_text("opens the window → READY")
    expect(story.nth(1)).to_contain_text("pays by CARD → IN_PROGRESS")

    story.nth(0).locator("summary").click()

    expect(story.nth(0)).to_contain_text("POST /checkout/sessions")
    expect(story.nth(0)).to_contain_text('"clientKey": "***"')


def test_the_requests_show_the_browser_among_the_calls(inspector: Inspector, paid: Merchant) -> None:
    page = inspector.open(paid.sandbox, "requests")

    expect(page.get_by_test_id("story-row")).to_have_count(3)
    confirmed, agreed, opened = rows(page)[0], rows(page)[-2], rows(page)[-1]
    assert "POST /v1/payments/confirm" in confirmed
    assert "shopper agrees to pay" in " ".join(agreed.split())
    assert "shopper opens the window" in " ".join(opened.split())
    expect(page.get_by_test_id("story-row").last.get_by_role("checkbox")).to_be_hidden()


def test_a_page_with_a_key_of_nobody_stands_in_the_flow(
    inspector: Inspector, provider: Provider, toss_merchant: Merchant
) -> None:
    body = {"clientKey": "test_ck_zqwrong", "orderId": "order_1", "orderName": "x", "amount": 1000}
    requests.post(f"{provider.url}/checkout/sessions", json=body, timeout=10)

    page = inspector.open(toss_merchant.sandbox)

    # No other test has such a key, of which the page shows no more.
    stray = page.get_by_test_id("stray").filter(has_text="test_ck_zq...").first
    expect(stray).to_contain_text("/checkout/sessions")
    expect(stray.get_by_role("button")).to_be_hidden()


def test_what_a_browser_does_shows_up_by_itself(
    inspector: Inspector, provider: Provider, toss_merchant: Merchant
) -> None:
    page = inspector.open(toss_merchant.sandbox, "requests", language="ko-KR")
    expect(page.get_by_text("이 샌드박스에 들어온 요청이 없습니다.")).to_be_visible()

    open_session(provider.url, clientKey=toss_merchant.sandbox.client_key, orderId="order_1")

    expect(page.get_by_test_id("story-row")).to_contain_text("결제창을 엶")
