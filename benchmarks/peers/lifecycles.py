"""The life of a payment in each server's words: made, confirmed, looked up, refunded."""

import base64
import json
from itertools import count
from typing import Protocol
from urllib.parse import urlencode

from benchmarks.peers.connection import Connection

AMOUNT = 10_000
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def basic(key: str) -> str:
    """Return the Authorization header of a secret key."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


class Lifecycle(Protocol):
    """How one server is asked."""

    authorization: str

    async def live(self, connection: Connection) -> None:
        """Take one new payment from its beginning to its refund."""


class OurLifecycle:
    """The kiosk contract."""

    authorization = basic("test_sk_dummy")

    def __init__(self) -> None:
        self._numbers = count()

    async def live(self, connection: Connection) -> None:
        """Create, confirm, look up, cancel."""
        number = next(self._numbers)
        named = {"paymentKey": f"peer-{number}", "orderId": f"order-{number:08}", "amount": AMOUNT}
        body = json.dumps(named).encode()
        path = f"/v1/payments/{named['paymentKey']}"
        await connection.call("POST", "/v1/payments", body, JSON)
        await connection.call("POST", "/v1/payments/confirm", body, JSON)
        await connection.call("GET", path)
        await connection.call("POST", f"{path}/cancel", b'{"cancelReason": "USER_REQUEST"}', JSON)


class LocalstripeLifecycle:
    """localstripe: payment intents of a card that was made known before."""

    authorization = basic("sk_test_12345")

    def __init__(self) -> None:
        self._payment_method = ""

    async def live(self, connection: Connection) -> None:
        """Create, confirm, look up, refund."""
        if not self._payment_method:
            self._payment_method = await _card(connection)
        wanted = {"amount": AMOUNT, "currency": "krw", "payment_method": self._payment_method}
        made = await connection.call("POST", "/v1/payment_intents", urlencode(wanted).encode(), FORM)
        path = f"/v1/payment_intents/{made['id']}"
        confirmed = await connection.call("POST", f"{path}/confirm", b"", FORM)
        await connection.call("GET", path)
        refund = {"charge": confirmed["charges"]["data"][0]["id"]}
        await connection.call("POST", "/v1/refunds", urlencode(refund).encode(), FORM)


async def _card(connection: Connection) -> str:
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    wanted = {"type": "card"} | {f"card[{name}]": value for name, value in card.items()}
    made = await connection.call("POST", "/v1/payment_methods", urlencode(wanted).encode(), FORM)
    return str(made["id"])
