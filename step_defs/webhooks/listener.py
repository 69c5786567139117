"""A merchant in a sandbox of its own, which listens for webhooks and sells."""

import json
import time
from typing import Any

import requests

from testkit.answer import Answer
from testkit.checks import granted
from testkit.credentials import basic
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider
from testkit.receiver import PATIENCE_SECONDS, Receiver

ORDER_NAME = "토스 티셔츠 외 2건"


class Listener:
    """Calls the provider, controls the sandbox, and takes webhooks as its receiver does."""

    def __init__(self, url: str, contract: str = "toss") -> None:
        self.provider = Provider(url, None)
        self.receiver = Receiver()
        self.made: dict[str, Any] = granted(
            self.provider.post("/control/sandboxes", {"contract": contract})
        ).body
        self.provider.authorization = basic(f"{self.made['secretKey']}")
        self.order_id = random_order_id()
        self.payment_key = ""
        self.amount = 10_000
        self.told_at_answer: list[str] = []

    def close(self) -> None:
        self.receiver.stop()
        granted(self.provider.send("DELETE", f"/control/sandboxes/{self.made['id']}"))
        self.provider.__exit__(None, None, None)

    def control(self, path: str, **fields: Any) -> Answer:
        return self.provider.post(f"/control/sandboxes/{self.made['id']}/{path}", fields)

    def listen(self, **fields: Any) -> Answer:
        return self.control("webhooks", url=self.receiver.url, **fields)

    def open_window(self, result: str = "authenticate") -> None:
        begun = {
            "clientKey": self.made["clientKey"],
            "orderId": self.order_id,
            "orderName": ORDER_NAME,
            "amount": self.amount,
            "method": "CARD",
            "outcome": {"result": result},
        }
        self.payment_key = granted(self.provider.post("/control/checkouts", begun)).body["paymentKey"]

    def pay(self) -> None:
        """Let a shopper pay, whether or not the answer arrives; notes the webhooks that had come by then."""
        self.open_window()
        asked = {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": self.amount}
        try:
            granted(self.provider.post("/v1/payments/confirm", asked))
        except requests.ConnectionError:
            return
        self.told_at_answer = [one.status for one in self.receiver.received]

    def issue_account(self) -> None:
        order = {"amount": self.amount, "orderId": self.order_id, "orderName": ORDER_NAME}
        whose = {"customerName": "박토스", "bank": "20"}
        issued = granted(self.provider.post("/v1/virtual-accounts", order | whose))
        self.payment_key = issued.body["paymentKey"]

    def at_the_bank(self, what: str) -> None:
        path = f"/control/payments/{self.payment_key}/{what}"
        granted(self.provider.post(path, {"clientKey": self.made["clientKey"]}))

    def cancel(self, amount: int) -> None:
        asked = {"cancelReason": "고객 변심", "cancelAmount": amount}
        granted(self.provider.post(f"/v1/payments/{self.payment_key}/cancel", asked))

    def found(self) -> Answer:
        return self.provider.send("GET", f"/v1/payments/{self.payment_key}")

    def deliveries(self) -> list[dict[str, Any]]:
        path = f"/control/sandboxes/{self.made['id']}/webhooks/deliveries"
        listed: list[dict[str, Any]] = granted(self.provider.send("GET", path)).body["deliveries"]
        return listed

    def wait_for_attempts(self) -> None:
        """Wait until the first attempt at every delivery was recorded."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not all(one["attempts"] for one in self.deliveries()):
            assert time.monotonic() < deadline, self.deliveries()
            time.sleep(0.02)


def callbacks(receiver: Receiver) -> list[dict[str, Any]]:
    """Return the bodies of the deposit callbacks among what came."""
    bodies = [json.loads(one.raw) for one in receiver.received]
    return [body for body in bodies if "eventType" not in body]
