"""A press on Pay counts from the moment that the button can be pressed, however slow the machine is."""

from typing import Any

from playwright.sync_api import Browser

from testkit.depth import depth
from tests.browser.checkout.sessions import open_session
from tests.browser.conftest import Provider

SLOWER = 6
WINDOWS = depth(60, 3)

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


def test_every_window_leaves_that_is_pressed_at_once(browser: Browser, provider: Provider) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    told: list[tuple[Any, ...]] = []
    page.expose_function("pressable", lambda *place: told.append(place))
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    shown = []

    for _ in range(WINDOWS):
        told.clear()
        page.goto(open_session(provider.url), wait_until="commit")
        while not told:
            page.wait_for_timeout(2)
        x, y, paints = told[0]
        shown.append(paints > 0)
        page.mouse.click(x, y)
        page.wait_for_url(f"{provider.url}/health?*", wait_until="commit", timeout=30_000)

    context.close()
    assert all(shown), "a button could be pressed before the browser had shown it"
