"""Merchants that recipes alone do not reach: through their pages in Chromium, and by a driver program."""

import shutil
import sys
from pathlib import Path

import pytest

from testkit.depth import waits_for_ci
from tests.certify.command_line import certify, changed

NEEDS_CHROMIUM = pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
PAGES = """\
[merchant]
name = "The sample kiosk"
base_url = "http://127.0.0.1:{port}"
settles_within = 8
timeout = 1
shopper = "browser"
secret_key = "test_sk_pages"
client_key = "test_ck_pages"
start = ["{python}", "-m", "payments_mock", "kiosk", "--contract", "toss", "--port", "{port}",
         "--timeout", "1", "--provider", "{{provider_url}}", "--secret-key", "{{secret_key}}",
         "--client-key", "{{client_key}}"]

[place_order]
request = "POST /api/v1/orders"
json = {{ buyer = "Kim", items = [{{ id = "popcorn", quantity = 1 }}] }}
order_id = "$.orderId"
amount = "$.amount"

[returned]
request = "POST /api/v1/payments/confirm"
json = {{ paymentKey = "{{paymentKey}}", orderId = "{{orderId}}", amount = "{{amount}}" }}

[order]
request = "GET /api/v1/orders/{{orderId}}"
status = "$.status"
states = {{ open = ["OPEN"], pending = ["PENDING", "REFUND_PENDING"], paid = ["PAID"] }}

[browser]
page = "/pay.html?order={{orderId}}"
pay = "[data-testid=pay]"
"""

DRIVER = """
import base64, json, os, sys, urllib.error, urllib.request

placed = []


def call(method, path, body=None):
    key = base64.b64encode(f"{os.environ['SECRET_KEY']}:".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["PROVIDER_URL"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return {}


def carry_out(verb, orderId="", **more):
    charge = {"paymentKey": f"pay_{orderId}", "orderId": orderId, "amount": 5000}
    if verb == "describe":
        return {"verbs": ["place_order", "pay", "order"]}
    if verb == "place_order":
        placed.append(orderId)
        return {"order_id": f"order_{os.getpid()}_{len(placed)}", "amount": 5000}
    if verb == "pay":
        call("POST", "/v1/payments", charge)
        call("POST", "/v1/payments/confirm", charge)
        return {}
    found = call("GET", f"/v1/payments/pay_{orderId}").get("status")
    return {"status": "paid" if found == "APPROVED" else "open"}


for line in sys.stdin:
    print(json.dumps({"ok": True, **carry_out(**json.loads(line))}), flush=True)
"""


@pytest.fixture
def pages(tmp_path: Path, port: int) -> Path:
    """The description of the sample kiosk, whose shopper pays on its pages."""
    file = tmp_path / "pages.toml"
    file.write_text(PAGES.format(port=port, python=sys.executable), "utf-8")
    return file


@NEEDS_CHROMIUM
def test_a_shopper_in_chromium_pays_on_the_merchants_own_pages(pages: Path) -> None:
    run = certify(pages, "--run", "confirm-reset-again")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "The shopper pays in Chromium, through the real pages" in run.stdout


@waits_for_ci
@NEEDS_CHROMIUM
def test_pages_that_lead_to_no_payment_are_untested(pages: Path) -> None:
    run = certify(changed(pages, "[data-testid=pay]", "#no-such-button"), "--run", "confirm-reset-again")

    assert run.returncode == 3
    assert "the pages led to no payment" in run.stdout


def test_a_driver_program_stands_in_for_recipes(tmp_path: Path) -> None:
    program, file = tmp_path / "driver.py", tmp_path / "driven.toml"
    program.write_text(DRIVER, "utf-8")
    file.write_text(
        '[merchant]\nname = "Driven"\nbase_url = "http://127.0.0.1:1"\ncontract = "kiosk"\n'
        f'settles_within = 5\ntimeout = 1\ndriver = ["{sys.executable}", "{program}"]\n',
        "utf-8",
    )

    run = certify(file, "--run", "confirm-reset", "--run", "cancel-reset", "--run", "press-twice")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 survives, 1 not applicable" in run.stdout.splitlines()[-1]


def test_a_driver_that_ends_is_not_blamed(tmp_path: Path) -> None:
    file = tmp_path / "driven.toml"
    file.write_text(
        '[merchant]\nname = "Driven"\nbase_url = "http://127.0.0.1:1"\ncontract = "kiosk"\n'
        f'driver = ["{sys.executable}", "-c", "pass"]\n',
        "utf-8",
    )

    run = certify(file, "--run", "confirm-reset")

    assert run.returncode == 70
    assert "the driver answered describe with no verbs" in run.stderr
