import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    sync_playwright,
)

from testkit.processes import running_server

# The same browser with nothing but the engine starts sooner and costs a quarter less.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP provider.test 127.0.0.1",
)
SECRET_KEY = "test_sk_dummy"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Lend a headless Chromium; without one the suite is skipped, but never in CI."""
    if not Path(CHROMIUM).exists():
        reason = "no Chromium on this machine: apt-get install chromium fonts-noto-cjk"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Provider:
    """A provider process, called as a merchant calls it."""

    url: str
    made: int = 0

    def pay(self, **values: object) -> dict[str, str]:
        """Pay an order of its own, and return where its receipt is, and the payment key."""
        self.made += 1
        body = {
            "paymentKey": f"pay_{self.made}",
            "orderId": f"order_{self.made:03}",
            "amount": 15000,
        } | values
        self._post("/v1/payments", body)
        confirmed = self._post("/v1/payments/confirm", body)
        return {"key": str(body["paymentKey"]), "receipt": confirmed["receipt"]["url"]}

    def cancel(self, payment_key: str, reason: str) -> None:
        self._post(f"/v1/payments/{payment_key}/cancel", {"cancelReason": reason})

    def _post(self, path: str, body: dict[str, object]) -> dict[str, dict[str, str]]:
        answer = requests.post(self.url + path, json=body, auth=(SECRET_KEY, ""), timeout=10)
        answer.raise_for_status()
        answered: dict[str, dict[str, str]] = answer.json()
        return answered


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Run a provider on a free port."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("provider")) as server:
        yield Provider(server.url)


@dataclass
class Visit:
    """A page that is open, and whom it has asked."""

    page: Page
    hosts: set[str] = field(default_factory=set)

    def note(self, request: Request) -> None:
        self.hosts.add(request.url.split("/")[2])


class Profiles:
    """Lends pages of the browser to one kind of person or another, and hears what the browser complains of.

    Every page of every test comes from here. Contexts, and one page of each, are kept from test to test, as
    making them is most of what a short test costs.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._kept: dict[str, Page] = {}
        self._lent: list[tuple[Page, Visit]] = []
        self._complaints: list[str] = []

    def open(self, url: str, **options: Any) -> Visit:
        """Open a page in the context with these options; it holds no cookie, and nothing of tests before."""
        kind = repr(sorted(options.items()))
        page = self._kept.get(kind)
        if page is None or any(page is lent for lent, _ in self._lent):
            page = self._context(kind, options).new_page()
            self._kept.setdefault(kind, page)
        visit = Visit(page)
        if "viewport" in options:
            page.set_viewport_size(options["viewport"])
        page.on("request", visit.note)
        self._lent.append((page, visit))
        page.goto(url)
        return visit

    def keep_open(self, **options: Any) -> Page:
        """Return a page that stays where it is from test to test."""
        return self._context(f"kept {sorted(options.items())}", options).new_page()

    def tidy(self) -> list[str]:
        """Leave every page that was lent, and return what the browser complained of since the last time."""
        kept = self._kept.values()
        for page, visit in self._lent:
            page.remove_listener("request", visit.note)
            if any(page is one for one in kept):
                page.goto("about:blank")
            else:
                page.close()
        self._lent.clear()
        for context in self._contexts.values():
            context.clear_cookies()
        complaints, self._complaints = self._complaints, []
        return complaints

    def excuse(self, ending: str) -> None:
        """Let the browser have complained of one thing, by how that ends: what the test had it do."""
        [meant] = [complaint for complaint in self._complaints if complaint.endswith(ending)]
        self._complaints.remove(meant)

    def _context(self, kind: str, options: dict[str, Any]) -> BrowserContext:
        if kind not in self._contexts:
            context = self._browser.new_context(**options)
            context.set_default_timeout(10_000)
            context.on("console", self._hear)
            context.on("weberror", lambda error: self._complain(f"uncaught: {error.error}"))
            context.on("requestfailed", self._miss)
            context.on("dialog", self._dismiss)
            self._contexts[kind] = context
        return self._contexts[kind]

    def _complain(self, text: str) -> None:
        self._complaints.append(text)

    def _hear(self, message: ConsoleMessage) -> None:
        # What else the console says is for the authors of pages.
        if message.type in {"error", "warning"}:
            self._complain(f"{message.type}: {message.text} at {message.location['url']}")

    def _miss(self, request: Request) -> None:
        # A page that is left drops what it was asking for.
        if request.failure != "net::ERR_ABORTED":
            self._complain(f"failed: {request.url} {request.failure}")

    def _dismiss(self, dialog: Dialog) -> None:
        self._complain(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="session")
def all_profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def profiles(all_profiles: Profiles) -> Iterator[Profiles]:
    """Lend pages to a test, which fails where the browser complains of any of them, unless it is excused."""
    yield all_profiles
    assert all_profiles.tidy() == []


class Visitor:
    """Opens pages as a person with a language and a screen of some width."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def open(self, url: str, language: str = "ko-KR", width: int = 1280, height: int = 900) -> Visit:
        return self._profiles.open(url, locale=language, viewport={"width": width, "height": height})


@pytest.fixture
def visitor(profiles: Profiles) -> Visitor:
    return Visitor(profiles)
