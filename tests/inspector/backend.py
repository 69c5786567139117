"""A shop's backend that gets into stories, to be copied and run again."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import requests

from payments_mock.testing.sandbox import Sandbox

ORDER = "order_1"
WHOLE = {"cancelReason": "sold out"}


class Backend:
    """A shop's backend that has a sandbox of its own, and does what a story needs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.secret_key = sandbox.secret_key
        self.seconds = 20
        self.order_id = ORDER
        self.payment_key = f"pay_{sandbox.id}"

    def begin(self, **more: Any) -> None:
        if self.sandbox.contract == "kiosk":
            self.ask("/v1/payments", self.order())
        else:
            self.payment_key = self.sandbox.shopper.pays(self.order_id, 15000, **more)["paymentKey"]

    def begin_at_the_server(self) -> None:
        urls = {"successUrl": "http://shop.test/success", "failUrl": "http://shop.test/fail"}
        begun = {"orderId": self.order_id, "orderName": "Tea", "amount": 15000, "method": "CARD"}
        self.ask("/v1/payments", begun | urls)
        [payment] = self.sandbox.payments(self.order_id)
        self.payment_key = payment["paymentKey"]

    def confirm_beside(self, beside: Callable[[], None], **more: Any) -> None:
        """Confirm, do something else once a fault has struck that confirm, and wait for its answer."""
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(self.confirm, **more)
            while not self.sandbox.faults.armed()[0]["fired"]:
                assert not first.done()
            beside()

    def order(self, amount: int = 15000) -> dict[str, Any]:
        return {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": amount}

    def confirm(self, amount: int = 15000, key: str | None = None, **headers: str) -> None:
        self.ask("/v1/payments/confirm", self.order(amount), key, headers=headers)

    def pay(self) -> None:
        self.begin()
        self.confirm()

    def cancel(self, **more: Any) -> None:
        self.ask(f"/v1/payments/{self.payment_key}/cancel", WHOLE | more)

    def look_up(self) -> None:
        self.ask(f"/v1/payments/{self.payment_key}", None, method="GET")

    def ask(
        self,
        path: str,
        body: Any,
        key: str | None = None,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        url, auth = self.sandbox.base_url + path, (self.secret_key, "")
        sent = {**(headers or {}), **({"Idempotency-Key": key} if key else {})}
        with suppress(requests.RequestException):
            requests.request(method, url, json=body, auth=auth, headers=sent, timeout=self.seconds)
