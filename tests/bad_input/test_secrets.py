"""A caller's secrets appear neither in refusals nor in the log of a real server."""

from base64 import b64encode
from typing import Any

import pytest
import requests

from testkit.processes import ServerProcess
from tests.bad_input.conftest import CONTROL_TOKEN

pytestmark = pytest.mark.every_database

WRONG_KEY = "live_sk_nobodys_0123456789"
CARD = {
    "cardNumber": "9999888877776666",
    "cardExpirationYear": "00",
    "cardExpirationMonth": "77",
    "customerIdentityNumber": "77777777",
    "cardPassword": "73x",
}
ORDER = {"orderId": "order_secret", "orderName": "coffee", "amount": 1000, "customerKey": "customer-1"}


def send(server: ServerProcess, method: str, path: str, **options: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, server.url + path, timeout=20, **options)


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("method", "path", "options", "secrets"),
    [
        ("GET", "/v1/payments/a", {"headers": basic(f"{WRONG_KEY}:")}, [WRONG_KEY]),
        ("GET", "/v1/payments/a", {"headers": basic(WRONG_KEY)}, [WRONG_KEY]),
        ("GET", "/v1/payments/a", {"headers": basic(f"test_sk_dummy:{WRONG_KEY}")}, [WRONG_KEY]),
        ("GET", "/v1/payments/a", {"headers": {"Authorization": f"Bearer {WRONG_KEY}"}}, [WRONG_KEY]),
        ("GET", "/v1/nowhere", {"headers": basic(f"{WRONG_KEY}:")}, [WRONG_KEY]),
        (
            "POST",
            "/v1/payments/key-in",
            {"headers": basic("test_sk_toss_dummy:"), "json": CARD | ORDER},
            [CARD["cardNumber"], CARD["customerIdentityNumber"], CARD["cardPassword"], "test_sk_toss_dummy"],
        ),
        (
            "POST",
            "/v1/billing/authorizations/card",
            {"headers": basic("test_sk_toss_dummy:"), "json": CARD | ORDER},
            [CARD["cardNumber"], CARD["customerIdentityNumber"], CARD["cardPassword"]],
        ),
        (
            "POST",
            "/v1/payments/key-in",
            {"headers": basic("test_sk_toss_dummy:"), "data": '{"cardNumber": "9999888877776666",'},
            [CARD["cardNumber"]],
        ),
        (
            "GET",
            "/control/sandboxes",
            {"headers": {"X-Control-Token": WRONG_KEY}},
            [WRONG_KEY, CONTROL_TOKEN],
        ),
        ("GET", "/control/sandboxes", {}, [CONTROL_TOKEN]),
        ("GET", "/receipts/a?token=receipt-token-1234", {}, ["receipt-token-1234"]),
        ("GET", "/checkout/windows/a?token=window-token-1234", {}, ["window-token-1234"]),
    ],
)
def test_a_refusal_and_its_log_repeat_no_secret(
    server: ServerProcess, method: str, path: str, options: dict[str, Any], secrets: list[str]
) -> None:
    answer = send(server, method, path, **options)

    assert 400 <= answer.status_code < 500
    for secret in [*secrets, *(b64encode(f"{secret}:".encode()).decode() for secret in secrets)]:
        assert secret not in answer.text
        assert secret not in str(answer.headers)
        assert secret not in server.stderr


@pytest.mark.parametrize("contract", ["kiosk", "toss", "control"])
def test_the_reference_lets_no_script_but_ours_run_and_nobody_guess_its_type(
    server: ServerProcess, contract: str
) -> None:
    headers = send(server, "GET", f"/docs?contract={contract}").headers

    policy = dict(rule.partition(" ")[::2] for rule in headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
