from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from playwright.sync_api import Page

from payments_mock.testing import RemoteServer
from payments_mock.testing.sandbox import Sandbox
from tests.browser.conftest import Provider, Visitor


class Merchant:
    """A shop's backend with a sandbox of its own, on either contract."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def create(self, order_id: str, amount: int = 15000) -> None:
        self.ask("/v1/payments", self.body(order_id, amount))

    def confirm(self, order_id: str, amount: int = 15000, payment_key: str = "") -> int:
        return self.ask("/v1/payments/confirm", self.body(order_id, amount, payment_key))

    def pay(self, order_id: str) -> None:
        self.create(order_id)
        self.confirm(order_id)

    def body(self, order_id: str, amount: int, payment_key: str = "") -> dict[str, Any]:
        key = payment_key or f"pay_{self.sandbox.id}_{order_id}"
        return {"paymentKey": key, "orderId": order_id, "amount": amount}

    def ask(self, path: str, body: dict[str, Any], method: str = "POST") -> int:
        """Call the provider; an answer that never comes is 0."""
        url, auth = self.sandbox.base_url + path, (self.sandbox.secret_key, "")
        try:
            return requests.request(method, url, json=body, auth=auth, timeout=40).status_code
        except requests.ConnectionError:
            return 0


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as workers:
        yield workers


# Their sandboxes stay: a page that shows one may be open still when a test ends.
@pytest.fixture
def merchant(provider: Provider) -> Merchant:
    return Merchant(RemoteServer(provider.url).sandbox("kiosk"))


@pytest.fixture
def toss_merchant(provider: Provider) -> Merchant:
    return Merchant(RemoteServer(provider.url).sandbox("toss"))


class Inspector:
    """Opens the inspector at a view of a sandbox, in English by default."""

    def __init__(self, visitor: Visitor, url: str) -> None:
        self._visitor = visitor
        self._url = url

    def open(self, sandbox: Sandbox, view: str = "flow", language: str = "en-US", width: int = 1280) -> Page:
        url = f"{self._url}/inspector#/{sandbox.id}/{view}"
        page = self._visitor.open(url, language=language, width=width).page
        page.locator("#view section").first.wait_for()
        return page


@pytest.fixture
def inspector(visitor: Visitor, provider: Provider) -> Inspector:
    return Inspector(visitor, provider.url)
