"""A merchant's client of the kiosk contract: one verb an operation."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests

from testkit.answer import Answer
from testkit.identifiers import random_order_id, random_payment_key

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Payment:
    """What a merchant decides about a payment; `amount` is in won."""

    amount: int
    payment_key: str = field(default_factory=random_payment_key)
    order_id: str = field(default_factory=random_order_id)

    @property
    def fields(self) -> dict[str, Any]:
        """Return the body of a creation or a confirm."""
        return {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": self.amount}


class Provider:
    """Speaks to the provider at `url`; `authorization` is the header as sent, None for none.

    One client serves one thread. It is a context manager: leaving it closes its connections.
    """

    def __init__(self, url: str, authorization: str | None) -> None:
        self.url = url
        self.authorization = authorization
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def another_client(self) -> "Provider":
        """Return a client of the same merchant with connections of its own."""
        return Provider(self.url, self.authorization)

    def create(self, payment: Payment, **changes: Any) -> Answer:
        """Create `payment`, with `changes` to the body's fields."""
        return self.post("/v1/payments", payment.fields | changes)

    def confirm(self, payment: Payment, **changes: Any) -> Answer:
        """Confirm `payment`, with `changes` to the body's fields."""
        return self.post("/v1/payments/confirm", payment.fields | changes)

    def cancel(self, payment: Payment, **fields: Any) -> Answer:
        """Cancel `payment` for the reason USER_REQUEST unless `fields` say otherwise."""
        return self.post(cancel_path(payment), {"cancelReason": "USER_REQUEST"} | fields)

    def look_up(self, payment: Payment) -> Answer:
        """Look `payment` up by its key."""
        return self.send("GET", f"/v1/payments/{quote(payment.payment_key, safe='')}")

    def look_up_order(self, payment: Payment) -> Answer:
        """Look up the order of `payment`."""
        return self.send("GET", f"/v1/payments/orders/{quote(payment.order_id, safe='')}")

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        """Post `fields` as JSON."""
        return self.send("POST", path, json.dumps(fields).encode())

    def send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Send anything with the merchant's credentials; an iterable body goes out in chunks."""
        headers = {} if body is None else {"Content-Type": content_type}
        if self.authorization is not None:
            headers["Authorization"] = self.authorization
        return self._request(method, self.url + path, headers, body)

    def open_page(self, url: str, language: str) -> Answer:
        """Open a page as a shopper's browser does: no credentials, a preferred `language`."""
        return self._request("GET", url, {"Accept": "text/html", "Accept-Language": language}, None)

    def _request(
        self, method: str, url: str, headers: dict[str, str], body: bytes | Iterable[bytes] | None
    ) -> Answer:
        response = self._session.request(
            method, url, headers=headers, data=body, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        return Answer.of(response)


def cancel_path(payment: Payment) -> str:
    """Return the path of the cancellation of `payment`."""
    return f"/v1/payments/{quote(payment.payment_key, safe='')}/cancel"
