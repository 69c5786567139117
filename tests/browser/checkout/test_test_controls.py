"""The tester's own controls: six chips and their keys, and a drawer that lies over the window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checkout.conftest import Enter, OpenPage
from tests.browser.checkout.sessions import open_session
from tests.browser.checkout.shopper import Shopper
from tests.browser.conftest import Provider

pytestmark = pytest.mark.a_few(3)

REFUSED_AT_CONFIRM = {"2": "REJECT_CARD_PAYMENT", "3": "INVALID_CARD_LOST_OR_STOLEN"}


def focus_on_pay(shopper: Shopper) -> None:
    """Wait until the window takes a press: its keys work from then on."""
    pay = shopper.window.get_by_test_id("pay")
    expect(pay).to_be_enabled()
    pay.focus()


def open_drawer(page: Page) -> None:
    page.get_by_test_id("test-controls").locator("> summary").click()


def test_the_key_of_success_pays(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()
    focus_on_pay(shopper)

    shopper.page.keyboard.press("1")

    assert shopper.confirm(shopper.arrival("/success")).json()["status"] == "DONE"


@pytest.mark.parametrize("key", REFUSED_AT_CONFIRM)
def test_a_key_lets_the_confirm_be_refused(enter: Enter, key: str) -> None:
    shopper = enter("v2-payment")
    shopper.ask()
    focus_on_pay(shopper)

    shopper.page.keyboard.press(key)

    refused = shopper.confirm(shopper.arrival("/success"))
    assert refused.json()["code"] == REFUSED_AT_CONFIRM[key]


@pytest.mark.parametrize(
    ("chip", "code"),
    [
        ("refused", "REJECT_CARD_COMPANY"),
        ("close", "PAY_PROCESS_CANCELED"),
        ("expire", "PAY_PROCESS_ABORTED"),
    ],
)
def test_a_chip_ends_the_payment_in_the_window(enter: Enter, chip: str, code: str) -> None:
    shopper = enter("v2-payment")
    shopper.ask()

    shopper.window.get_by_test_id(f"quick-{chip}").click()

    assert shopper.arrival("/fail")["code"] == code


def test_a_number_that_is_typed_into_a_field_presses_nothing(open_page: OpenPage, provider: Provider) -> None:
    window = open_page(open_session(provider.url, method="MOBILE_PHONE")).page
    window.get_by_test_id("pay").wait_for()
    window.get_by_test_id("phone").fill("")

    window.get_by_test_id("phone").press_sequentially("0101234")

    expect(window.get_by_test_id("phone")).to_have_value("0101234")
    expect(window.get_by_test_id("busy")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844), (640, 360)])
def test_the_chips_are_always_in_sight(
    open_page: OpenPage, provider: Provider, width: int, height: int
) -> None:
    page = open_page(open_session(provider.url)).page
    page.set_viewport_size({"width": width, "height": height})

    for chip in ("success", "limit", "lost", "refused", "close", "expire"):
        expect(page.get_by_test_id(f"quick-{chip}")).to_be_in_viewport(ratio=1)


def test_codes_are_found_by_typing_a_part_of_their_message(open_page: OpenPage, provider: Provider) -> None:
    page = open_page(open_session(provider.url)).page
    open_drawer(page)
    expect(page.get_by_test_id("code-count")).to_have_text("133개")

    page.get_by_test_id("code-search").press_sequentially("도난")

    options = page.get_by_test_id("fail-code").locator("option")
    expect(options).to_have_count(1)
    expect(page.get_by_test_id("fail-code").locator("optgroup")).to_have_attribute("label", "구매자")
    page.get_by_test_id("test-fail").click()
    page.wait_for_url(f"{provider.url}/health?*")
    assert "code=INVALID_CARD_LOST_OR_STOLEN" in page.url


def test_a_search_without_a_match_leaves_nothing_to_press(open_page: OpenPage, provider: Provider) -> None:
    page = open_page(open_session(provider.url)).page
    open_drawer(page)
    expect(page.get_by_test_id("code-count")).to_have_text("133개")

    page.get_by_test_id("code-search").fill("no such code")

    expect(page.get_by_test_id("code-count")).to_have_text("맞는 코드가 없어요.")
    expect(page.get_by_test_id("test-fail")).to_be_disabled()


def test_escape_closes_the_drawer_first_and_then_the_window(enter: Enter) -> None:
    shopper = enter("v2-payment", mode="promise")
    shopper.ask()
    drawer = shopper.window.get_by_test_id("test-controls")
    drawer.locator("> summary").click()
    expect(shopper.window.get_by_test_id("delay")).to_be_visible()

    shopper.page.keyboard.press("Escape")

    expect(drawer).not_to_have_attribute("open", "")
    expect(drawer.locator("> summary")).to_be_focused()
    shopper.page.keyboard.press("Escape")
    assert shopper.result()["rejected"] == "USER_CANCEL"


def test_nothing_under_the_open_drawer_can_be_focused(open_page: OpenPage, provider: Provider) -> None:
    page = open_page(open_session(provider.url)).page
    open_drawer(page)
    expect(page.get_by_test_id("code-count")).to_have_text("133개")

    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main')") is None
