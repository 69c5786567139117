"""The pictures of docs/images: `python -m tests.browser.pictures` takes them anew, or those that it is given.

Look at each one before it is committed. `NOT_TAKEN_HERE` names those that are taken by hand.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from playwright.sync_api import Page, sync_playwright

from payments_mock.testing import RemoteServer
from payments_mock.testing.sandbox import Sandbox
from testkit.processes import running_server
from testkit.receiver import Receiver
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

    @cached_property
    def sold(self) -> Sandbox:
        """A sandbox to which everything has happened that an inspector tells of."""
        control = RemoteServer(self.provider.url).control
        sandbox = Sandbox(control, control.call("POST", "/sandboxes", {"id": "cinema", "contract": "toss"}))
        receiver = Receiver(500, 200)
        self._open_ones.callback(receiver.stop)
        sell(sandbox, receiver)
        return sandbox

    def inspector(self, view: str, height: int) -> Page:
        url = f"{self.provider.url}/inspector#/{self.sold.id}/{view}"
        page = self.open(url, "en-US", {"viewport": {"width": 1240, "height": height}}).page
        page.locator("#view section").wait_for()
        return page

    def guest(self, screen: dict[str, Any]) -> Guest:
        """Enter a cinema that has sold nothing yet."""
        cinema = self._open_ones.enter_context(running_shop(self.provider, "widget"))
        guest = Guest(cinema, self.open(cinema, screen=screen), screen is not DESKTOP)
        guest.wait()
        return guest


def sell(sandbox: Sandbox, receiver: Receiver) -> None:
    """Sell seven things: each order comes to another end."""
    pays = sandbox.shopper.pays
    confirm(sandbox, pays("order_1001", 15000, order_name="Popcorn"))
    confirm(sandbox, pays("order_1002", 2500, order_name="Cola", method="VIRTUAL_ACCOUNT"))
    confirm(sandbox, pays("order_1003", 12000, order_name="Key ring") | {"amount": 1200})
    sandbox.faults.lose_answer("confirm", name="lost")
    confirm(sandbox, pays("order_1004", 32000, order_name="T-shirt"))
    sandbox.webhooks.to(receiver.url)
    confirm(sandbox, pays("order_1005", 8000, order_name="Badge"))
    receiver.wait_for(1)
    pays("order_1006", 5000, order_name="Poster")
    sandbox.faults.lose_answer("confirm", name="lost-again", order_id="order_1007")
    mug = pays("order_1007", 9000, order_name="Mug")
    confirm(sandbox, mug)
    receiver.wait_for(2)
    confirm(sandbox, mug)


def confirm(sandbox: Sandbox, opened: dict[str, Any]) -> None:
    """Confirm as a shop does; the answer may be lost."""
    body = {name: opened[name] for name in ("paymentKey", "orderId", "amount")}
    headers = {"Idempotency-Key": f"{opened['orderId']}-1"}
    url, auth = f"{sandbox.base_url}/v1/payments/confirm", (sandbox.secret_key, "")
    with suppress(requests.ConnectionError):
        requests.post(url, json=body, auth=auth, headers=headers, timeout=10)


def inspector_flow(studio: Studio) -> Page:
    page = studio.inspector("flow", 610)
    page.get_by_test_id("order").nth(6).wait_for()
    return page


def inspector_order(studio: Studio) -> Page:
    page = studio.inspector("order/order_1007", 680)
    page.get_by_role("button", name="Show the proof").click()
    page.locator(".proves").first.wait_for()
    return page


def inspector_break(studio: Studio) -> Page:
    page = studio.inspector("break", 1030)
    page.get_by_role("button", name="Arm: Lose the answer").click()
    page.get_by_test_id("armed-fault").nth(2).wait_for()
    page.locator("#status:empty").wait_for(state="attached")
    return page


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
    "inspector-break": inspector_break,
    "inspector-flow": inspector_flow,
    "inspector-order": inspector_order,
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
NOT_TAKEN_HERE = {"certify-report"}
"""A report of certify, opened in a browser."""

SETTLING_MILLISECONDS = 500
WHOLE_PAGES = {"widgets", "kiosk-menu-desktop", "kiosk-pay-desktop"}


def take(studio: Studio, name: str) -> None:
    """Take one picture, once its page has come to rest."""
    page = PICTURES[name](studio)
    page.mouse.move(0, 0)
    if not name.startswith("inspector"):
        # The inspector waits for news all the time.
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
