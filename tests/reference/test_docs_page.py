"""The reference page needs no internet: everything that it names is here."""

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.http.dispatcher import dispatcher_of


@pytest.fixture
def page(app: Flask) -> TestResponse:
    return app.test_client().get("/docs")


def test_the_page_is_html(page: TestResponse) -> None:
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"


def test_every_file_that_the_page_names_is_on_this_server(app: Flask, page: TestResponse) -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert len(links) >= 4
    for link in links:
        assert re.match(r"/$|/(docs|openapi\.json)\b", link)
        with app.test_client().get(unescape(link), headers={"Accept": "text/html"}) as response:
            assert response.status_code == 200


def test_a_browser_that_is_shown_json_finds_an_icon(app: Flask) -> None:
    with app.test_client().get("/favicon.ico") as icon:
        assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/docs/viewer/swagger-ui.css",
        "/docs/viewer/swagger-ui-bundle.js",
        "/docs/-/viewer.js",
        "/favicon.ico",
    ],
)
def test_the_browser_is_told_to_load_nothing_from_elsewhere(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))

        assert policy["default-src"] == "'none'"
        assert {policy["script-src"], policy["connect-src"]} == {"'self'"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_script_stands_in_the_page_itself(page: TestResponse) -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []


@pytest.mark.parametrize(
    "path",
    [
        "/docs/viewer/nothing.js",
        "/docs/viewer/../pages.py",
        "/docs/viewer/%2e%2e/pages.py",
        "/docs/-/../pages.py",
        "/docs/viewer/index.html",
        "/docs/viewer/swagger-initializer.js",
        "/docs/viewer/oauth2-redirect.html",
        "/docs/viewer/index.j2",
        "/docs/viewer/swagger-ui-bundle.js.map",
        "/docs/viewer/./index.html",
    ],
)
def test_no_other_file_can_be_had(app: Flask, path: str) -> None:
    response = app.test_client().get(path)

    assert response.status_code == 404
    assert response.is_json


def test_every_contract_has_a_page(app: Flask) -> None:
    for name in dispatcher_of(app).contracts:
        assert f"/openapi.json?contract={name}" in app.test_client().get(f"/docs?contract={name}").text


def test_an_unknown_contract_has_no_page(app: Flask) -> None:
    assert app.test_client().get("/docs?contract=nobody").status_code == 400
