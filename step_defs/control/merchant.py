"""A merchant whose provider is a sandbox of the kit: it sells one thing, and remembers the last answer."""

from typing import Any

import requests

from payments_mock.testing import Sandbox
from testkit.answer import Answer
from testkit.identifiers import random_order_id


class Merchant:
    """Calls the provider with the keys of the sandbox; `answer` is None where none came."""

    def __init__(self, sandbox: Sandbox, contract: str) -> None:
        self.sandbox = sandbox
        self.contract = contract
        self.answer: Answer | None = None
        self.payment: dict[str, Any] = {}

    def begin(self, amount: int = 10_000, **more: Any) -> None:
        """Bring a payment of a new order as far as its confirm, or as `more` of the checkout says."""
        self.payment = {"orderId": random_order_id(), "amount": amount}
        if self.contract == "toss":
            begun = self.sandbox.shopper.pays(self.payment["orderId"], amount, **more)
            self.payment["paymentKey"] = begun["paymentKey"]
        else:
            self.payment["paymentKey"] = f"pay_{self.payment['orderId']}"
            self.send("POST", "", self.payment)

    def pay(self, amount: int) -> None:
        """Sell something."""
        self.begin(amount)
        self.confirm()

    def confirm(self) -> None:
        """Confirm the payment."""
        self.send("POST", "/confirm", self.payment)

    def cancel(self) -> None:
        """Give the money back."""
        self.send("POST", f"/{self.key}/cancel", {"cancelReason": "CHANGED_MIND"})

    def look_up(self) -> None:
        """Look the payment up."""
        self.send("GET", f"/{self.key}")

    @property
    def key(self) -> str:
        """Return the payment key."""
        return str(self.payment["paymentKey"])

    def transactions(self) -> list[dict[str, Any]]:
        """Return what the provider lists."""
        self.send("GET", "?startDate=2020-01-01&endDate=2900-01-01", root="/v1/transactions")
        assert self.answer is not None
        listed: list[dict[str, Any]] = self.answer.body
        return listed

    def send(self, method: str, path: str, body: Any = None, root: str = "/v1/payments") -> None:
        """Send a request, and remember the answer."""
        url, key = f"{self.sandbox.base_url}{root}{path}", self.sandbox.secret_key
        with requests.Session() as session:
            session.trust_env = False
            try:
                self.answer = Answer.of(session.request(method, url, json=body, auth=(key, ""), timeout=30))
            except requests.ConnectionError:
                self.answer = None
