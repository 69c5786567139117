"""A sale of a scenario: the shopper in the window, the charge, and what is given back."""

from typing import Any

from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider

CLIENT_KEY = "test_ck_toss_dummy"


class Sale:
    """The payment of one order of a merchant; ``client_key`` is of the same merchant."""

    def __init__(self, merchant: Provider, amount: int, client_key: str = CLIENT_KEY) -> None:
        self.merchant = merchant
        self.order = {"orderId": random_order_id(), "amount": amount}
        asked = {"clientKey": client_key, "orderName": "토스 티셔츠 외 2건", "method": "CARD"}
        begun = granted(merchant.post("/control/checkouts", self.order | asked))
        self.payment_key = str(begun.body["paymentKey"])

    def charge(self) -> dict[str, Any]:
        """Confirm the payment, and return it."""
        asked = self.order | {"paymentKey": self.payment_key}
        payment: dict[str, Any] = granted(self.merchant.post("/v1/payments/confirm", asked)).body
        return payment

    def give_back(self, amount: int) -> None:
        """Cancel so much of the payment."""
        fields = {"cancelReason": "고객 변심", "cancelAmount": amount}
        granted(self.merchant.post(f"/v1/payments/{self.payment_key}/cancel", fields))

    def look_up(self, merchant: Provider) -> Answer:
        """Look the payment up as ``merchant``."""
        return merchant.send("GET", f"/v1/payments/{self.payment_key}")
