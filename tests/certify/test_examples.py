"""docs/examples.md teaches no mistake: a shop around its code is certified."""

import shutil
from pathlib import Path

import pytest

from payments_mock.certify.processes import listens
from tests.certify.command_line import certify
from tests.docs.test_examples import FILES

HERE = Path(__file__).parent / "examples"
DESCRIPTION = """\
[merchant]
name = "The shop of the examples"
base_url = "http://127.0.0.1:{port}"
webhook_url = "http://127.0.0.1:{port}/webhooks"
settles_within = 8
timeout = 5
start = [{start}]
environment = {{ PORT = "{{port}}" }}

[place_order]
request = "POST /orders"
order_id = "$.orderId"
amount = "$.amount"

[returned]
request = "POST /returned"
json = {{ paymentKey = "{{paymentKey}}", orderId = "{{orderId}}", amount = "{{amount}}" }}

[order]
request = "GET /orders/{{orderId}}"
status = "$.status"
states = {{ open = ["OPEN"], pending = ["PENDING"], paid = ["PAID"], refunded = ["REFUNDED"] }}

[reconcile]
request = "POST /reconcile"
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node on this machine")
def test_the_shop_of_the_examples_in_node_is_certified(tmp_path: Path, port: int) -> None:
    (tmp_path / "shop.mjs").write_text(FILES["shop.mjs"], "utf-8")
    shutil.copy(HERE / "server.mjs", tmp_path)
    file = tmp_path / "merchant.toml"
    start = f'"node", "{tmp_path / "server.mjs"}"'
    file.write_text(DESCRIPTION.format(port=port, start=start), "utf-8")

    run = certify(file)

    assert run.returncode == 0, run.stdout
    assert not listens(f"http://127.0.0.1:{port}")
