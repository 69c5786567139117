"""A press on Pay counts from the moment that the button can be pressed, however slow the machine is.

`make presses` presses in 300 windows of each kind.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from testkit.depth import depth
from tests.browser.checkout.sessions import open_session
from tests.browser.checkout.shopper import new_order, shop_address
from tests.browser.checkout.site import running_shop
from tests.browser.conftest import Provider

pytestmark = pytest.mark.a_few(1)

SLOWER = 6
WINDOWS = int(os.environ.get("PRESSES", depth(60, 1)))
FRAMED_WINDOWS = int(os.environ.get("PRESSES", depth(40, 1)))

# Tell where the button is as soon as it can be pressed, and whether the browser has shown the page by then.
WATCH = """addEventListener('DOMContentLoaded', () => {
  const button = document.querySelector('[data-testid="pay"]');
  if (!button) return;
  new MutationObserver((changes, observer) => {
    if (button.disabled) return;
    observer.disconnect();
    document.querySelector('[name="agree"]').checked = true;
    const place = button.getBoundingClientRect();
    const paints = performance.getEntriesByType('paint').length;
    pressable(place.x + place.width / 2, place.y + place.height / 2, paints);
  }).observe(button, { attributes: true });
});"""

# Tell where the window is as soon as nothing covers it any more.
WATCH_THE_SHOP = """addEventListener('DOMContentLoaded', () => {
  if (window.parent !== window) return;
  const opening = '[data-testid="opening"]';
  let wasCovered = false;
  new MutationObserver(() => {
    const isCovered = document.querySelector(opening) !== null;
    const frame = document.querySelector('#___tosspayments_iframe___');
    if (wasCovered && !isCovered && frame) {
      const place = frame.getBoundingClientRect();
      uncovered(place.x, place.y);
    }
    wasCovered = isCovered;
  }).observe(document.body, { childList: true, subtree: true });
});"""


@pytest.fixture
def slow_page(browser: Browser) -> Iterator[Page]:
    """Lend a page in a browser that is as slow as an old phone."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()


def watch(page: Page, script: str, name: str) -> list[tuple[Any, ...]]:
    """Keep what `script` tells by the function `name`, on every page that comes."""
    told: list[tuple[Any, ...]] = []
    page.expose_function(name, lambda *place: told.append(place))
    page.add_init_script(script)
    return told


def wait_for(page: Page, told: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    while not told:
        page.wait_for_timeout(2)
    return told[0]


def test_every_window_leaves_that_is_pressed_at_once(slow_page: Page, provider: Provider) -> None:
    told = watch(slow_page, WATCH, "pressable")
    shown = []

    for _ in range(WINDOWS):
        told.clear()
        slow_page.goto(open_session(provider.url), wait_until="commit")
        x, y, paints = wait_for(slow_page, told)
        shown.append(paints > 0)
        slow_page.mouse.click(x, y)
        slow_page.wait_for_url(f"{provider.url}/health?*", wait_until="commit", timeout=30_000)

    assert all(shown), "a button could be pressed before the browser had shown it"


def test_every_window_over_a_shops_page_leaves_that_is_pressed_at_once(
    slow_page: Page, provider: Provider
) -> None:
    told = watch(slow_page, WATCH, "pressable")
    uncovered = watch(slow_page, WATCH_THE_SHOP, "uncovered")

    # On one host, shop and window share a process, which is as slow for both.
    with running_shop(provider.url.replace("127.0.0.1", "localhost")) as shop:
        for _ in range(FRAMED_WINDOWS):
            told.clear()
            uncovered.clear()
            slow_page.goto(shop_address(shop, "v2-payment", new_order()))
            slow_page.locator("#pay").click()
            left, top = wait_for(slow_page, uncovered)
            x, y, _ = wait_for(slow_page, told)
            slow_page.mouse.click(left + x, top + y)
            slow_page.wait_for_url(f"{shop}/success?*", wait_until="commit", timeout=30_000)
        slow_page.goto("about:blank")
