"""Calls with an idempotency key, for the tests of keys and of claims."""

from typing import Any

from werkzeug.test import TestResponse

CONFIRM = "/v1/payments/confirm"


def with_key(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


def asked(begun: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return the body of the confirm of what `check_out` began."""
    return {name: begun[name] for name in ("paymentKey", "orderId", "amount")} | changes


def statuses(*answers: TestResponse) -> list[int]:
    return [answer.status_code for answer in answers]
