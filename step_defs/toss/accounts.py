"""A virtual account of a scenario: who has it issued, who pays into it, and who gives the money back."""

from typing import Any

from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

CLIENT_KEY = "test_ck_toss_dummy"
ORDER_NAME = "토스 티셔츠 외 2건"
REFUND_ACCOUNT = {"bank": "88", "accountNumber": "110123456789", "holderName": "박토스"}
CASH_RECEIPT = {"type": "소득공제", "registrationNumber": "01012345678"}


class Account:
    """The payment of one order, from the issue of its account on."""

    def __init__(self, merchant: Provider, order_id: str) -> None:
        self.merchant = merchant
        self.order_id = order_id
        self.amount = 10_000
        self.payment_key = "never-issued"

    def issue(self, **fields: Any) -> Answer:
        """Have the account issued; keeps the payment key."""
        asked = {"amount": self.amount, "orderId": self.order_id, "orderName": ORDER_NAME}
        whose = {"customerName": "박토스", "bank": "20"}
        answer = self.merchant.post("/v1/virtual-accounts", asked | whose | fields)
        if answer.status == 200:
            self.payment_key = answer.body["paymentKey"]
        return answer

    def choose(self, method: str, **fields: Any) -> None:
        """Let the shopper choose a method in the window; keeps the payment key."""
        asked = {"amount": self.amount, "orderId": self.order_id, "orderName": ORDER_NAME}
        begun = {"clientKey": CLIENT_KEY, "method": method}
        answer = granted(self.merchant.post("/control/checkouts", asked | begun | fields))
        self.payment_key = answer.body["paymentKey"]

    def confirm(self) -> Answer:
        """Confirm what the shopper chose."""
        asked = {"paymentKey": self.payment_key, "orderId": self.order_id, "amount": self.amount}
        return self.merchant.post("/v1/payments/confirm", asked)

    def deposit(self, merchant: Provider | None = None, **fields: Any) -> Answer:
        """Pay into the account; ``merchant`` is another client of the same merchant, for threads."""
        path = f"/control/payments/{self.payment_key}/deposit"
        return (merchant or self.merchant).post(path, {"clientKey": CLIENT_KEY, **fields})

    def reverse(self) -> Answer:
        """Take the deposit back."""
        path = f"/control/payments/{self.payment_key}/reverse-deposit"
        return self.merchant.post(path, {"clientKey": CLIENT_KEY})

    def cancel(self, merchant: Provider | None = None, **fields: Any) -> Answer:
        """Cancel the payment; ``merchant`` as for a deposit."""
        path = f"/v1/payments/{self.payment_key}/cancel"
        return (merchant or self.merchant).post(path, {"cancelReason": "고객 변심", **fields})

    def found(self) -> dict[str, Any]:
        """Return the payment as the merchant finds it."""
        payment: dict[str, Any] = granted(self.merchant.send("GET", f"/v1/payments/{self.payment_key}")).body
        return payment
