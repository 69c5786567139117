"""The control API answers this machine alone, or whoever has the token."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from payments_mock.app import create_app
from payments_mock.settings import Settings
from testkit.inside.database import close_connections
from tests.control.desk import Desk

TOKEN = "open-sesame"


def code_of(desk: Desk, address: str = "127.0.0.1", **headers: str) -> tuple[int, str | None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = desk.call("GET", "sandboxes", headers=named, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, answer.get_json().get("code")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_answered(desk: Desk, address: str) -> None:
    assert code_of(desk, address) == (200, None)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.7", "::ffff:10.0.0.1", "2001:db8::1", ""])
def test_another_machine_is_refused(desk: Desk, address: str) -> None:
    assert code_of(desk, address) == (403, "NOT_LOCAL")


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "X-Original-Host",
        "X-Original-URL",
        "X-Original-Forwarded-For",
        "X-Envoy-External-Address",
        "True-Client-IP",
        "CF-Connecting-IP",
        "CF-Ray",
        "CDN-Loop",
        "Fastly-Client-IP",
    ],
)
def test_what_comes_through_a_proxy_is_refused(desk: Desk, name: str) -> None:
    assert code_of(desk, **{name: "127.0.0.1"}) == (403, "NOT_LOCAL")


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:9090", "127.0.0.1.attacker.example"])
def test_a_name_that_was_rebound_to_this_machine_is_refused(desk: Desk, host: str) -> None:
    assert code_of(desk, Host=host) == (403, "NOT_LOCAL")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:9090", "shop.localhost", "127.0.0.1:80", "[::1]:80"]
)
def test_names_of_this_machine_are_answered(desk: Desk, host: str) -> None:
    assert code_of(desk, Host=host) == (200, None)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://attacker.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}],
)
def test_a_page_of_another_origin_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    assert code_of(desk, **headers) == (403, "NOT_LOCAL")


def test_a_page_of_this_server_is_answered(desk: Desk) -> None:
    assert code_of(desk, Origin="http://localhost", Sec_Fetch_Site="same-origin") == (200, None)


def test_no_answer_lets_other_origins_in(desk: Desk) -> None:
    answers = [
        desk.call(method, "sandboxes", headers={"Origin": "http://localhost"})
        for method in ("GET", "OPTIONS")
    ]

    assert [name for answer in answers for name, _ in answer.headers if "Access-Control" in name] == []


def test_a_path_that_is_not_there_is_refused_alike(desk: Desk) -> None:
    answer = desk.call("GET", "nothing", environ_base={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.status_code == 403


@pytest.fixture
def guarded(settings: Settings) -> Iterator[Desk]:
    """Lend the desk of a server that has a token."""
    app: Flask = create_app(replace(settings, control_token=TOKEN))
    yield Desk(app)
    close_connections(app)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {TOKEN}"},
        {"Authorization": f"bearer {TOKEN}"},
        {"X_Control_Token": TOKEN},
    ],
)
def test_the_token_opens_from_anywhere(guarded: Desk, headers: dict[str, str]) -> None:
    assert code_of(guarded, "10.0.0.1", **headers) == (200, None)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1"])
def test_without_the_token_nobody_is_answered(guarded: Desk, address: str) -> None:
    assert code_of(guarded, address) == (401, "TOKEN_MISSING")


@pytest.mark.parametrize("sent", ["open-sesam", "open-sesame2", "오픈", "x" * 5000])
def test_another_token_is_refused(guarded: Desk, sent: str) -> None:
    assert code_of(guarded, X_Control_Token=sent) == (401, "TOKEN_WRONG")


def test_the_refusal_says_how_to_send_it(guarded: Desk) -> None:
    answer = guarded.call("GET", "sandboxes")

    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.get_json()["message"]


def test_the_contracts_ask_for_no_token(guarded: Desk) -> None:
    client: FlaskClient = guarded.app.test_client()

    assert client.get("/v1/payments/pay_123", auth=("test_sk_dummy", "")).status_code == 404
