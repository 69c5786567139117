"""The banner: where the server is, which keys it knows, what to try, and in which language."""

import json
import os
import re
import subprocess
import unicodedata

import pytest
import requests

from payments_mock import __version__
from payments_mock.api.catalogue import KOREAN
from payments_mock.banner import banner
from payments_mock.settings import MerchantSettings, Settings
from tests.server.conftest import lines_to_try


@pytest.fixture(scope="module")
def provider(launch):
    arguments = ["--secret-key", "private_0123456789abcdef=toss", "--log-format", "none"]
    return launch("-m", "payments_mock", "serve", "--port", "0", *arguments, afresh=True)


def test_the_banner_says_where_it_is_and_which_keys_it_knows(provider):
    url = provider.printed("Base URL")
    banner = provider.stdout
    assert f"payments-mock {__version__}" in banner
    assert f"Docs      {url}/docs" in banner
    assert "Data      temporary, removed at exit" in banner
    assert "test_sk_dummy  (kiosk contract, merchant kiosk)" in banner
    assert "private_…  (toss contract, merchant key-" in banner
    assert "0123456789abcdef" not in banner
    assert "Stop with Ctrl-C" in banner


def test_the_banner_shows_the_page_to_open_and_the_client_key_of_each_pair(provider):
    url = provider.printed("Base URL")
    assert f"Page      {url}/  " in provider.stdout
    assert "test_sk_toss_dummy, client test_ck_toss_dummy  (toss contract" in provider.stdout
    assert "test_gsk_toss_dummy, client test_gck_toss_dummy  (toss contract" in provider.stdout
    assert requests.get(f"{url}/", headers={"Accept": "text/html"}, timeout=5).status_code == 200


def test_the_banner_shows_where_webhooks_go_without_the_password_in_it():
    text = banner(Settings(webhook_url="http://me:hidden@localhost:8080/webhooks?a=b"), "http://127.0.0.1:1")
    assert "  Webhooks  http://localhost:8080/webhooks?a=b\n" in text
    assert "Webhooks" not in banner(Settings(), "http://127.0.0.1:1")


def test_a_client_key_without_a_secret_key_of_its_kind_is_shown_too():
    merchant = MerchantSettings("book", "toss", secret_keys=("test_sk_a",), client_keys=("test_gck_b",))
    text = banner(Settings(merchants=(merchant,)), "http://127.0.0.1:1")
    assert "test_sk_a  (toss contract, merchant book)" in text
    assert "client test_gck_b  (toss contract, merchant book)" in text


def test_the_banners_curl_lines_approve_a_payment_however_often_they_are_pasted(provider):
    pasted = lines_to_try(provider)
    for created in ("INITIATED", "APPROVED"):
        done = subprocess.run(["sh", "-c", pasted], capture_output=True, text=True, check=True)
        statuses = [json.loads(answer)["status"] for answer in done.stdout.splitlines()]
        assert statuses == [created, "APPROVED"]


def banner_of(launch, until, encoding: str, **environment: str) -> str:
    """Start a server in a terminal, and return what it prints there, decoded as the terminal does."""
    terminal = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES")}
    server = launch(
        "-m",
        "payments_mock",
        "serve",
        "--port",
        "0",
        environment={**terminal, "PYTHONIOENCODING": encoding, **environment},
    )
    printed = server.folder / "stdout"
    until(lambda: b"Ctrl-C" in printed.read_bytes())
    return printed.read_bytes().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "euc_kr"])
def test_a_korean_terminal_is_greeted_in_korean_in_its_own_encoding(launch, until, encoding: str) -> None:
    text = banner_of(launch, until, encoding, LANG="ko_KR.UTF-8")

    assert "실제 돈은 오가지 않습니다" in text
    assert "클라이언트 키 test_ck_toss_dummy" in text
    assert re.search(r"^  Base URL  http://127\.0\.0\.1:\d+$", text, re.M)
    assert "stand-in" not in text


@pytest.mark.parametrize(
    ("encoding", "environment"),
    [
        ("utf-8", {"LANG": "en_US.UTF-8"}),
        ("utf-8", {"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}),
        ("utf-8", {"LANG": ""}),
        ("ascii", {"LANG": "ko_KR.UTF-8"}),
    ],
    ids=["english", "overruled", "unsaid", "without-korean"],
)
def test_any_other_terminal_is_greeted_in_english_alone(
    launch, until, encoding: str, environment: dict[str, str]
) -> None:
    text = banner_of(launch, until, encoding, **environment)

    assert "no money moves" in text
    assert text.isascii()
    assert "?" not in text


def test_titles_in_korean_are_as_wide_as_in_english():
    text = banner(Settings(), "http://127.0.0.1:1", KOREAN)
    columns = {columns_before(line, "http") for line in text.splitlines() if " http" in line[:20]}
    assert columns == {12}


def columns_before(line: str, word: str) -> int:
    signs = line.partition(word)[0]
    return len(signs) + sum(unicodedata.east_asian_width(sign) == "W" for sign in signs)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--data", "pay.db"], "kept in pay.db"),
        (["--database-url", "sqlite:///other.db?timeout=3"], "kept in sqlite:///other.db"),
    ],
)
def test_the_banner_says_where_the_data_is_kept(
    launch, tmp_path, monkeypatch, arguments: list[str], shown: str
):
    monkeypatch.chdir(tmp_path)
    server = launch("-m", "payments_mock", "serve", "--port", "0", *arguments)
    server.printed("Base URL")
    assert f"Data      {shown}\n" in server.stdout
    assert (tmp_path / arguments[1].removeprefix("sqlite:///").partition("?")[0]).exists()
    assert server.stop() < 3


def test_the_banner_masks_a_databases_password():
    url = "postgresql+psycopg://user:hidden@host/name?password=hidden"
    text = banner(Settings(database_url=url), "http://127.0.0.1:1")
    assert "kept in postgresql+psycopg://user:***@host/name\n" in text
    assert "hidden" not in text
