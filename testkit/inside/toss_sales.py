"""Sales on the Toss contract, from window to charge; what a test does not name is an ordinary value."""

from itertools import count
from typing import Any

from werkzeug.test import TestResponse

from testkit.inside.toss_merchant import TossMerchant

_numbers = count(1)


def check_out(shop: TossMerchant, **fields: object) -> dict[str, Any]:
    """Let a shopper choose how to pay for a new order, and return what came of it."""
    ordinary = {
        "orderId": f"order_{next(_numbers):06}",
        "orderName": "토스 티셔츠 외 2건",
        "amount": 10_000,
        "method": "CARD",
    }
    answer = shop.control("checkouts", **ordinary | fields)
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.get_json()
    return begun


def confirm(shop: TossMerchant, begun: dict[str, Any], **fields: object) -> TestResponse:
    """Confirm what `check_out` returned."""
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
    return shop.post("/v1/payments/confirm", asked | fields)


def try_to_pay(shop: TossMerchant, **fields: object) -> TestResponse:
    """Check out and confirm; return the confirm's answer."""
    return confirm(shop, check_out(shop, **fields))


def pay(shop: TossMerchant, **fields: object) -> dict[str, Any]:
    """Check out and confirm; return the payment."""
    answer = try_to_pay(shop, **fields)
    assert answer.status_code == 200, answer.text
    payment: dict[str, Any] = answer.get_json()
    return payment


def cancel(shop: TossMerchant, payment: dict[str, Any], amount: int | None = None) -> dict[str, Any]:
    """Cancel so much of a payment, or all that is left, and return it."""
    fields = {} if amount is None else {"cancelAmount": amount}
    answer = shop.cancel(payment["paymentKey"], **fields)
    assert answer.status_code == 200, answer.text
    canceled: dict[str, Any] = answer.get_json()
    return canceled
