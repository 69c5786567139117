"""A shopper in a browser: opens a shop's page, pays in the window, and comes back."""

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.conftest import Visit

SECRET_KEYS = {
    "v2-payment": "test_sk_toss_dummy",
    "v2-widget": "test_gsk_toss_dummy",
    "v1-payment": "test_sk_toss_dummy",
    "v1-widget": "test_gsk_toss_dummy",
}
_numbers = count(1)


def new_order() -> str:
    return f"order-{next(_numbers):06}"


@dataclass
class Shopper:
    """One visit to the shop, by the flavor of SDK that its page uses."""

    flavor: str
    visit: Visit
    order: str
    provider: str

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def window(self) -> FrameLocator:
        """The window, drawn over the shop's page."""
        return self.page.frame_locator("#___tosspayments_iframe___")

    @property
    def methods(self) -> FrameLocator:
        return self.page.frame_locator("#methods iframe")

    @property
    def agreement(self) -> FrameLocator:
        return self.page.frame_locator("#agreement iframe")

    @property
    def is_widget(self) -> bool:
        return self.flavor.endswith("widget")

    def agree(self) -> None:
        """Agree to the terms in the widget of terms."""
        self.agreement.get_by_test_id("agree-all").check()

    def choose_card(self, issuer: str = "41") -> None:
        """Choose a card company in the widget of methods, where none is chosen at first."""
        if self.methods.get_by_test_id("method-CARD").is_checked():
            self.methods.get_by_test_id(f"issuer-{issuer}").check()

    def ask(self) -> None:
        """Press the shop's own button, with the terms agreed to beforehand where the shop shows them."""
        if self.is_widget:
            expect(self.page.locator("body")).to_have_attribute("data-ready", "yes")
            self.agree()
            if not self.methods.locator("[name=issuer]:checked").count():
                self.choose_card()
        self.page.locator("#pay").click()

    def pay(self) -> None:
        """Go through to the end of the window, with what it proposes."""
        self.ask()
        if not self.is_widget:
            self.window.get_by_test_id("agree").check()
        self.window.get_by_test_id("pay").click()

    def control(self, name: str, **choices: str) -> None:
        """Use one of the tester's controls; `choices` are picked in its lists beforehand."""
        self.ask()
        run_control(self.window, name, **choices)

    def arrival(self, path: str) -> dict[str, str]:
        """Wait until the browser is back at `path` of the shop, and return the query."""
        self.page.wait_for_url(re.compile(rf"localhost:\d+{path}\?"))
        query = parse_qs(urlsplit(self.page.url).query, keep_blank_values=True, strict_parsing=True)
        return {name: values[-1] for name, values in query.items()}

    def result(self) -> Any:
        """Wait until the shop's promise is settled, and return how."""
        output = self.page.locator("#result")
        expect(output).to_have_text(re.compile("resolved|rejected"))
        return json.loads(output.inner_text())

    def confirm(self, query: dict[str, Any]) -> requests.Response:
        """Confirm as the shop's server does, with the text of the redirect as it came."""
        body = {name: query[name] for name in ("paymentKey", "orderId", "amount")}
        return self.call("POST", "/v1/payments/confirm", json=body)

    def look_up(self) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/v1/payments/orders/{self.order}").json()
        return found

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        auth = (SECRET_KEYS[self.flavor], "")
        return requests.request(method, self.provider + path, auth=auth, timeout=10, **options)


def run_control(window: FrameLocator | Page, name: str, **choices: str) -> None:
    window.get_by_test_id("test-controls").locator("> summary").click()
    for field, value in choices.items():
        box: Locator = window.get_by_test_id(field.replace("_", "-"))
        box.fill(value) if field == "delay" else box.select_option(value)
    window.get_by_test_id(f"test-{name}").click()


def shop_address(shop: str, flavor: str, order: str, **wishes: str) -> str:
    return f"{shop}/{flavor}?{urlencode({'order': order, **wishes})}"
