"""A merchant's backend, as short as one can be: it calls the provider with its key."""

from typing import Any

import requests

from payments_mock.testing import Sandbox


def call(
    sandbox: Sandbox, method: str, path: str, body: Any = None, patience: float = 10
) -> requests.Response:
    url = f"{sandbox.base_url}/v1/payments{path}"
    return requests.request(method, url, json=body, auth=(sandbox.secret_key, ""), timeout=patience)


def begin(sandbox: Sandbox, order_id: str, amount: int = 1000) -> dict[str, Any]:
    payment = {"paymentKey": f"pay_{order_id}", "orderId": order_id, "amount": amount}
    call(sandbox, "POST", "", payment)
    return payment


def confirm(sandbox: Sandbox, payment: dict[str, Any], patience: float = 10) -> requests.Response:
    body = {name: payment[name] for name in ("paymentKey", "orderId", "amount")}
    return call(sandbox, "POST", "/confirm", body, patience)
