"""The reference in a real browser: it shows every operation, and each can be tried, with no internet."""

import pytest
from playwright.sync_api import expect

from testkit.depth import depth
from tests.browser.conftest import SECRET_KEY, Provider, Visitor

OPERATIONS = [
    "/v1/payments",
    "/v1/payments/confirm",
    "/v1/payments/{paymentKey}/cancel",
    "/v1/payments/{paymentKey}",
    "/v1/payments/orders/{orderId}",
]


@pytest.mark.parametrize("host", depth(["provider.test", "127.0.0.1"], ["provider.test"]))
def test_every_operation_is_shown_and_no_other_server_asked(
    provider: Provider, visitor: Visitor, host: str
) -> None:
    address = provider.url.replace("127.0.0.1", host)

    visit = visitor.open(f"{address}/docs")

    operations = visit.page.locator(".opblock-tag-section", has_text="kiosk").locator(".opblock")
    expect(operations).to_have_count(len(OPERATIONS))
    shown = operations.locator("[data-path]").evaluate_all("paths => paths.map(path => path.dataset.path)")
    assert shown == OPERATIONS
    for width in (1280, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visit.page.wait_for_load_state("networkidle")
    assert visit.hosts == {address.removeprefix("http://")}


def test_a_reader_tries_an_operation_and_turns_to_another_contract(
    provider: Provider, visitor: Visitor
) -> None:
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

    page.get_by_role("navigation").get_by_role("link", name="toss").click()
    expect(page.get_by_role("heading", name="the toss contract")).to_be_visible()
