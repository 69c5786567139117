"""A merchant's backend, as the provider sees it."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.test import TestResponse

PAYMENT = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}


def basic(credentials: str) -> str:
    """Return the Authorization header that carries `credentials`."""
    return "Basic " + b64encode(credentials.encode()).decode()


class Shop:
    """Calls the kiosk contract with a secret key; what a test does not name is the guide's payment."""

    def __init__(self, app: Flask, secret_key: str) -> None:
        self.app = app
        self.secret_key = secret_key

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": basic(f"{self.secret_key}:"), **options.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def create(self, **values: object) -> TestResponse:
        return self.call("POST", "/v1/payments", json=PAYMENT | values)

    def confirm(self, **values: object) -> TestResponse:
        return self.call("POST", "/v1/payments/confirm", json=PAYMENT | values)

    def cancel(self, payment_key: str = "pay_123", **values: object) -> TestResponse:
        path = f"/v1/payments/{quote(payment_key, safe='')}/cancel"
        return self.call("POST", path, json={"cancelReason": "USER_REQUEST"} | values)

    def get(self, payment_key: str = "pay_123") -> TestResponse:
        return self.call("GET", f"/v1/payments/{quote(payment_key, safe='')}")

    def get_by_order(self, order_id: str = "order_123") -> TestResponse:
        return self.call("GET", f"/v1/payments/orders/{quote(order_id, safe='')}")

    def pay(self, **values: object) -> TestResponse:
        """Create and confirm a payment; the answer is the confirm's."""
        self.create(**values)
        return self.confirm(**values)
