"""A purchase of a scenario: what the shopper does, and what the merchant asks for, with any headers."""

from typing import Any

import requests

from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_order_id
from testkit.provider_client import TIMEOUT_SECONDS, Provider

CLIENT_KEY = "test_ck_toss_dummy"
ORDER_NAME = "토스 티셔츠 외 2건"
REFUND_ACCOUNT = {"bank": "88", "accountNumber": "110123456789", "holderName": "박토스"}
CASH_RECEIPT = {"type": "소득공제", "registrationNumber": "01012345678"}
CONFIRM = "/v1/payments/confirm"


class Purchase:
    """The payment of one order; `headers` go along with whatever the merchant sends."""

    def __init__(self, merchant: Provider, order_id: str, client_key: str = CLIENT_KEY) -> None:
        self.merchant = merchant
        self.order_id = order_id
        self.client_key = client_key
        self.headers: dict[str, str] = {}
        self.amount = 10_000
        self.payment_key = "never-begun"

    def another(self) -> "Purchase":
        """Return a purchase of another order of the same merchant, with the same headers."""
        other = Purchase(self.merchant, random_order_id(), self.client_key)
        other.headers = self.headers
        return other

    def check_out(self, **fields: Any) -> Answer:
        """Let the shopper act in the payment window; keeps the payment key."""
        asked = {"clientKey": self.client_key, "orderName": ORDER_NAME, "method": "CARD"}
        order = {"orderId": self.order_id, "amount": self.amount}
        answer = self.merchant.post("/control/checkouts", order | asked | fields)
        if answer.status == 200:
            self.payment_key = answer.body["paymentKey"]
        return answer

    def pay(self, **fields: Any) -> None:
        """Let the shopper agree, and charge."""
        granted(self.check_out(**fields))
        asked = {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": self.amount}
        granted(self.merchant.post(CONFIRM, asked))

    def issue_account(self, **fields: Any) -> Answer:
        """Have a virtual account issued for the order; keeps the payment key."""
        asked = {"amount": self.amount, "orderId": self.order_id, "orderName": ORDER_NAME}
        whose = {"customerName": "박토스", "bank": "20"}
        answer = self.send("POST", "/v1/virtual-accounts", asked | whose | fields)
        if answer.status == 200:
            self.payment_key = answer.body["paymentKey"]
        return answer

    def deposit(self, **fields: Any) -> Answer:
        """Pay into the virtual account."""
        path = f"/control/payments/{self.payment_key}/deposit"
        return self.send("POST", path, {"clientKey": self.client_key, **fields})

    def reverse_deposit(self) -> Answer:
        """Take the deposit back, as the bank does."""
        path = f"/control/payments/{self.payment_key}/reverse-deposit"
        return self.send("POST", path, {"clientKey": self.client_key})

    def send(self, method: str, path: str, fields: object = None) -> Answer:
        """Send anything as the merchant, with the headers; safe to use from several threads."""
        headers = dict(self.headers)
        if self.merchant.authorization is not None:
            headers["Authorization"] = self.merchant.authorization
        with requests.Session() as session:
            session.trust_env = False
            url = self.merchant.url + path
            return Answer.of(
                session.request(method, url, headers=headers, json=fields, timeout=TIMEOUT_SECONDS)
            )

    def confirm(self, **changes: Any) -> Answer:
        """Confirm, with `changes` to the three values."""
        asked = {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": self.amount}
        return self.send("POST", CONFIRM, asked | changes)

    def confirm_by_older_path(self) -> Answer:
        """Confirm as older clients do."""
        asked = {"orderId": self.order_id, "amount": self.amount}
        return self.send("POST", f"/v1/payments/{self.payment_key}", asked)

    def cancel(self, **fields: Any) -> Answer:
        """Cancel, the whole unless `fields` say otherwise."""
        return self.send(
            "POST", f"/v1/payments/{self.payment_key}/cancel", {"cancelReason": "고객 변심"} | fields
        )

    def look_up(self) -> Answer:
        """Look the payment up by its key."""
        return self.send("GET", f"/v1/payments/{self.payment_key}")

    def look_up_order(self) -> Answer:
        """Look the payment up by its order."""
        return self.send("GET", f"/v1/payments/orders/{self.order_id}")
