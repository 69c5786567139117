"""From the menu to the refund, as shoppers go: the pages of the sample kiosk in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from testkit.depth import depth
from tests.browser.accessibility import problems
from tests.browser.conftest import Provider
from tests.browser.kiosk.conftest import Guest

pytestmark = pytest.mark.a_few(2)

Enter = Callable[..., Guest]


def looks_well(guest: Guest) -> None:
    """See that everybody can use the page, and that it is no wider than its screen."""
    # The provider's frames are the provider's: its own tests check them.
    assert (guest.page.url, problems(guest.page, frames=False)) == (guest.page.url, [])
    assert guest.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "on_phone", depth([True, False], [True]), ids=lambda is_phone: "phone" if is_phone else "desktop"
)
def test_the_whole_way_from_the_menu_to_the_refund(enter: Enter, provider: Provider, on_phone: bool) -> None:
    guest = enter(on_phone=on_phone)
    page = guest.page

    guest.choose("C4", "C5", popcorn=2, nachos=1)
    expect(page.get_by_test_id("total")).to_have_text("45,500원")
    looks_well(guest)
    guest.order()
    expect(page.get_by_test_id("total")).to_have_text("45,500원")
    looks_well(guest)
    guest.ask_for_the_window()
    guest.window.get_by_test_id("pay").click()

    guest.arrive("/payments/success.html", "paid")
    expect(page.get_by_test_id("receipt-seats")).to_have_text("C4 · C5")
    expect(page.get_by_test_id("receipt-total")).to_have_text("45,500원")
    looks_well(guest)

    page.get_by_test_id("to-orders").click()
    guest.wait()
    page.get_by_test_id("details").click()
    page.get_by_text("결제사의 결제 정보").click()
    expect(page.get_by_test_id("provider-payment")).to_contain_text('"status": "DONE"')
    looks_well(guest)
    page.get_by_test_id("refund").click()
    looks_well(guest)
    page.get_by_test_id("refund-yes").click()
    expect(page.get_by_test_id("status")).to_have_text("환불됨")

    guest.open()
    expect(page.get_by_test_id("seat-C4")).to_be_enabled()
    assert guest.visit.hosts == {address.split("/")[2] for address in (guest.shop, provider.url)}


def test_an_api_key_opens_the_payment_window(enter: Enter) -> None:
    guest = enter("window")
    guest.choose("A1")
    guest.order()

    guest.press_pay()
    guest.window.get_by_test_id("agree").check()
    guest.window.get_by_test_id("pay").click()

    guest.arrive("/payments/success.html", "paid")


def test_the_kiosk_contract_needs_no_window_and_no_script(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose("A1", cola=1)
    guest.order()
    looks_well(guest)

    guest.press_pay()

    guest.arrive("/payments/success.html", "paid")
    assert guest.visit.hosts == {guest.shop.split("/")[2]}


def test_a_refused_card_is_explained_and_can_be_replaced(enter: Enter) -> None:
    guest = enter()
    guest.choose("B2")
    guest.order()
    guest.ask_for_the_window()

    guest.control("fail", "fail-code", "REJECT_CARD_COMPANY")

    guest.arrive("/payments/fail.html", "failed")
    guest.wait()
    expect(guest.page.get_by_test_id("title")).to_have_text("카드사에서 결제를 거절했어요")
    expect(guest.page.get_by_test_id("code")).to_have_text("REJECT_CARD_COMPANY")
    looks_well(guest)
    guest.page.get_by_test_id("again").click()
    guest.wait()
    guest.ask_for_the_window()
    guest.window.get_by_test_id("pay").click()
    guest.arrive("/payments/success.html", "paid")


def test_a_closed_window_keeps_the_order(enter: Enter) -> None:
    guest = enter(on_phone=True)
    guest.choose(cola=1)
    guest.order()
    guest.ask_for_the_window()

    guest.window.get_by_test_id("close").click()

    guest.arrive("/payments/fail.html", "closed")
    guest.wait()
    expect(guest.page.get_by_test_id("again")).to_be_visible()
    guest.open("/orders.html")
    expect(guest.page.get_by_test_id("status")).to_have_text("결제 전")


def test_a_receipt_that_is_loaded_again_charges_nothing_more(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose(cola=1)
    guest.order()
    guest.press_pay()
    guest.arrive("/payments/success.html", "paid")

    guest.page.reload()

    guest.arrive("/payments/success.html", "paid")
    expect(guest.page.get_by_test_id("receipt-total")).to_have_text("2,500원")


def test_a_double_press_makes_one_order(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose(cola=1)

    guest.page.get_by_test_id("order").dblclick()

    guest.page.wait_for_url("**/pay.html?order=*")
    assert len(guest.page.request.get(f"{guest.shop}/api/v1/orders").json()["orders"]) == 1


def test_the_pages_speak_english_too(enter: Enter) -> None:
    guest = enter("terminal")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("밤하늘의 등대")

    guest.page.get_by_test_id("language").click()

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("The Lighthouse of the Night")
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")
    guest.choose(popcorn=1)
    expect(guest.page.get_by_test_id("order")).to_have_text("Order for ₩6,000")


def test_the_pages_lead_to_the_story_of_their_order(enter: Enter, provider: Provider) -> None:
    guest = enter("window")
    guest.choose("A2")
    guest.order()
    guest.press_pay()
    guest.window.get_by_test_id("agree").check()
    guest.window.get_by_test_id("pay").click()
    guest.arrive("/payments/success.html", "paid")

    for path in ("", "/orders.html"):
        if path:
            guest.open(path)
        story = guest.page.get_by_test_id("story").first.get_attribute("href") or ""
        assert story.startswith(f"{provider.url}/inspector#/-/order/")
    guest.page.goto(story)

    expect(guest.page.get_by_test_id("judgement")).to_contain_text("한 번만 청구됨")
