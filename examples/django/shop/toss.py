"""The three calls of the payments API that a shop needs. None raises: a look-up tells later what got lost."""

from typing import Any, NamedTuple
from urllib.parse import quote

import requests
from django.conf import settings

from shop.models import Order


class Answer(NamedTuple):
    """What came back: a status, and a JSON object; 0 and an empty one where nobody knows what was done."""

    status: int
    content: dict[str, Any]

    @property
    def is_refused(self) -> bool:
        """Tell whether the call was refused for good. 409 and 429, a 5xx, and no answer leave it open."""
        code = self.content.get("code")
        return self.status in (400, 403, 404) and code not in (None, "ALREADY_PROCESSED_PAYMENT")


def confirm(order: Order) -> Answer:
    """Charge the shopper. A repeated attempt has the same key; another card has another payment key."""
    body = {"paymentKey": order.payment_key, "orderId": str(order.id), "amount": order.amount}
    return _call("POST", "confirm", body, f"{order.id}:{order.payment_key}")


def cancel(order: Order) -> Answer:
    """Give money back. The refund's id stays the same however often it has to be sent."""
    body = {"cancelReason": "the shopper asked", "cancelAmount": order.refund_amount}
    return _call("POST", f"{_quoted(order.payment_key)}/cancel", body, order.refund_id)


def find(payment_key: str) -> dict[str, Any] | None:
    """Look a payment up; None if that fails, too."""
    answer = _call("GET", _quoted(payment_key))
    return answer.content if answer.status == 200 else None


def _quoted(payment_key: str) -> str:
    """Return a key as a part of a path; it comes from the shopper's browser."""
    return quote(payment_key, safe="")


def _call(method: str, path: str, body: object = None, key: str = "") -> Answer:
    try:
        answer = requests.request(
            method,
            f"{settings.TOSS_URL}/v1/payments/{path}",
            json=body,
            auth=(settings.TOSS_SECRET_KEY, ""),
            headers={"Idempotency-Key": key} if key else {},
            timeout=settings.TOSS_TIMEOUT,
        )
        return Answer(answer.status_code, answer.json())
    except requests.RequestException:  # no JSON is one of them, too
        return Answer(0, {})
