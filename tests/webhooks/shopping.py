"""What happens in a sandbox that its merchant is told of."""

import time
from typing import Any

from testkit.inside.bank_shop import BankShop
from testkit.receiver import PATIENCE_SECONDS
from tests.control.desk import SandboxDesk


def bank_shop(sandbox: SandboxDesk) -> BankShop:
    return BankShop(sandbox.desk.app, sandbox.made["secretKey"], sandbox.made["clientKey"])


def deliveries(sandbox: SandboxDesk, **query: object) -> list[dict[str, Any]]:
    answer = sandbox.call("GET", "webhooks/deliveries", query_string=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["deliveries"]
    return found


def attempted(sandbox: SandboxDesk, count: int = 1) -> list[dict[str, Any]]:
    """Wait until this many deliveries were attempted, and return them."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    found = deliveries(sandbox)
    while sum(bool(one["attempts"]) for one in found) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
        found = deliveries(sandbox)
    return found
