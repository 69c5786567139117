"""From the press of the shop's button until the window is open: what the shopper sees, and the ways out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.checkout.conftest import Enter
from tests.browser.checkout.shopper import Shopper

pytestmark = pytest.mark.a_few(2)

NEVER: Callable[[Route], None] = lambda route: None  # noqa: E731


@pytest.fixture
def waiting(enter: Enter) -> Shopper:
    """Lend a shopper who has asked for a window that does not come."""
    shopper = enter("v2-payment", mode="promise")
    shopper.page.route("**/checkout/sessions", NEVER, times=1)
    shopper.ask()
    return shopper


def test_something_is_seen_the_moment_the_window_opens(waiting: Shopper) -> None:
    opening = waiting.page.get_by_test_id("opening")

    expect(opening.get_by_role("status")).to_have_text("결제창을 열고 있어요")
    assert opening.locator("span").evaluate("spinner => spinner.getAnimations().length") == 1


@pytest.mark.parametrize("way", ["cross", "escape"])
def test_a_window_that_has_not_come_can_be_closed(waiting: Shopper, way: str) -> None:
    if way == "cross":
        waiting.page.get_by_test_id("opening-close").click()
    else:
        waiting.page.keyboard.press("Escape")

    assert waiting.result()["rejected"] == "USER_CANCEL"
    expect(waiting.page.locator("dialog")).to_have_count(0)
    expect(waiting.page.locator("#pay")).to_be_focused()


@pytest.mark.parametrize(("flavor", "code"), [("v2-payment", "UNKNOWN"), ("v1-payment", "NETWORK_ERROR")])
def test_the_promise_ends_where_the_frame_never_comes(enter: Enter, flavor: str, code: str) -> None:
    shopper = enter(flavor, mode="promise")
    shopper.page.clock.install()
    shopper.page.route("**/checkout/*?token=*", NEVER, times=1)
    shopper.ask()
    shopper.page.locator("#___tosspayments_iframe___").wait_for(state="attached")

    shopper.page.clock.fast_forward(31_000)

    assert shopper.result()["rejected"] == code
    expect(shopper.page.locator("dialog")).to_have_count(0)


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return found


def test_the_shops_page_can_not_be_reached_behind_the_window(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()
    shopper.window.get_by_test_id("pay").wait_for()

    seen = set()
    for _ in range(30):
        shopper.page.keyboard.press("Tab")
        seen.add(focused(shopper.page))

    assert "pay" not in seen
    assert shopper.page.locator("dialog").evaluate("dialog => dialog.matches(':modal')")


def test_the_window_tells_when_it_has_come(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()

    shopper.window.get_by_test_id("pay").click(trial=True)

    expect(shopper.page.get_by_test_id("opening")).to_have_count(0)
