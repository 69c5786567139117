"""A shopper in Chromium, who pays on the merchant's own pages and in the provider's window."""

import shutil
import threading
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from payments_mock.certify.description import Description, PagesOfShop, fill
from payments_mock.certify.merchant import MerchantAnswer
from payments_mock.certify.processes import StartFailedError

WINDOW_SECONDS: Final = 20.0
_NEEDS: Final = 'shopper = "browser" needs Playwright and Chromium: pip install playwright'


class BrowserShopper:
    """Pays orders in a browser of its own, which belongs to the thread that made it.

    The way back from the window is stopped at its last step, so that a scenario decides when, and whether,
    the shopper comes back.
    """

    def __init__(self, description: Description, pages: PagesOfShop, provider_url: str) -> None:
        # Only a run with a browser needs Playwright.
        try:
            from playwright.sync_api import Error, TimeoutError, sync_playwright
        except ImportError:
            raise StartFailedError(_NEEDS) from None
        self._errors: tuple[type[Exception], ...] = (Error, TimeoutError)
        self._base_url = description.base_url
        self._pages = pages
        self._provider = urlsplit(provider_url).netloc
        self._thread = threading.get_ident()
        self._playwright = sync_playwright().start()
        found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        try:
            self._browser = self._playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            self._playwright.stop()
            raise StartFailedError(f"{_NEEDS} ({str(error).splitlines()[0]})") from error
        phone = self._playwright.devices["Pixel 7"]
        self._page = self._browser.new_context(**phone).new_page()
        self._back: str | None = None
        self._ways_back: dict[str, str] = {}

    @property
    def is_mine(self) -> bool:
        """Tell whether this thread may use it."""
        return threading.get_ident() == self._thread

    def agrees(self, values: dict[str, Any]) -> str | None:
        """Press pay on the page of an order, agree in the window, and return the payment's key, if any."""
        self._back = None
        self._page.route("**/*", self._stop_on_the_way_back)
        try:
            self._page.goto(self._base_url + fill(self._pages.page, values))
            self._page.click(self._pages.pay, timeout=WINDOW_SECONDS * 500)
            self._page.wait_for_url(lambda url: urlsplit(url).netloc == self._provider)
            agree = self._page.get_by_test_id("agree")
            if agree.count():
                agree.check()
            waiting = self._page.expect_event(
                "requestfailed", lambda _: self._back is not None, timeout=WINDOW_SECONDS * 1000
            )
            with waiting:
                self._page.get_by_test_id("pay").click()
        except self._errors:
            # If the pages failed, there is no payment key, and the caller sees that.
            return self._key()
        finally:
            self._page.unroute("**/*")
        return self._key()

    def _stop_on_the_way_back(self, route: Any) -> None:
        url = route.request.url
        if route.request.is_navigation_request() and "paymentKey=" in url:
            self._back = url
            route.abort()
        else:
            route.continue_()

    def _key(self) -> str | None:
        found = parse_qs(urlsplit(self._back or "").query).get("paymentKey")
        if not found:
            return None
        self._ways_back[found[0]] = self._back or ""
        return found[0]

    def comes_back(self, key: str, seconds: float) -> MerchantAnswer | None:
        """Come back with a payment to the merchant's page, and wait until it is idle; None if it can't."""
        way = self._ways_back.get(key)
        if way is None:
            return None
        request = f"GET {urlsplit(way).path} in Chromium"
        try:
            answer = self._page.goto(way, wait_until="networkidle", timeout=seconds * 1000)
        except self._errors as error:
            return MerchantAnswer("returned", request, None, error=str(error).splitlines()[0])
        text = self._page.inner_text("body")
        return MerchantAnswer("returned", request, answer.status if answer else None, text[:2000])

    def close(self) -> None:
        """Close the browser."""
        if self.is_mine:
            self._browser.close()
            self._playwright.stop()
