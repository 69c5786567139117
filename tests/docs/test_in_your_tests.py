"""The test that the README shows is one that runs, and one that fails for a shop that charges twice."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from testkit.depth import waits_for_ci

ROOT = Path(__file__).parents[2]
SHOP = '''
import pytest
import requests


class Shop:
    """Confirms with a key of the order and the payment, or with a new payment for each press."""

    def use_provider(self, url, secret_key):
        self.url, self.auth = url, (secret_key, "")

    def press_pay(self, order_id):
        body = {{"paymentKey": f"pay_{{order_id}}", "orderId": order_id, "amount": 15000}}
        requests.post(f"{{self.url}}/v1/payments", json=body, auth=self.auth)
        if {looks_first} and self.is_paid(order_id):
            return
        try:
            requests.post(f"{{self.url}}/v1/payments/confirm", json=body, auth=self.auth)
        except requests.ConnectionError:
            pass

    def is_paid(self, order_id):
        found = requests.get(f"{{self.url}}/v1/payments/orders/{{order_id}}", auth=self.auth).json()
        return found["status"] == "APPROVED"


@pytest.fixture
def shop():
    return Shop()
'''


def run_the_readmes_test(folder: Path, looks_first: bool) -> subprocess.CompletedProcess[str]:
    found = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    (folder / "test_shop.py").write_text(found[1], "utf-8")
    (folder / "conftest.py").write_text(SHOP.format(looks_first=looks_first), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_it_passes_for_a_shop_that_looks_before_it_asks_again(tmp_path: Path) -> None:
    run = run_the_readmes_test(tmp_path, looks_first=True)

    assert "1 passed" in run.stdout, run.stdout


@waits_for_ci
def test_it_fails_for_a_shop_that_asks_again_at_once(tmp_path: Path) -> None:
    run = run_the_readmes_test(tmp_path, looks_first=False)

    assert "1 failed" in run.stdout, run.stdout
    assert "confirm" in run.stdout


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_it_has_five_lines(page: str) -> None:
    found = re.search(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)

    assert found is not None
    assert len(found[1].splitlines()) == 1 + 5
