"""What a server has loaded, and when: nobody waits for what nobody has asked for."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
from base64 import b64encode
import payments_mock.server
from payments_mock.app import create_app
from payments_mock.settings import Settings
from payments_mock.database import TemporaryDatabase

database = TemporaryDatabase()
client = create_app(Settings(database_url=database.url, is_temporary=True, log_format="none")).test_client()

def call(method, path, key=None, body=None):
    headers = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()} if key else {}
    status = client.open(path, method=method, headers=headers, json=body).status_code
    print(json.dumps([status, sorted(sys.modules)]))

call("GET", "/health")
call("POST", "/v1/payments", "test_sk_dummy", {"paymentKey": "pay_1", "orderId": "order_1", "amount": 1})
call("GET", "/v1/payments/pay_1", "test_sk_toss_dummy")
call("GET", "/receipts/pay_1")
call("GET", "/v1/payment")
call("GET", "/control/sandboxes")
call("GET", "/docs")
database.remove()
"""

CONTRACTS = "payments_mock.contracts"
NOT_FOR_HEALTH = [
    "apispec",
    "marshmallow",
    "requests",
    "payments_mock.checkout.pages",
    f"{CONTRACTS}.kiosk.contract",
    f"{CONTRACTS}.toss.catalogue",
    f"{CONTRACTS}.toss.contract",
    "payments_mock.control.api",
    "payments_mock.http.dispatcher",
    "payments_mock.http.journal",
    "payments_mock.receipts.pages",
    "payments_mock.reference.pages",
    "payments_mock.webhooks.dispatcher",
]
ASKED = ("health", "kiosk", "toss", "receipt", "checkout", "control", "docs")


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """Ask an application for one thing after another, and return what is loaded after each."""
    shown = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [status for status, _ in answers] == [200, 200, 404, 404, 200, 200, 200]
    return {name: set(modules) for name, (_, modules) in zip(ASKED, answers, strict=True)}


@pytest.mark.parametrize("module", NOT_FOR_HEALTH)
def test_a_server_is_up_without(loaded: dict[str, set[str]], module: str) -> None:
    assert module not in loaded["health"]


@pytest.mark.parametrize(
    ("asked", "module", "before"),
    [
        ("kiosk", f"{CONTRACTS}.kiosk.contract", "health"),
        ("toss", f"{CONTRACTS}.toss.contract", "kiosk"),
        ("receipt", "payments_mock.receipts.pages", "toss"),
        ("checkout", "payments_mock.checkout.pages", "receipt"),
        ("control", "payments_mock.control.api", "checkout"),
        ("docs", "payments_mock.reference.pages", "control"),
    ],
)
def test_the_first_who_asks_has_it_loaded(
    loaded: dict[str, set[str]], asked: str, module: str, before: str
) -> None:
    assert module not in loaded[before]
    assert module in loaded[asked]


def test_a_kiosk_has_nothing_of_the_other_contract_loaded(loaded: dict[str, set[str]]) -> None:
    known = {name for name in loaded["kiosk"] if name.startswith(f"{CONTRACTS}.toss")}

    assert known == {f"{CONTRACTS}.toss", f"{CONTRACTS}.toss.paths"}
