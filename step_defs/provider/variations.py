"""Changes to a request's fields, under the names that the features give them."""

from typing import Any

from testkit.provider_client import Payment

UNKNOWN_FIELDS = {"customerName": "김토스", "metadata": {"till": [1, 2, None]}, "status": "APPROVED"}


def another(value: str, payment: Payment) -> dict[str, Any]:
    """Return a change to `payment`'s body: another amount or another order, the same at every call."""
    changes: dict[str, dict[str, Any]] = {
        "amount": {"amount": payment.amount + 1},
        "order": {"orderId": payment.order_id + "_2"},
    }
    return changes[value]
