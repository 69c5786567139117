import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from payments_mock.kiosk import KioskSettings, create_kiosk
from payments_mock.kiosk.settings import ProviderContract
from payments_mock.kiosk.web.server import KioskServer
from tests.browser.checkout.conftest import DESKTOP, PHONE
from tests.browser.conftest import Profiles, Provider, Visit

SHOPS = {
    "widget": {"contract": ProviderContract.TOSS},
    "window": {
        "contract": ProviderContract.TOSS,
        "secret_key": "test_sk_toss_dummy",
        "client_key": "test_ck_toss_dummy",
    },
    "terminal": {"contract": ProviderContract.KIOSK},
}


@dataclass
class Guest:
    """A visitor of the cinema, on its pages in a browser."""

    shop: str
    visit: Visit
    on_phone: bool

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def window(self) -> FrameLocator | Page:
        """The provider's window: over the page, or on a phone a page of its own."""
        if self.on_phone:
            self.page.wait_for_url("**/checkout/**")
            return self.page
        return self.page.frame_locator("#___tosspayments_iframe___")

    def open(self, path: str = "/") -> None:
        self.page.goto(self.shop + path)
        self.wait()

    def wait(self) -> None:
        """Wait until the page has drawn what it asked its shop for."""
        expect(self.page.locator("body")).to_have_attribute("data-ready", "yes")

    def choose(self, *seats: str, **snacks: int) -> None:
        for seat in seats:
            self.page.get_by_test_id(f"seat-{seat}").click()
        for snack, count in snacks.items():
            for _ in range(count):
                self.page.get_by_test_id(f"more-{snack}").click()

    def order(self) -> None:
        self.page.get_by_test_id("order").click()
        self.page.wait_for_url("**/pay.html?order=*")
        self.wait()

    @property
    def order_id(self) -> str:
        """The order that the page of the payment is about."""
        return self.page.url.partition("order=")[2]

    def agree(self) -> None:
        terms = self.page.frame_locator("#agreement iframe")
        terms.get_by_test_id("agree-all").check()
        self.page.frame_locator("#methods iframe").get_by_test_id("issuer-41").check()

    def press_pay(self) -> None:
        self.page.get_by_test_id("pay").click()

    def ask_for_the_window(self) -> None:
        """Agree to the terms in the widgets, and press the shop's own button."""
        self.agree()
        self.press_pay()

    def call(self, path: str, **body: object) -> dict[str, Any]:
        """Call the shop as another client of its API does."""
        answer = requests.post(self.shop + path, json=body, timeout=10)
        answer.raise_for_status()
        answered: dict[str, Any] = answer.json()
        return answered

    def control(self, name: str, field: str | None = None, value: str = "") -> None:
        """Use one of the tester's controls in the window."""
        window = self.window
        window.get_by_test_id("test-controls").locator("> summary").click()
        if field is not None:
            window.get_by_test_id(field).select_option(value)
        window.get_by_test_id(f"test-{name}").click()

    def arrive(self, path: str, state: str) -> None:
        """Wait until the browser is back at the shop, and the page says how it went."""
        self.page.wait_for_url(re.compile(path))
        expect(self.page.get_by_test_id("outcome")).to_have_attribute("data-state", state)


@contextmanager
def running_shop(provider: Provider, kind: str) -> Iterator[str]:
    settings = KioskSettings(provider_url=provider.url, **SHOPS[kind])  # type: ignore[arg-type]
    server = KioskServer(create_kiosk(settings), "127.0.0.1", 0)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def open_shops() -> Iterator[ExitStack]:
    """Hold the shops of a test, which close after its pages are left."""
    with ExitStack() as shops:
        yield shops


@pytest.fixture
def enter(open_shops: ExitStack, profiles: Profiles, provider: Provider) -> Callable[..., Guest]:
    """Lend a way into a shop of one kind, on a desktop or a phone."""

    def enter(kind: str = "widget", language: str = "ko-KR", *, on_phone: bool = False) -> Guest:
        url = open_shops.enter_context(running_shop(provider, kind))
        visit = profiles.open(url, locale=language, **(PHONE if on_phone else DESKTOP))
        guest = Guest(url, visit, on_phone)
        guest.wait()
        return guest

    return enter
