"""The receipt in a real browser: it reads well on a phone and on a desk, and nothing written in it runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Provider, Visit, Visitor

SCRIPT = "<script>alert('run')</script><img src=x onerror=alert('run')>"
PHONE, DESKTOP = 390, 1280


def fits(visit: Visit) -> bool:
    """Tell whether the page is no wider than its window."""
    return bool(visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(
    ("language", "title", "total"),
    [("ko-KR", "결제 영수증", "15,000 원"), ("en-US", "Receipt", "15,000 KRW")],
)
def test_a_shopper_reads_the_receipt(
    provider: Provider, visitor: Visitor, language: str, title: str, total: str, width: int
) -> None:
    visit = visitor.open(provider.pay(amount=15000)["receipt"], language, width)

    expect(visit.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(visit.page.get_by_test_id("total")).to_have_text(total)
    expect(visit.page.get_by_test_id("stamp")).to_have_count(0)
    assert fits(visit)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(("language", "stamp"), [("ko-KR", "취소됨"), ("en-US", "CANCELED")])
def test_a_canceled_payment_is_stamped(
    provider: Provider, visitor: Visitor, language: str, stamp: str, width: int
) -> None:
    paid = provider.pay()
    visit = visitor.open(paid["receipt"], language, width)
    expect(visit.page.get_by_test_id("stamp")).to_have_count(0)

    provider.cancel(paid["key"], "단순 변심")
    visit.page.reload()

    expect(visit.page.get_by_test_id("stamp")).to_have_text(stamp)
    expect(visit.page.get_by_test_id("stamp")).to_be_in_viewport()
    expect(visit.page.get_by_test_id("cancels")).to_contain_text("단순 변심")


def test_the_amount_of_a_canceled_payment_is_struck_out(provider: Provider, visitor: Visitor) -> None:
    paid = provider.pay()
    provider.cancel(paid["key"], "단순 변심")

    visit = visitor.open(paid["receipt"])

    style = "element => getComputedStyle(element).textDecorationLine"
    assert visit.page.get_by_test_id("total").locator("span").evaluate(style) == "line-through"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_script_in_a_reason_is_read_and_not_run(provider: Provider, visitor: Visitor, width: int) -> None:
    paid = provider.pay()
    provider.cancel(paid["key"], SCRIPT)

    visit = visitor.open(paid["receipt"], width=width)

    expect(visit.page.get_by_text(SCRIPT)).to_be_visible()
    expect(visit.page.locator("script")).to_have_count(0)


@pytest.mark.parametrize("width", [320, PHONE, DESKTOP])
def test_the_longest_values_fit(provider: Provider, visitor: Visitor, width: int) -> None:
    paid = provider.pay(
        paymentKey=f"{width}-".ljust(200, "k"), orderId=f"{width}-".ljust(64, "o"), amount=2**53 - 1
    )
    provider.cancel(paid["key"], "사" * 200)

    visit = visitor.open(paid["receipt"], "en-US", width)

    assert fits(visit)


def test_the_page_asks_nobody_but_its_own_server(provider: Provider, visitor: Visitor) -> None:
    visit = visitor.open(provider.pay()["receipt"])

    assert visit.hosts == {provider.url.removeprefix("http://")}


def test_the_page_prints_on_one_sheet(provider: Provider, visitor: Visitor) -> None:
    paid = provider.pay()
    provider.cancel(paid["key"], "단순 변심")
    visit = visitor.open(paid["receipt"])

    printed = visit.page.pdf(format="A5")

    assert printed.count(b"/Type /Page\n") == 1
