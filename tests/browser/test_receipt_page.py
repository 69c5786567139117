"""The receipt in a real browser: it reads well on a phone and on a desk, and nothing written in it runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Provider, Visit, Visitor

pytestmark = pytest.mark.a_few(2)

SCRIPT = "<script>alert('run')</script><img src=x onerror=alert('run')>"
WIDTHS = (320, 390, 1280)


def fits(visit: Visit) -> bool:
    """Tell whether the page is no wider than its window, on a phone and on a desk."""
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 900})
        if not visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            return False
    return True


@pytest.mark.parametrize(
    ("language", "title", "total", "stamp"),
    [("ko-KR", "결제 영수증", "15,000 원", "취소됨"), ("en-US", "Receipt", "15,000 KRW", "CANCELED")],
)
def test_a_shopper_reads_the_receipt_and_sees_when_it_is_canceled(
    provider: Provider, visitor: Visitor, language: str, title: str, total: str, stamp: str
) -> None:
    paid = provider.pay(amount=15000)
    visit = visitor.open(paid["receipt"], language)
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_test_id("total")).to_have_text(total)
    expect(page.get_by_test_id("stamp")).to_have_count(0)
    assert fits(visit)

    provider.cancel(paid["key"], "단순 변심")
    page.reload()

    expect(page.get_by_test_id("stamp")).to_have_text(stamp)
    expect(page.get_by_test_id("cancels")).to_contain_text("단순 변심")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_test_id("stamp")).to_be_in_viewport()
    style = "element => getComputedStyle(element).textDecorationLine"
    assert page.get_by_test_id("total").locator("span").evaluate(style) == "line-through"
    assert visit.hosts == {provider.url.removeprefix("http://")}


def test_a_script_in_a_reason_is_read_and_not_run(provider: Provider, visitor: Visitor) -> None:
    paid = provider.pay()
    provider.cancel(paid["key"], SCRIPT)

    visit = visitor.open(paid["receipt"])

    expect(visit.page.get_by_text(SCRIPT)).to_be_visible()
    expect(visit.page.locator("script")).to_have_count(0)
    assert fits(visit)


def test_the_longest_values_fit(provider: Provider, visitor: Visitor) -> None:
    paid = provider.pay(paymentKey="k" * 200, orderId="o" * 64, amount=2**53 - 1)
    provider.cancel(paid["key"], "사" * 200)

    assert fits(visitor.open(paid["receipt"], "en-US"))


def test_the_page_prints_on_one_sheet(provider: Provider, visitor: Visitor) -> None:
    paid = provider.pay()
    provider.cancel(paid["key"], "단순 변심")
    visit = visitor.open(paid["receipt"])

    printed = visit.page.pdf(format="A5")

    assert printed.count(b"/Type /Page\n") == 1
