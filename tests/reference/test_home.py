"""What a person meets who opens the server in a browser; programs are answered in JSON there."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.app import create_app
from payments_mock.reference.words import words_of
from payments_mock.settings import BUILT_IN_MERCHANTS, Settings
from testkit.inside.shop import Shop

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PROGRAMS = [
    {},
    {"Accept": "*/*"},
    {"Accept": "application/json"},
    {"Accept": "application/json, text/plain, */*"},
    {"Accept": "application/json, text/html"},
    # Java's own client accepts HTML first, and is told by its key.
    {"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "Authorization": "Basic eDo="},
]
DEAD_RECEIPTS = ["/receipts/pay_123?token=wrong", "/receipts/cash/nothing", "/receipts/pay_123"]
WRONG_ADDRESSES = ["/nowhere", "/v1/nowhere", "/doc", "/docs/viewer/nothing.js", *DEAD_RECEIPTS]


def open_page(app: Flask, path: str = "/", language: str = "ko", **headers: str) -> TestResponse:
    headers = {"Accept": BROWSER, "Accept-Language": language, **headers}
    return app.test_client().get(path, headers=headers)


@pytest.mark.parametrize(
    ("asked", "language"), [("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("en-US", "en"), ("fr", "ko")]
)
def test_the_home_page_speaks_the_language_that_is_preferred(app: Flask, asked: str, language: str) -> None:
    page = open_page(app, language=asked)

    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert page.headers["Content-Language"] == language
    for word in words_of("home", language).keys() - {"open"}:
        assert words_of("home", language)[word] in page.text


def test_the_language_can_be_switched(app: Flask) -> None:
    assert open_page(app, "/?lang=en").headers["Content-Language"] == "en"


def test_the_home_page_shows_every_built_in_key_with_its_sandbox(app: Flask) -> None:
    page = open_page(app).text

    for merchant in BUILT_IN_MERCHANTS:
        for shown in (merchant.id, *merchant.secret_keys, *merchant.client_keys):
            assert shown in page


def test_a_pair_of_keys_stands_together(app: Flask) -> None:
    rows = re.findall(r'data-testid="keys">(.*?)</li>', open_page(app).text, re.DOTALL)

    pairs = [re.findall(r"<code>(.*?)</code>", row) for row in rows]
    assert ["test_sk_dummy"] in pairs
    assert ["test_gsk_toss_dummy", "test_gck_toss_dummy"] in pairs
    assert ["test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"] in pairs


def test_the_home_page_says_where_the_server_is_and_how_to_begin(app: Flask) -> None:
    page = open_page(app, Host="shop.test:9191").text

    assert '<code data-testid="base" tabindex="0">http://shop.test:9191</code>' in page
    assert "curl " in page
    assert "&lt;script src=&#34;http://shop.test:9191/v2/standard&#34;&gt;" in page
    for name in ("kiosk", "toss", "control"):
        assert f'href="/docs?contract={name}"' in page


@pytest.mark.parametrize("headers", PROGRAMS)
@pytest.mark.parametrize("path", ["/", *WRONG_ADDRESSES])
def test_a_program_is_told_that_nothing_is_there(app: Flask, path: str, headers: dict[str, str]) -> None:
    answer = app.test_client().get(path, headers=headers)

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["code"] == "NOT_FOUND"


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("path", WRONG_ADDRESSES)
def test_a_browser_at_a_wrong_address_is_shown_a_page(app: Flask, path: str, language: str) -> None:
    page = open_page(app, path, language)

    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert page.headers["Content-Language"] == language
    what = "receipt" if path in DEAD_RECEIPTS else "page"
    assert words_of("lost", language)[what] in page.text
    assert 'href="/"' in page.text


def test_a_browser_at_an_address_for_programs_is_shown_the_reference(app: Flask) -> None:
    page = open_page(app, "/v1/virtual-accounts")

    assert (page.status_code, page.mimetype) == (405, "text/html")
    assert "POST" in page.headers["Allow"]
    assert words_of("lost", "ko")["method"] in page.text
    assert 'href="/docs"' in page.text


def test_a_wrong_query_is_told_on_a_page(app: Flask) -> None:
    page = open_page(app, "/docs?contract=nobody")

    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert words_of("lost", "ko")["wrong"] in page.text


def test_an_open_server_says_that_any_test_key_will_do() -> None:
    app = create_app(Settings(open=True))

    assert words_of("home", "en")["open"] in open_page(app, language="en").text


def test_what_a_program_sends_is_never_answered_by_a_page(app: Flask) -> None:
    answer = app.test_client().post("/nowhere", headers={"Accept": BROWSER}, json={})

    assert (answer.status_code, answer.mimetype) == (404, "application/json")


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_the_pages_load_nothing_from_elsewhere_and_are_kept_by_no_cache(app: Flask, path: str) -> None:
    page = open_page(app, path)

    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "Accept" in page.headers["Vary"]
    assert re.findall(r"<script(?![^>]*\bsrc=)|style=", page.text) == []
    for link in re.findall(r'(?:src|href)="(/[^"?]*)', page.text):
        with app.test_client().get(link, headers={"Accept": BROWSER}) as found:
            assert found.status_code == 200


def test_an_address_is_text_and_no_markup(app: Flask) -> None:
    page = open_page(app, "/<script>alert(1)</script>" + "a" * 5000).text

    assert "<script>alert" not in page
    assert len(page) < 3000


def test_a_living_receipt_is_still_shown(shop: Shop) -> None:
    shop.pay()
    url: str = shop.get().json["receipt"]["url"]  # type: ignore[index]

    page = open_page(shop.app, url.removeprefix("http://localhost"))

    assert page.status_code == 200
    assert words_of("lost", "ko")["receipt"] not in page.text
