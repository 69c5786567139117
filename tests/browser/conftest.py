import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
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
def provider() -> Iterator[Provider]:
    """Run a provider as users do, on a free port."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://[\w.\[\]:]+:\d+", line):
                yield Provider(found[0])
                break
        else:
            pytest.fail("the provider ended before it said where it listens")
        process.terminate()


@dataclass
class Visit:
    """A page that is open, with what the browser complained of and whom it asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


def hear(visit: Visit, message: ConsoleMessage) -> None:
    """Note an error or a warning of the browser; what else it says is for the authors of pages."""
    if message.type in {"error", "warning"}:
        visit.complaints.append(f"{message.type}: {message.text}")


class Profiles:
    """Lends contexts of the browser, one for each kind of person; to make a new one for each test is slow."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}

    def lend(self, **options: Any) -> BrowserContext:
        """Return the context with these options, which holds no page and no cookie yet."""
        kind = repr(sorted(options.items()))
        if kind not in self._contexts:
            self._contexts[kind] = self._browser.new_context(**options)
            self._contexts[kind].set_default_timeout(10_000)
        return self._contexts[kind]

    def tidy(self) -> None:
        """Close every page, and forget what sites have stored."""
        for context in self._contexts.values():
            for page in context.pages:
                page.close()
            context.clear_cookies()


@pytest.fixture(scope="session")
def all_profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def profiles(all_profiles: Profiles) -> Iterator[Profiles]:
    yield all_profiles
    all_profiles.tidy()


class Visitor:
    """Opens pages as a person with a language and a screen of some width."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def open(self, url: str, language: str = "ko-KR", width: int = 1280, height: int = 900) -> Visit:
        context = self._profiles.lend(locale=language, viewport={"width": width, "height": height})
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: hear(visit, message))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("requestfailed", lambda request: visit.complaints.append(f"failed: {request.url}"))
        visit.page.on("dialog", lambda dialog: (visit.complaints.append(dialog.message), dialog.dismiss()))
        visit.page.on("request", lambda request: visit.hosts.add(request.url.split("/")[2]))
        visit.page.goto(url)
        return visit


@pytest.fixture
def visitor(profiles: Profiles) -> Visitor:
    return Visitor(profiles)
