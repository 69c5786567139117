"""A merchant's backend on the Toss contract, and its shopper, as the provider sees them."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from testkit.inside.shop import basic


class TossMerchant:
    """Calls the Toss contract with a secret key, and the control API with the client key of its pair."""

    def __init__(self, app: Flask, secret_key: str, client_key: str) -> None:
        self.app = app
        self.secret_key = secret_key
        self.client_key = client_key

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": basic(f"{self.secret_key}:"), **options.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def post(self, path: str, fields: object, **options: Any) -> TestResponse:
        return self.call("POST", path, json=fields, **options)

    def get(self, payment_key: str) -> TestResponse:
        return self.call("GET", f"/v1/payments/{quote(payment_key, safe='')}")

    def get_by_order(self, order_id: str) -> TestResponse:
        return self.call("GET", f"/v1/payments/orders/{quote(order_id, safe='')}")

    def cancel(self, payment_key: str, **fields: object) -> TestResponse:
        path = f"/v1/payments/{quote(payment_key, safe='')}/cancel"
        return self.post(path, {"cancelReason": "고객 변심"} | fields)

    def control(self, path: str, **fields: object) -> TestResponse:
        """Call the control API as `clientKey`."""
        body = {"clientKey": self.client_key} | fields
        return self.app.test_client().post(f"/control/{path}", json=body)


def query_of(url: str) -> dict[str, str]:
    """Read the query of an address whose parameters come once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}
