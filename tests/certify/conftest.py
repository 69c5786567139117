"""A sample kiosk that the command is tried on, and the descriptions that tell of it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testkit.depth import IS_DEEP
from testkit.forked import all_by_forks
from testkit.processes import free_port

KIOSK = """\
[merchant]
name = "The sample kiosk"
base_url = "http://127.0.0.1:{port}"
contract = "kiosk"
settles_within = 8
timeout = 1
start = ["{python}", "-m", "payments_mock", "kiosk", "--port", "{port}", "--timeout", "1",
         "--provider", "{{provider_url}}", "--secret-key", "{{secret_key}}"]

[place_order]
request = "POST /orders"
json = {{ items = [{{ id = "popcorn", quantity = 1 }}] }}
order_id = "$.id"
amount = "$.amount"

[pay]
request = "POST /orders/{{orderId}}/pay"

[order]
request = "GET /orders/{{orderId}}"
status = "$.status"

[order.states]
open = ["OPEN"]
pending = ["PENDING", "REFUND_PENDING"]
paid = ["PAID"]
refunded = ["REFUNDED"]

[refund]
request = "POST /orders/{{orderId}}/refund"
json = {{ reason = "{{reason}}" }}
"""


@pytest.fixture
def port() -> int:
    """The port where the merchant is to listen."""
    return free_port()


@pytest.fixture
def kiosk(tmp_path: Path, port: int) -> Path:
    """The description of the sample kiosk, which is started with each run."""
    file = tmp_path / "kiosk.toml"
    file.write_text(KIOSK.format(port=port, python=sys.executable), "utf-8")
    return file


@pytest.fixture(autouse=True)
def forks() -> Iterator[None]:
    """Start the processes of a run by forks, which is faster; in CI, start them as users do."""
    if IS_DEEP:
        yield
    else:
        with all_by_forks():
            yield
