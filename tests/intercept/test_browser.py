"""A browser that is started with the arguments of a run loads the SDK from the real address, and pays."""

import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from payments_mock.intercept.environment import BROWSER_ARGUMENTS
from testkit.npm import give_up
from testkit.sandbox import Sandbox
from tests.intercept.conftest import before, client

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
ALONE = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGE = b"""<!doctype html><html lang="ko"><head><title>shop</title></head><body>
<script src="https://js.tosspayments.com/v2/standard"></script></body></html>"""


class ShopPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def page(led: Mapping[str, str]) -> Iterator[Page]:
    """Open a shop's page, whose script is at the real address."""
    if not CHROMIUM:
        give_up("no Chromium on this machine")
    arguments = json.loads(led[BROWSER_ARGUMENTS])
    server = ThreadingHTTPServer(("127.0.0.1", 0), ShopPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ALONE, *arguments])
        page = browser.new_page(locale="ko-KR")
        page.goto(f"http://localhost:{server.server_address[1]}/")
        yield page
        browser.close()
    server.shutdown()
    server.server_close()


def test_a_shopper_pays_in_the_window_of_the_real_address(page: Page, sandbox: Sandbox) -> None:
    page.evaluate(
        """(clientKey) => { window.asked = TossPayments(clientKey)
            .payment({ customerKey: TossPayments.ANONYMOUS })
            .requestPayment({ method: 'CARD', amount: { value: 1000, currency: 'KRW' },
                              orderId: 'order-real', orderName: 'popcorn' }); }""",
        sandbox.made["clientKey"],
    )
    window = page.frame_locator("#___tosspayments_iframe___")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    paid = page.evaluate("asked")

    assert paid["orderId"] == "order-real"
    assert sandbox.control("GET", f"payments/{paid['paymentKey']}")["state"] == "AUTHENTICATED"


def test_a_shell_starts_a_browser_that_is_led(provider: str, tmp_path: Path) -> None:
    if not CHROMIUM:
        give_up("no Chromium on this machine")
    lines = client(
        [sys.executable, "-m", "payments_mock", "intercept", "env", "--provider-url", provider], before()
    )
    script = tmp_path / "script"
    flags = " ".join([*ALONE, "--headless", "--dump-dom"])
    script.write_text(f"{lines}\nintercept_browser {CHROMIUM} {flags} https://js.tosspayments.com/v1\n")

    said = client(["sh", script], before() | {"HOME": os.environ.get("HOME", "/")})

    assert "TossPayments" in said
