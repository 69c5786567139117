"""What a checker for accessibility and the browser itself say of the pages that shoppers see."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from testkit.depth import depth, waits_for_ci
from tests.browser.accessibility import problems
from tests.browser.checkout.conftest import OpenPage
from tests.browser.checkout.sessions import open_billing_session, open_session
from tests.browser.checkout.shopper import run_control
from tests.browser.conftest import Provider

pytestmark = waits_for_ci

METHODS = ("CARD", "EASY_PAY", "TRANSFER", "VIRTUAL_ACCOUNT", "MOBILE_PHONE", "CULTURE_GIFT_CERTIFICATE")


def pick(method: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_test_id(f"method-{method}").check()


def open_drawer(page: Page) -> None:
    page.get_by_test_id("test-controls").locator("> summary").click()


def unfold_all(page: Page) -> None:
    for summary in page.locator("form summary:visible").all():
        summary.click()


def press_pay(page: Page) -> None:
    page.get_by_test_id("pay").click()


STATES: dict[str, Callable[[Page], None]] = {
    **{method: pick(method) for method in METHODS},
    "unfolded": unfold_all,
    "refused": press_pay,
    "drawer": open_drawer,
}


@pytest.mark.parametrize(
    "on_phone", depth([True, False], [True]), ids=lambda is_phone: "phone" if is_phone else "desktop"
)
def test_the_window_can_be_used_by_everybody(open_page: OpenPage, provider: Provider, on_phone: bool) -> None:
    visit = open_page(open_session(provider.url), "en-US" if on_phone else "ko-KR", on_phone=on_phone)

    for state, bring_about in STATES.items():
        bring_about(visit.page)
        assert (state, problems(visit.page)) == (state, [])

    assert visit.hosts == {provider.url.split("/")[2]}


@pytest.mark.parametrize("method", ["CARD", "TRANSFER"])
def test_the_billing_window_can_be_used_by_everybody(
    open_page: OpenPage, provider: Provider, method: str
) -> None:
    visit = open_page(open_billing_session(provider.url, method=method))

    assert problems(visit.page) == []


@pytest.mark.parametrize("kind", ["methods", "agreement", "window"])
def test_widgets_can_be_used_by_everybody(open_page: OpenPage, provider: Provider, kind: str) -> None:
    page = open_page(
        f"{provider.url}/checkout/widgets/{kind}?clientKey=test_gck_toss_dummy&amount=68000"
    ).page
    assert problems(page) == []

    page.set_viewport_size({"width": 390, "height": 844})

    assert problems(page) == []


def test_the_end_of_a_window_can_be_read_by_everybody(open_page: OpenPage, provider: Provider) -> None:
    visit = open_page(open_session(provider.url, successUrl=None, failUrl=None))
    run_control(visit.page, "expire")

    visit.page.get_by_test_id("done").wait_for()

    assert problems(visit.page) == []


def test_a_wrong_address_can_be_read_by_everybody(open_page: OpenPage, provider: Provider) -> None:
    address = f"{provider.url}/checkout/nothing-here"
    page = open_page(f"{provider.url}/health").page
    statuses: list[int] = []

    def answer(route: Route) -> None:
        # Its status alone makes a browser complain, whatever the page is like: so the page comes without.
        found = route.fetch()
        statuses.append(found.status)
        route.fulfill(response=found, status=200)

    page.route(address, answer, times=1)
    page.goto(address)

    assert problems(page) == []
    assert statuses == [404]


def test_no_page_is_wider_than_the_screen(open_page: OpenPage, provider: Provider) -> None:
    page = open_page(open_session(provider.url)).page

    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), [(320, 256), (640, 360), (320, 640)])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_window_can_be_used_where_the_screen_is_small_or_magnified(
    open_page: OpenPage, provider: Provider, width: int, height: int, language: str
) -> None:
    page = open_page(f"{open_session(provider.url)}&lang={language}").page
    page.set_viewport_size({"width": width, "height": height})
    assert problems(page) == []

    page.get_by_test_id("method-EASY_PAY").check()
    page.get_by_test_id("easyPay-KAKAOPAY").check()
    page.get_by_test_id("agree").check()
    page.get_by_test_id("pay").click()

    page.wait_for_url(f"{provider.url}/health?*")


def test_what_is_chosen_is_seen_in_forced_colours(open_page: OpenPage, provider: Provider) -> None:
    page = open_page(open_session(provider.url)).page
    page.emulate_media(forced_colors="active")
    outline = "box => getComputedStyle(box.nextElementSibling).outlineStyle"

    chosen = page.get_by_test_id("method-CARD").evaluate(outline)
    other = page.get_by_test_id("method-TRANSFER").evaluate(outline)
    tick = page.get_by_test_id("agree").locator("+ .box .icon")
    expect(tick).to_be_hidden()
    page.get_by_test_id("agree").check()
    expect(tick).to_be_visible()
    page.emulate_media(forced_colors="none")

    assert (chosen, other) == ("solid", "none")


def test_a_korean_page_has_no_english_but_the_name_of_the_language(
    open_page: OpenPage, provider: Provider
) -> None:
    page = open_page(open_session(provider.url)).page
    text = page.locator(".shell").inner_text().replace("English", "")
    ours = (
        text.replace("toss", "").replace("SSG", "").replace(page.get_by_test_id("order-id").inner_text(), "")
    )

    assert re.findall("[A-Za-z]{2,}", ours) == []
