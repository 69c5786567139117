"""Confirm a payment in a process that is killed amid it: `python -m … DATABASE PAYMENT_KEY ORDER_ID KEY`.

The key of the charge is the last thing that is made before the charge is written; who asks for it dies.
"""

import os
import signal
import sys

from payments_mock.app import create_app
from payments_mock.ids import Ids
from payments_mock.settings import Settings
from testkit.inside.toss_merchant import TossMerchant


def die(count: int) -> bytes:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives that")


def confirm(database: str, payment_key: str, order_id: str, key: str) -> None:
    app = create_app(Settings(database_url=database, log_format="none"), ids=Ids(die))
    fields = {"paymentKey": payment_key, "orderId": order_id, "amount": 10_000}
    toss = TossMerchant(app, "test_sk_toss_dummy", "test_ck_toss_dummy")
    toss.post("/v1/payments/confirm", fields, headers={"Idempotency-Key": key})


if __name__ == "__main__":
    confirm(*sys.argv[1:])
