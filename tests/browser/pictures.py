"""The pictures of docs/images: `python -m tests.browser.pictures` takes them anew, or those that it is given.

Look at each one before it is committed.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from testkit.processes import running_server
from tests.browser.checkout.conftest import DESKTOP, PHONE
from tests.browser.checkout.sessions import open_billing_session, open_session
from tests.browser.checkout.shopper import Shopper, new_order, run_control, shop_address
from tests.browser.checkout.site import running_shop as running_page
from tests.browser.conftest import CHROMIUM, FLAGS, Profiles, Provider, Visit
from tests.browser.kiosk.conftest import Guest, running_shop

FOLDER = Path(__file__).parents[2] / "docs" / "images"
SHARP_PHONE: dict[str, Any] = {**PHONE, "device_scale_factor": 2}
BIG_WINDOW: dict[str, Any] = {"viewport": {"width": 940, "height": 768}}


class Studio:
    """Opens pages as people see them, and takes their pictures."""

    def __init__(self, profiles: Profiles, provider: Provider, page: str, open_ones: ExitStack) -> None:
        self._profiles = profiles
        self.provider = provider
        self._page = page
        self._open_ones = open_ones

    def open(self, url: str, language: str = "ko-KR", screen: dict[str, Any] = DESKTOP) -> Visit:
        self._profiles.tidy()
        return self._profiles.open(url, locale=language, **screen)

    def window(self, language: str = "ko", screen: dict[str, Any] = PHONE) -> Page:
        return self.open(f"{open_session(self.provider.url)}&lang={language}", screen=screen).page

    def shopper(self, flavor: str) -> Shopper:
        order = new_order()
        visit = self.open(shop_address(self._page, flavor, order))
        return Shopper(flavor, visit, order, self.provider.url)

    def guest(self, screen: dict[str, Any]) -> Guest:
        """Enter a cinema that has sold nothing yet."""
        cinema = self._open_ones.enter_context(running_shop(self.provider, "widget"))
        guest = Guest(cinema, self.open(cinema, screen=screen), screen is not DESKTOP)
        guest.wait()
        return guest


def window_over_shop(studio: Studio) -> Page:
    shopper = studio.shopper("v2-payment")
    shopper.ask()
    shopper.window.get_by_test_id("pay").click(trial=True)
    return shopper.page


def widgets(studio: Studio) -> Page:
    shopper = studio.shopper("v2-widget")
    shopper.agree()
    shopper.choose_card()
    return shopper.page


def window_test_controls(studio: Studio) -> Page:
    page = studio.window(screen=BIG_WINDOW)
    page.get_by_test_id("test-controls").locator("> summary").click()
    return page


def window_expired(studio: Studio) -> Page:
    page = studio.open(open_session(studio.provider.url, successUrl=None, failUrl=None), screen=PHONE).page
    run_control(page, "expire")
    page.get_by_test_id("done").wait_for()
    return page


def billing(screen: dict[str, Any]) -> Callable[[Studio], Page]:
    return lambda studio: studio.open(open_billing_session(studio.provider.url), screen=screen).page


def menu(guest: Guest) -> None:
    guest.choose("C4", "C5", popcorn=1, cola=2)
    guest.page.evaluate("scrollTo(0, 0)")


def pay(guest: Guest) -> None:
    menu(guest)
    guest.order()
    guest.agree()
    guest.page.evaluate("scrollTo(0, 0)")


def paid(guest: Guest) -> None:
    guest.choose(popcorn=1, cola=2)
    guest.order()
    guest.ask_for_the_window()
    guest.window.get_by_test_id("pay").click()
    guest.arrive("/payments/success.html", "paid")


def failure(guest: Guest) -> None:
    guest.choose(popcorn=1)
    guest.order()
    guest.ask_for_the_window()
    guest.control("fail", "fail-code", "REJECT_CARD_COMPANY")
    guest.arrive("/payments/fail.html", "failed")
    guest.wait()


def orders(guest: Guest) -> None:
    paid(guest)
    guest.call("/api/v1/orders", buyer="이구매", seats=["C4", "C5"])
    guest.open("/orders.html")


def refund(guest: Guest) -> None:
    orders(guest)
    guest.page.get_by_test_id("refund").first.click()


def cinema(way: Callable[[Guest], None], screen: dict[str, Any]) -> Callable[[Studio], Page]:
    def take(studio: Studio) -> Page:
        guest = studio.guest(screen)
        way(guest)
        return guest.page

    return take


PICTURES: dict[str, Callable[[Studio], Page]] = {
    "kiosk-failure-desktop": cinema(failure, DESKTOP),
    "kiosk-failure-phone": cinema(failure, SHARP_PHONE),
    "kiosk-menu-desktop": cinema(menu, DESKTOP),
    "kiosk-menu-phone": cinema(menu, SHARP_PHONE),
    "kiosk-orders-desktop": cinema(orders, DESKTOP),
    "kiosk-orders-phone": cinema(orders, SHARP_PHONE),
    "kiosk-pay-desktop": cinema(pay, DESKTOP),
    "kiosk-pay-phone": cinema(pay, SHARP_PHONE),
    "kiosk-receipt-desktop": cinema(paid, DESKTOP),
    "kiosk-receipt-phone": cinema(paid, SHARP_PHONE),
    "kiosk-refund-phone": cinema(refund, SHARP_PHONE),
    "widgets": widgets,
    "window-billing-desktop": billing(DESKTOP),
    "window-billing-phone": billing(PHONE),
    "window-desktop": lambda studio: studio.window(screen=DESKTOP),
    "window-expired-phone": window_expired,
    "window-over-shop": window_over_shop,
    "window-phone": lambda studio: studio.window(),
    "window-phone-english": lambda studio: studio.window("en"),
    "window-test-controls": window_test_controls,
}
SETTLING_MILLISECONDS = 500
WHOLE_PAGES = {"widgets", "kiosk-menu-desktop", "kiosk-pay-desktop"}


def take(studio: Studio, name: str) -> None:
    """Take one picture, once its page has come to rest."""
    page = PICTURES[name](studio)
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    if name in WHOLE_PAGES:
        # What is in a frame is drawn only where the screen reaches.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": DESKTOP["viewport"]["width"], "height": height})
        page.wait_for_timeout(SETTLING_MILLISECONDS)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def main(names: list[str]) -> None:
    """Take the pictures of these names, all without any."""
    with sync_playwright() as playwright, ExitStack() as open_ones:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        folder = open_ones.enter_context(TemporaryDirectory())
        command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
        provider = Provider(open_ones.enter_context(running_server(command, Path(folder))).url)
        page = open_ones.enter_context(running_page(provider.url))
        studio = Studio(Profiles(browser), provider, page, open_ones)
        for name in names or PICTURES:
            take(studio, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
