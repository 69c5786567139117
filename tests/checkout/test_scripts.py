"""The scripts as files: where they are, and with which headers."""

import re
from pathlib import Path

import pytest
from flask import Flask

from payments_mock.checkout.routes import SOURCES, script

PATHS = ("/v2/standard", "/v1", "/v1/payment", "/v1/payment-widget")


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_any_origin_can_load_a_script(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)

    assert answer.status_code == 200
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_script_is_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    tag = client.get("/v2/standard").headers["ETag"]

    again = client.get("/v2/standard", headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_both_addresses_of_v1_give_the_same_script(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/v1").data == client.get("/v1/payment").data


@pytest.mark.parametrize("path", SOURCES)
def test_a_script_needs_no_unsafe_rule_of_a_policy(path: str) -> None:
    forbidden = re.compile(
        r"\beval\(|new Function|innerHTML|document\.write|setAttribute\('style'|javascript:"
    )

    assert forbidden.findall(script(path)) == []


@pytest.mark.parametrize("path", SOURCES)
def test_a_script_names_no_other_host(path: str) -> None:
    assert re.findall(r"https?://[a-z]", script(path)) == []


def test_every_source_is_part_of_a_script() -> None:
    folder = Path(__file__).parents[2] / "payments_mock/checkout/static/sdk"
    used = {f"{name}.js" for names in SOURCES.values() for name in names}

    assert {file.name for file in folder.iterdir()} == used


def test_sources_stay_short() -> None:
    folder = Path(__file__).parents[2] / "payments_mock/checkout/static"
    long = [file.name for file in folder.rglob("*.js") if len(file.read_text("utf-8").splitlines()) > 300]

    assert long == []
