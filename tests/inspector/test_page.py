"""Who is shown the page of the inspector, and what a browser is told about it."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.app import create_app
from payments_mock.inspector.pages import REFUSED_WORDS
from payments_mock.reference.words import words_of
from payments_mock.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def open_page(
    app: Flask, path: str = "/inspector", address: str = "127.0.0.1", **headers: str
) -> TestResponse:
    return app.test_client().get(path, headers={**BROWSER, **headers}, environ_base={"REMOTE_ADDR": address})


def test_the_home_page_leads_to_it(app: Flask) -> None:
    assert 'href="/inspector"' in open_page(app, "/").text


def test_it_can_be_left_out() -> None:
    app = create_app(Settings(no_inspector=True, log_format="none"))

    assert open_page(app).status_code == 404
    assert words_of("home", "ko")["inspector_open"] not in open_page(app, "/").text


@pytest.mark.parametrize("path", ["/inspector", "/inspector/-/main.js", "/inspector/-/inspector.css"])
def test_nothing_is_loaded_from_elsewhere_and_nobody_frames_it(app: Flask, path: str) -> None:
    answer = open_page(app, path)
    answer.close()

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_its_addresses_are_relative(app: Flask) -> None:
    page = open_page(app).text

    assert 'src="inspector/-/main.js"' in page
    assert 'href="/' not in page
    assert 'src="/' not in page


@pytest.mark.parametrize(("asked", "language"), [("ko-KR", "ko"), ("en-US", "en")])
def test_it_begins_in_the_language_of_the_browser(app: Flask, asked: str, language: str) -> None:
    assert f'<html lang="{language}">' in open_page(app, **{"Accept-Language": asked}).text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.1", {}),
        ("127.0.0.1", {"Host": "shop.test:9090"}),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.1"}),
    ],
    ids=["another machine", "a rebound name", "a proxy"],
)
def test_who_may_not_see_it_is_told_how(app: Flask, address: str, headers: dict[str, str]) -> None:
    page = open_page(app, address=address, **headers, **{"Accept-Language": "en"})

    assert page.status_code == 403
    assert REFUSED_WORDS["en"]["title"].replace("'", "&#39;") in page.text
    assert "--control-token" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_a_link_of_another_page_leads_to_it(app: Flask) -> None:
    page = open_page(app, **{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"})

    assert page.status_code == 200


def test_with_a_token_the_page_asks_for_it() -> None:
    app = create_app(Settings(control_token="a-token-of-the-test", log_format="none"))
    page = open_page(app, address="10.0.0.1", Host="mock.test")

    assert page.status_code == 200
    assert "needsToken&#34;:true" in page.text
    assert "a-token-of-the-test" not in page.text


def test_the_page_holds_no_key_of_the_settings(app: Flask) -> None:
    assert "test_sk_other" not in open_page(app).text
