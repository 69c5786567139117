"""The pages as files: nothing inline, nothing from elsewhere, and headers that keep it so."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from payments_mock.kiosk import KioskSettings
from payments_mock.kiosk.app import content_security_policy
from payments_mock.kiosk.settings import ProviderContract
from payments_mock.kiosk.web import pages
from tests.kiosk.till import Till

WEB = Path(pages.__file__).parent
TEMPLATES = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
PAGES = {
    "/": "index.html",
    "/pay.html": "pay.html",
    "/orders.html": "orders.html",
    "/payments/success.html": "payments/success.html",
    "/payments/fail.html": "payments/fail.html",
}
FILES = [*(WEB / "static").rglob("*"), *(WEB / "templates").rglob("*")]
TEXTS = {path.name: path.read_text("utf-8") for path in FILES if path.is_file()}


@pytest.fixture
def offline_till(open_till: Callable[..., Till]) -> Till:
    return open_till("http://127.0.0.1:1")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_its_template_with_nothing_filled_in_but_where_the_inspector_is(
    offline_till: Till, path: str
) -> None:
    answer = offline_till.send("GET", path)
    assert answer.mimetype == "text/html"
    template = TEMPLATES.get_template(PAGES[path])
    assert answer.text == template.render(inspector="http://127.0.0.1:1/inspector")


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_a_page_names_is_there(offline_till: Till, path: str) -> None:
    text = offline_till.send("GET", path).text
    named = re.findall(r'(?:src|href)="(/[^"#]*)"', text)
    assert len(named) > 5
    assert {offline_till.send("GET", name).status_code for name in named} == {200}


def test_a_browser_that_is_shown_json_finds_an_icon(offline_till: Till) -> None:
    icon = offline_till.send("GET", "/favicon.ico")
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")


def test_the_pages_have_nothing_inline_and_name_no_other_host() -> None:
    odd = re.compile(
        r"""<style|style=|\son\w+=|<script(?![^>]*src=)|https?://(?!www\.w3\.org/2000/svg)|["'(]//"""
    )
    assert {name: odd.findall(text) for name, text in TEXTS.items() if odd.search(text)} == {}


def test_every_word_is_in_both_languages() -> None:
    words = dict(re.findall(r"^  '?([\w-]+)'?: \[(.+)\],$", TEXTS["translations.js"], re.MULTILINE))
    used = {word for text in TEXTS.values() for word in re.findall(r'data-word(?:-label)?="(\w+)"', text)}
    used |= {word for text in TEXTS.values() for word in re.findall(r"say\('([\w-]+)'", text)}
    assert len(used) > 50
    assert used <= words.keys()
    assert [
        word for word, texts in words.items() if not re.fullmatch(r"(['\"]).+\1, (['\"]).+\2", texts)
    ] == []


def test_every_item_of_the_menu_has_a_picture() -> None:
    assert {f"{entry.id}.svg" for entry in KioskSettings().menu} <= TEXTS.keys()


def test_a_browser_may_load_the_shop_and_the_providers_origin_only() -> None:
    settings = KioskSettings(provider_url="https://pay.example/mock/", contract=ProviderContract.TOSS)
    assert content_security_policy(settings) == (
        "default-src 'none'; script-src 'self' https://pay.example; connect-src 'self' https://pay.example; "
        "frame-src https://pay.example; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_the_kiosk_contract_lets_a_browser_load_the_shop_only() -> None:
    policy = content_security_policy(KioskSettings())
    assert "http" not in policy
    assert "frame-src 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/static/base.css", "/menu", "/nowhere"])
def test_every_answer_has_the_headers(offline_till: Till, path: str) -> None:
    headers = offline_till.send("GET", path).headers
    assert headers["Content-Security-Policy"] == content_security_policy(KioskSettings())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
