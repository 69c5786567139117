"""The sample kiosk is certified on both contracts, by every scenario that applies, within a bounded time."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from testkit.depth import waits_for_ci
from tests.certify.command_line import certify

TEMPLATE = (Path(__file__).parent / "sample-kiosk.toml").read_text("utf-8")
PAYING = {
    "kiosk": '[pay]\nrequest = "POST /orders/{orderId}/pay"',
    "toss": '[returned]\nrequest = "POST /api/v1/payments/confirm"\n'
    'json = { paymentKey = "{paymentKey}", orderId = "{orderId}", amount = "{amount}" }\n\n'
    "[virtual_account]\n"
    'request = "POST /api/v1/payments/confirm"\n'
    'json = { paymentKey = "{paymentKey}", orderId = "{orderId}", amount = "{amount}" }',
}
WEBHOOKS = {"kiosk": "", "toss": 'webhook_url = "http://127.0.0.1:@PORT@/api/v1/payments/webhook"'}
MOST_SECONDS = 75
OF_A_WINDOW = ', "--client-key", "{client_key}"'


def described(contract: str, port: int) -> str:
    """Describe the kiosk on a contract."""
    text = TEMPLATE.replace("@PAYING@", PAYING[contract]).replace("@WEBHOOKS@", WEBHOOKS[contract])
    text = text if contract == "toss" else text.replace(OF_A_WINDOW, "")
    return (
        text.replace("@CONTRACT@", contract).replace("@PORT@", str(port)).replace("@PYTHON@", sys.executable)
    )


@waits_for_ci
@pytest.mark.parametrize("contract", PAYING)
def test_the_sample_kiosk_is_certified(contract: str, tmp_path: Path, port: int) -> None:
    file, report = tmp_path / "kiosk.toml", tmp_path / "report.json"
    file.write_text(described(contract, port), "utf-8")

    began = time.monotonic()
    run = certify(file, "--report", f"json={report}")
    took = time.monotonic() - began

    assert run.returncode == 0, run.stdout
    counts = json.loads(report.read_text("utf-8"))["merchants"][0]["counts"]
    assert counts["survives"] >= 50
    assert took < MOST_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
