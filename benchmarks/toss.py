"""The Toss contract beside the kiosk one: the same operations, in turn, on one server.

Confirm and look-up are written alike in both contracts; payments of the Toss one are born in its window.
"""

import http.client
import json
from collections.abc import Iterator, Sequence

from benchmarks.client import LoadClient
from benchmarks.errors import LoadError
from benchmarks.operations import AMOUNT, CONFIRM, CREATE, GET, KioskContract, Payment, Stage, Stock
from benchmarks.rounds import Round, ShippedSide
from benchmarks.servers import Server

KIOSK, TOSS = "kiosk", "toss"
SECRET_KEY = "test_sk_toss_dummy"
CLIENT_KEY = "test_ck_toss_dummy"
CHECKOUTS_PER_SECOND = 1_000
"""Payments prepared for a second of a round: one that runs out of them ends early."""
PATIENCE_SECONDS = 30.0


def check_out(server: Server, payments: Sequence[Payment]) -> list[Payment]:
    """Let a shopper agree to pay each order; returns the payments under the keys that they were given.

    Raises LoadError when one is not answered with 200.
    """
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE_SECONDS)
    asked = {"clientKey": CLIENT_KEY, "orderName": "bench", "amount": AMOUNT, "method": "CARD"}
    begun = []
    try:
        for payment in payments:
            body = json.dumps(asked | {"orderId": payment.order})
            connection.request("POST", "/control/checkouts", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise LoadError(f"a checkout was answered {answer.status}: {content.decode()}")
            begun.append(Payment(json.loads(content)["paymentKey"], payment.order))
    finally:
        connection.close()
    return begun


def compare(client: LoadClient, server: Server, rounds: int, seconds: float) -> Iterator[list[Round]]:
    """Yield the neighbouring rounds of both contracts, confirm and look-up, `rounds` times over."""
    kiosk = ShippedSide(KIOSK, server, Stock(seed=3))
    toss = ShippedSide(TOSS, server, Stock(seed=4), KioskContract(SECRET_KEY))
    for _ in range(rounds):
        orders = [toss.stock.new() for _ in range(int(CHECKOUTS_PER_SECOND * seconds))]
        toss.stock.add(Stage.CREATED, check_out(server, orders))
        kiosk.measure(client, CREATE, seconds)
        for operation in (CONFIRM, GET):
            yield [side.measure(client, operation, seconds) for side in (kiosk, toss)]
