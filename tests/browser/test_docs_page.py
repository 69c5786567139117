"""The reference in a real browser: it shows every operation, and each can be tried, with no internet."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SECRET_KEY, Provider, Visitor

OPERATIONS = [
    "/v1/payments",
    "/v1/payments/confirm",
    "/v1/payments/{paymentKey}/cancel",
    "/v1/payments/{paymentKey}",
    "/v1/payments/orders/{orderId}",
]


@pytest.mark.parametrize("width", [390, 1280])
def test_every_operation_is_shown(provider: Provider, visitor: Visitor, width: int) -> None:
    visit = visitor.open(f"{provider.url}/docs", width=width)

    operations = visit.page.locator(".opblock-tag-section", has_text="kiosk").locator(".opblock")
    expect(operations).to_have_count(len(OPERATIONS))
    shown = operations.locator("[data-path]").evaluate_all("paths => paths.map(path => path.dataset.path)")
    assert shown == OPERATIONS
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("host", ["127.0.0.1", "provider.test"])
def test_no_other_server_is_asked(provider: Provider, visitor: Visitor, host: str) -> None:
    address = provider.url.replace("127.0.0.1", host)

    visit = visitor.open(f"{address}/docs")

    expect(visit.page.locator(".opblock").first).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    assert visit.hosts == {address.removeprefix("http://")}


def test_a_reader_turns_to_another_contract(provider: Provider, visitor: Visitor) -> None:
    visit = visitor.open(f"{provider.url}/docs")

    visit.page.get_by_role("navigation").get_by_role("link", name="toss").click()

    expect(visit.page.get_by_role("heading", name="the toss contract")).to_be_visible()


def test_a_reader_tries_an_operation(provider: Provider, visitor: Visitor) -> None:
    visit = visitor.open(f"{provider.url}/docs")
    page = visit.page
    page.get_by_role("button", name="Authorize").click()
    page.locator("input[name=username]").fill(SECRET_KEY)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()

    create = page.locator(".opblock").first
    create.locator(".opblock-summary").click()
    create.locator("textarea").fill('{"paymentKey": "tried", "orderId": "tried_it", "amount": 1000}')
    create.get_by_role("button", name="Execute").click()

    expect(create.locator(".live-responses-table tbody .response-col_status")).to_have_text("200")
    expect(create.locator(".live-responses-table .microlight").first).to_contain_text("INITIATED")
