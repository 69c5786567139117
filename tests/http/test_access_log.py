"""The access log: one structured line a request, which never holds a secret."""

import re
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import requests
from flask import Flask

from payments_mock.app import create_app
from payments_mock.http import access_log
from payments_mock.settings import Settings
from testkit.inside.database import close_connections, drop_tables
from testkit.inside.shop import Shop, basic
from testkit.processes import running_server
from testkit.sandbox import Sandbox

ENCODED_KEY = basic("test_sk_dummy:").removeprefix("Basic ")


@pytest.fixture(params=["text", "json"])
def log_format(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(settings: Settings, log_format: str) -> Settings:
    return replace(settings, log_format=log_format)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the lines of the access log as they are written."""
    written: list[str] = []

    def write(text: str) -> int:
        written.append(text.removesuffix("\n"))
        return len(text)

    # pytest takes standard error back between a fixture and its test, so the log alone is given another.
    monkeypatch.setattr(access_log, "sys", SimpleNamespace(stderr=SimpleNamespace(write=write)))
    return written


@pytest.fixture
def shop(lines: list[str], app: Flask) -> Shop:
    return Shop(app, "test_sk_dummy")


def entry(line: str) -> dict[str, Any]:
    """Read a line of either format."""
    if line.startswith("{"):
        fields: dict[str, Any] = orjson.loads(line)
        return fields
    pairs = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)', line)
    return {name: orjson.loads(value) if value.startswith('"') else value for name, value in pairs}


def test_a_request_is_one_line(shop: Shop, lines: list[str]) -> None:
    shop.create()
    shop.confirm()

    assert len(lines) == 2
    assert not any("\n" in line for line in lines)


def test_a_line_tells_who_did_what_and_how_it_ended(shop: Shop, lines: list[str]) -> None:
    shop.create()

    logged = entry(lines[0])
    assert (logged["merchant"], logged["operation"], logged["outcome"]) == ("kiosk", "create", "OK")
    assert (logged["method"], logged["path"], str(logged["status"])) == ("POST", "/v1/payments", "200")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", logged["time"])
    assert float(logged["ms"]) >= 0


@pytest.mark.parametrize(
    ("path", "operation", "outcome"),
    [
        ("/v1/payments/pay_124", "get", "NOT_FOUND"),
        ("/v1/payments/orders/order_124", "get-by-order", "NOT_FOUND"),
        ("/v1/payments/pay_123/cancel", None, "METHOD_NOT_ALLOWED"),
        ("/v1/nothing", "-", "NOT_FOUND"),
        ("/health", "health.show", "OK"),
    ],
)
def test_an_outcome_is_the_code_that_was_answered(
    shop: Shop, lines: list[str], path: str, operation: str | None, outcome: str
) -> None:
    shop.call("GET", path)

    logged = entry(lines[0])
    assert logged["outcome"] == outcome
    assert operation in {None, logged["operation"]}


def test_a_stranger_is_no_merchant(shop: Shop, lines: list[str]) -> None:
    shop.call("GET", "/v1/payments/pay_123", headers={"Authorization": "Basic x"})

    logged = entry(lines[0])
    assert (logged["merchant"], logged["outcome"], str(logged["status"])) == ("-", "UNAUTHORIZED_KEY", "401")


def test_a_fault_of_ours_is_logged_too(shop: Shop, lines: list[str]) -> None:
    drop_tables(shop.app)

    shop.get()

    assert entry(lines[0])["outcome"] == "INTERNAL_ERROR"


def test_a_path_of_odd_characters_stays_on_its_line(shop: Shop, lines: list[str]) -> None:
    shop.call("GET", '/v1/a%0Ab%22 c=d%0D"%E2%80%A8결제')

    assert re.search(r"[\r\n]", lines[0]) is None
    assert entry(lines[0])["path"] == '/v1/a\nb" c=d\r"\u2028결제'


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/payments/pay_123?key=test_sk_dummy", {}),
        ("/v1/nothing?secretKey=test_sk_dummy", {}),
        ("/health?test_sk_dummy", {}),
        ("/v1/payments/test_sk_dummy", {}),
        ("/v1/test_sk_dummy:@localhost/test_gsk_dummy", {}),
        ("/v1/payments/pay_123", {"Authorization": "Basic test_sk_dummy:"}),
        ("/v1/payments/pay_123", {"Authorization": "Bearer test_sk_dummy"}),
        ("/v1/payments/pay_123", {"Authorization": basic("test_sk_dummy")}),
        ("/v1/payments/pay_123", {"Authorization": basic("test_sk_dummy:test_sk_dummy")}),
        ("/v1/payments/pay_123", {"X-Api-Key": "test_sk_dummy", "User-Agent": "test_sk_dummy"}),
        ("/v1/payments/pay_123", {"Cookie": "key=test_sk_dummy", "Referer": "http://x/?test_sk_dummy"}),
    ],
)
def test_a_key_is_never_logged(
    shop: Shop, lines: list[str], caplog: pytest.LogCaptureFixture, path: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        shop.call(method, path, headers=headers, json={"secretKey": "test_sk_dummy"})

    assert len(lines) == 2
    written = "\n".join([*lines, caplog.text])
    assert "dummy" not in written
    assert ENCODED_KEY not in written


def test_the_token_of_a_receipt_is_never_logged(shop: Shop, lines: list[str]) -> None:
    url = shop.pay().json["receipt"]["url"]  # type: ignore[index]

    assert shop.call("GET", url.removeprefix("http://localhost")).status_code == 200

    assert entry(lines[-1])["path"] == "/receipts/pay_123"
    assert url.partition("token=")[2] not in "\n".join(lines)


def test_nothing_of_a_body_is_logged(shop: Shop, lines: list[str]) -> None:
    shop.create(amount=987654321, orderName="a-private-name")

    assert "987654321" not in lines[0]
    assert "private" not in lines[0]


def test_none_logs_nothing(settings: Settings, lines: list[str]) -> None:
    app = create_app(replace(settings, log_format="none"))

    Shop(app, "test_sk_dummy").create()

    assert lines == []
    close_connections(app)


def test_a_refusal_says_of_which_order_and_why(shop: Shop, lines: list[str]) -> None:
    shop.create(amount=15000)
    shop.confirm(amount=14999)

    assert "order" not in entry(lines[0])
    refused = entry(lines[1])
    assert (refused["order"], refused["reason"]) == ("order_123", "amount is 15000, not 14999")


def test_a_fault_says_what_it_was_and_what_it_let_through(shop: Shop, lines: list[str]) -> None:
    arm(shop.app, {"kind": "error", "code": "NOT_FOUND"})

    shop.create()

    struck = entry(lines[-1])
    assert (struck["order"], struck["fault"], struck["sent"]) == ("order_123", "error", "answer")
    assert struck["reason"] == "the fault out was armed for this call"


def test_an_answer_that_a_fault_swallowed_was_not_sent(tmp_path: Path, log_format: str) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", log_format]
    with running_server(command, tmp_path) as server:
        sandbox = Sandbox.on(server.url, "kiosk")
        begun = sandbox.begin()
        sandbox.arm("reset", "after")
        with suppress(requests.ConnectionError):
            sandbox.confirm(begun)
        sandbox.state(begun)
        [struck] = [entry(line) for line in server.stderr.splitlines() if "/v1/payments/confirm" in line]

    assert (struck["order"], struck["fault"], struck["sent"]) == (begun["orderId"], "reset", "nothing")


def test_a_fault_without_a_refusal_gives_no_reason(shop: Shop, lines: list[str]) -> None:
    arm(shop.app, {"kind": "delay", "seconds": 0}, moment="after")

    shop.create()

    struck = entry(lines[-1])
    assert (struck["fault"], struck["outcome"], "reason" in struck) == ("delay", "OK", False)


def arm(app: Flask, effect: dict[str, Any], moment: str = "before") -> None:
    armed = app.test_client().post(
        "/control/sandboxes/kiosk/faults", json={"name": "out", "moment": moment, "effect": effect}
    )
    assert armed.status_code == 200, armed.text


def test_an_operation_of_the_other_contract_is_told_from_a_wrong_path(app: Flask, lines: list[str]) -> None:
    Shop(app, "test_sk_toss_dummy").call("GET", "/v1/nothing")
    Shop(app, "test_sk_dummy").call("GET", "/v1/settlements")

    assert entry(lines[0])["reason"] == "there is no /v1/nothing"
    assert (
        entry(lines[1])["reason"] == "GET /v1/settlements is not in the kiosk contract, which this key speaks"
    )


def test_a_body_of_the_other_contract_is_told_from_a_wrong_one(app: Flask, lines: list[str]) -> None:
    made = app.test_client().post("/control/sandboxes", json={"contract": "toss"}).get_json()
    lines.clear()
    kiosk, toss = Shop(app, "test_sk_dummy"), Shop(app, made["secretKey"])
    pages = {"successUrl": "http://shop.example/done", "failUrl": "http://shop.example/failed"}
    order = {"method": "CARD", "amount": 100, "orderId": "order_1", "orderName": "Tea", **pages}

    toss.create()
    toss.call("POST", "/v1/payments", json={"orderId": "order_1"})
    kiosk.call("POST", "/v1/payments", json=order)

    of_kiosk, wrong, of_toss = (entry(line)["reason"] for line in lines)
    assert of_kiosk.startswith("this body is of the kiosk contract, and the key speaks toss: method: Missing")
    assert wrong.startswith("method: Missing")
    assert of_toss.startswith("this body is of the toss contract, and the key speaks kiosk: paymentKey: ")


def test_a_reason_as_long_as_a_body_is_cut(shop: Shop, lines: list[str]) -> None:
    shop.call("POST", "/control/sandboxes", json={"x" * 5000: 1}, headers={"Authorization": ""})

    assert len(lines[0]) < 700
    assert entry(lines[0])["reason"].startswith("xxx")


def test_a_key_in_a_reason_is_masked(shop: Shop, lines: list[str]) -> None:
    shop.call("POST", "/control/sandboxes", json={"test_sk_dummy": 1}, headers={"Authorization": ""})

    assert "dummy" not in lines[0]
    assert "***" in entry(lines[0])["reason"]
