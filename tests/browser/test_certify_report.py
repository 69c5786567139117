"""The report of certify in a browser: on a phone and a desktop, in both languages, by day and by night."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from payments_mock.certify.reports import as_html
from payments_mock.certify.results import Grade
from tests.browser.accessibility import problems
from tests.certify.test_reports import COMMAND, certificate

pytestmark = pytest.mark.a_few(2)

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Open:
    """Open a report with each result, and fail at the end if it complained or asked for anything."""

    def open_report(
        language: str, size: dict[str, int], scheme: Literal["dark", "light"] = "light", merchants: int = 1
    ) -> Page:
        file = tmp_path / "report.html"
        shown = [replace(certificate(*Grade), merchant=f"Shop {number}") for number in range(merchants)]
        file.write_text(as_html(shown, COMMAND, language), "utf-8")
        context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        seen: list[str] = []
        page.on("console", lambda message: seen.append(message.text))
        page.on("request", lambda request: seen.append(request.url))
        page.goto(file.as_uri())
        assert seen == [file.as_uri()]
        return page

    return open_report


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_report_can_be_read_by_everybody(
    opened: Open, language: str, size: dict[str, int], scheme: Literal["dark", "light"]
) -> None:
    page = opened(language, size, scheme, merchants=2)

    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_report_changes_its_language(opened: Open) -> None:
    page = opened("en", PHONE)
    assert page.get_by_role("heading", name="Does it survive?").is_visible()

    page.get_by_role("button", name="한국어").click()

    assert page.get_by_role("heading", name="결제 사고를 견디나요?").is_visible()
    assert not page.get_by_text("Does it survive?").is_visible()


def test_a_failed_check_leads_to_what_it_expects(opened: Open) -> None:
    page = opened("en", DESKTOP)

    page.get_by_role("link", name="lost-answer/money-not-kept").first.click()

    assert page.locator(":target").inner_text().startswith("lost-answer/money-not-kept")
