"""A story that was copied as a test runs, and passes."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from testkit.depth import depth, waits_for_ci
from tests.browser.conftest import Provider
from tests.browser.inspector.conftest import Inspector, Merchant


def copied(page: Page, name: str) -> str:
    """Press a button that copies, and return what it would have put on the clipboard."""
    page.get_by_test_id("story-row").first.wait_for()
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name=name).click()
    page.wait_for_function("window.copied")
    text: str = page.evaluate("window.copied")
    return text


def pay_after_a_lost_answer(merchant: Merchant, payment_key: str = "") -> None:
    merchant.sandbox.faults.lose_answer("confirm")
    for _ in range(2):
        merchant.confirm("order_1", payment_key=payment_key)


@waits_for_ci
@pytest.mark.parametrize("contract", depth(["kiosk", "toss"], ["toss"]))
def test_a_copied_test_passes(
    inspector: Inspector, merchant: Merchant, toss_merchant: Merchant, contract: str, tmp_path: Path
) -> None:
    chosen = merchant if contract == "kiosk" else toss_merchant
    if contract == "kiosk":
        merchant.create("order_1")
        pay_after_a_lost_answer(merchant)
    else:
        opened = toss_merchant.sandbox.shopper.pays("order_1", 15000)
        pay_after_a_lost_answer(toss_merchant, opened["paymentKey"])
    page = inspector.open(chosen.sandbox, "order/order_1")

    test = tmp_path / "test_story.py"
    test.write_text(copied(page, "Copy as pytest"), encoding="utf-8")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, test.read_text(encoding="utf-8") + done.stdout
    assert "sandbox.faults.lose_answer" in test.read_text(encoding="utf-8")


def test_copied_curl_lines_run(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")

    lines = copied(page, "Copy as curl").replace("SECRET_KEY", merchant.sandbox.secret_key)
    done = subprocess.run(["bash", "-e", "-c", lines], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"orderId":"order_1"') == 2


@waits_for_ci
def test_a_copied_scenario_passes(
    inspector: Inspector, toss_merchant: Merchant, provider: Provider, tmp_path: Path
) -> None:
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000)
    pay_after_a_lost_answer(toss_merchant, opened["paymentKey"])
    page = inspector.open(toss_merchant.sandbox, "order/order_1")

    (tmp_path / "story.feature").write_text(copied(page, "Copy as Gherkin"), encoding="utf-8")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["payments_mock.testing.steps"]\n')
    (tmp_path / "test_story.py").write_text(
        'from pytest_bdd import scenarios\n\nscenarios("story.feature")\n'
    )
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--payments-mock-url",
        provider.url,
    ]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
