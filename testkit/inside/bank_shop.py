"""A merchant on the Toss contract that takes deposits, and the bank of its shoppers."""

from typing import Any
from urllib.parse import quote

from werkzeug.test import TestResponse

from testkit.inside.toss_merchant import TossMerchant

ACCOUNT = {
    "amount": 10000,
    "orderId": "order_123",
    "orderName": "토스 티셔츠 외 2건",
    "customerName": "박토스",
    "bank": "20",
}
REFUND_ACCOUNT = {"bank": "88", "accountNumber": "110123456789", "holderName": "박토스"}
CASH_RECEIPT = {
    "amount": 10000,
    "orderId": "order_123",
    "orderName": "토스 티셔츠 외 2건",
    "type": "소득공제",
    "customerIdentityNumber": "01012345678",
}


class BankShop(TossMerchant):
    """Issues accounts and cash receipts, and deposits; what a test does not name is an ordinary value."""

    def issue(self, **values: object) -> TestResponse:
        return self.post("/v1/virtual-accounts", ACCOUNT | values)

    def issued(self, **values: object) -> str:
        """Issue a virtual account and return the key of its payment."""
        answer = self.issue(**values)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["paymentKey"])

    def check_out(self, method: str, **values: object) -> str:
        """Let a shopper choose a method in the window, and return the payment key of that."""
        asked = {"amount": 10000, "orderId": "order_123", "orderName": "티셔츠", "method": method}
        answer = self.control("checkouts", **asked | values)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["paymentKey"])

    def confirm(self, payment_key: str, **values: object) -> TestResponse:
        asked = {"paymentKey": payment_key, "orderId": "order_123", "amount": 10000}
        return self.post("/v1/payments/confirm", asked | values)

    def deposit(self, payment_key: str, **values: object) -> TestResponse:
        return self.control(f"payments/{payment_key}/deposit", **values)

    def reverse(self, payment_key: str, **values: object) -> TestResponse:
        return self.control(f"payments/{payment_key}/reverse-deposit", **values)

    def paid(self, **values: object) -> str:
        """Issue a virtual account, pay into it, and return the key of the payment."""
        payment_key = self.issued(**values)
        answer = self.deposit(payment_key)
        assert answer.status_code == 200, answer.text
        return payment_key

    def refund(self, payment_key: str, **values: object) -> TestResponse:
        """Cancel what was deposited, to an ordinary account."""
        return self.cancel(payment_key, refundReceiveAccount=REFUND_ACCOUNT, **values)

    def found(self, payment_key: str) -> dict[str, Any]:
        """Look a payment up."""
        answer = self.get(payment_key)
        assert answer.status_code == 200, answer.text
        payment: dict[str, Any] = answer.get_json()
        return payment

    def issue_receipt(self, **values: object) -> TestResponse:
        return self.post("/v1/cash-receipts", CASH_RECEIPT | values)

    def issued_receipt(self, **values: object) -> str:
        """Issue a cash receipt and return its key."""
        answer = self.issue_receipt(**values)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["receiptKey"])

    def cancel_receipt(self, receipt_key: str, **values: object) -> TestResponse:
        return self.post(f"/v1/cash-receipts/{quote(receipt_key, safe='')}/cancel", values)

    def list_receipts(self, **query: object) -> TestResponse:
        asked = {"requestDate": "2024-01-01"} | query
        given = {name: str(value) for name, value in asked.items() if value is not None}
        return self.call("GET", "/v1/cash-receipts", query_string=given)
