"""Everybody can use every page: on a desk, on a narrow phone, and magnified four times."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from testkit.depth import depth, waits_for_ci
from tests.browser.accessibility import problems
from tests.browser.checkout.sessions import open_billing_session, open_session
from tests.browser.checkout.shopper import new_order
from tests.browser.conftest import Provider, Visitor
from tests.browser.kiosk.conftest import running_shop
from tests.browser.reference_page import press

pytestmark = waits_for_ci

# A page of 1280 by 1024 that is magnified four times has 320 by 256 left.
SCREENS = ((1280, 900), (320, 640), (320, 256))
CODES = "code=REJECT_CARD_COMPANY&message=no"


@dataclass
class Places:
    """Where the pages are: of a provider, and of a cinema that has sold a ticket."""

    provider: Provider
    shop: str
    window_shop: str

    def receipt(self) -> str:
        return self.provider.pay()["receipt"]

    def canceled_receipt(self) -> str:
        paid = self.provider.pay()
        self.provider.cancel(paid["key"], "단순 변심")
        return paid["receipt"]

    def cash_receipt(self) -> str:
        order = {"orderId": new_order(), "orderName": "Popcorn", "amount": 15000}
        body = {**order, "type": "소득공제", "customerIdentityNumber": "01012345678"}
        url = f"{self.provider.url}/v1/cash-receipts"
        issued = requests.post(url, json=body, auth=("test_sk_toss_dummy", ""), timeout=10)
        return str(issued.json()["receiptUrl"])

    def order(self, *, paid: bool) -> str:
        """Place an order in the cinema, and return its id."""
        order = self._place(self.shop)
        if paid:
            _call(f"{self.shop}/orders/{order['orderId']}/pay")
        return str(order["orderId"])

    def waiting_account(self) -> str:
        """Let a shopper choose to pay an order into a virtual account, and return where that leads."""
        order = self._place(self.window_shop)
        asked = {"orderId": order["orderId"], "orderName": "cola", "amount": order["amount"]}
        wish = asked | {"clientKey": "test_ck_toss_dummy", "method": "VIRTUAL_ACCOUNT"}
        begun = _call(f"{self.provider.url}/control/checkouts", **wish)
        back = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
        return f"{self.window_shop}/payments/success.html?{urlencode(back)}"

    def inspector(self, view: str) -> str:
        """Return a view of the inspector, where something has happened."""
        self.provider.pay()
        shown = f"order/order_{self.provider.made:03}" if view == "order" else view
        return f"{self.provider.url}/inspector#/kiosk/{shown}"

    def _place(self, shop: str) -> dict[str, Any]:
        return _call(f"{shop}/api/v1/orders", buyer="이구매", items=[{"id": "cola", "quantity": 1}])


def _call(address: str, **body: object) -> dict[str, Any]:
    answer = requests.post(address, json=body, timeout=10)
    answer.raise_for_status()
    answered: dict[str, Any] = answer.json()
    return answered


PAGES: dict[str, Callable[[Places], str]] = {
    "home": lambda places: f"{places.provider.url}/",
    "wrong address": lambda places: f"{places.provider.url}/nowhere",
    "dead receipt": lambda places: f"{places.provider.url}/receipts/none?token=none",
    "receipt": Places.receipt,
    "canceled receipt": Places.canceled_receipt,
    "cash receipt": Places.cash_receipt,
    "window": lambda places: open_session(places.provider.url),
    "billing window": lambda places: open_billing_session(places.provider.url),
    "no window": lambda places: f"{places.provider.url}/checkout/none",
    **{
        f"widget of {kind}": lambda places, kind=kind: (
            f"{places.provider.url}/checkout/widgets/{kind}?clientKey=test_gck_toss_dummy&amount=68000"
        )
        for kind in ("methods", "agreement", "window")
    },
    "reference": lambda places: f"{places.provider.url}/docs",
    "kiosk: menu": lambda places: f"{places.shop}/",
    "kiosk: pay": lambda places: f"{places.shop}/pay.html?order={places.order(paid=False)}",
    "kiosk: paid": lambda places: f"{places.shop}/payments/success.html?order={places.order(paid=True)}",
    "kiosk: failed": lambda places: (
        f"{places.shop}/payments/fail.html?{CODES}&orderId={places.order(paid=False)}"
    ),
    "kiosk: waiting": Places.waiting_account,
    "kiosk: orders": lambda places: f"{places.shop}/orders.html",
    "kiosk: refund": lambda places: f"{places.shop}/orders.html?paid={places.order(paid=True)}",
    **{
        f"inspector: {view}": lambda places, view=view: places.inspector(view)
        for view in ("flow", "order", "requests", "webhooks", "break", "connect")
    },
}
SPEAKING_AS_ASKED = ("window", "billing", "widget")
STEPS: dict[str, Callable[[Page], None]] = {
    "reference": lambda page: press(page.locator(".opblock").first),
    "kiosk: refund": lambda page: page.get_by_test_id("refund").first.click(),
    "kiosk: waiting": lambda page: page.get_by_test_id("deposit").wait_for(),
}
"""What opens the part of a page that is looked at."""

FOR_DEVELOPERS = ("home", "wrong", "dead", "reference", "inspector")
NAMES = {"English", "toss", "SSG"}
"""Names that are written so in Korean, too."""
GIVEN = {"kiosk", "Popcorn", "no"}
"""What merchants, and the addresses of this test, have written."""


@pytest.fixture(scope="module")
def places(provider: Provider) -> Iterator[Places]:
    with running_shop(provider, "terminal") as shop, running_shop(provider, "window") as window_shop:
        yield Places(provider, shop, window_shop)


def with_language(address: str, name: str, language: str) -> str:
    """Ask the windows for a language, as they do not follow the browser's."""
    if not name.startswith(SPEAKING_AS_ASKED):
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={language[:2]}"


def open_whatever_its_status(page: Page, address: str) -> None:
    """Open a page that may come with a 404, of which a browser complains, whatever the page is like."""

    def answer(route: Route) -> None:
        route.fulfill(response=route.fetch(), status=200)

    page.route(address.partition("#")[0], answer, times=1)
    if "/inspector" in address:
        # The inspector waits for news all the time.
        page.goto(address)
        expect(page.get_by_test_id("clock")).not_to_be_empty()
    else:
        page.goto(address, wait_until="networkidle")


def english_words(page: Page) -> set[str]:
    """Return the words of a Korean page that are English, ids and codes left out."""
    said = page.locator("body").inner_text()
    for attribute in ("aria-label", "title", "alt", "placeholder"):
        for element in page.locator(f"[{attribute}]").all():
            said += f" {element.get_attribute(attribute)}"
    return {word for word in re.split(r"[\s·,.:()₩]+", said) if re.fullmatch("[A-Za-z]{2,}", word)}


@pytest.mark.parametrize("language", depth(["ko-KR", "en-US"], ["ko-KR"]))
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(places: Places, visitor: Visitor, name: str, language: str) -> None:
    page = visitor.open("about:blank", language).page
    open_whatever_its_status(page, with_language(PAGES[name](places), name, language))

    assert (page.locator("html").get_attribute("lang") or "") == language[:2]
    if name in STEPS:
        STEPS[name](page)
    if language == "ko-KR" and not name.startswith(FOR_DEVELOPERS):
        assert english_words(page) - GIVEN <= NAMES
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert (width, height, problems(page)) == (width, height, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
