from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.toss.purchases import ORDER_NAME, Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_text
from testkit.provider_client import Provider

scenarios("toss/cash_receipts.feature")


class CashReceipt:
    """The cash receipt of one order."""

    def __init__(self, merchant: Provider, order_id: str) -> None:
        self.merchant = merchant
        self.order_id = order_id
        self.key = random_text(48)
        self.day = ""

    def issue(self, amount: int, number: str = "01012345678") -> Answer:
        """Issue the receipt; keeps its key."""
        order = {"amount": amount, "orderId": self.order_id, "orderName": ORDER_NAME}
        asked = {**order, "type": "소득공제", "customerIdentityNumber": number}
        answer = self.merchant.post("/v1/cash-receipts", asked)
        if answer.status == 200:
            self.key, self.day = answer.body["receiptKey"], answer.body["requestedAt"][:10]
        return answer

    def cancel(self, **fields: Any) -> Answer:
        """Cancel the receipt, or a part of it."""
        return self.merchant.post(f"/v1/cash-receipts/{self.key}/cancel", fields)

    def listed(self) -> list[dict[str, Any]]:
        """Return the receipts of the order, out of all of its day."""
        path = f"/v1/cash-receipts?requestDate={self.day}&limit=10000"
        rows = granted(self.merchant.send("GET", path)).body["data"]
        return [row for row in rows if row["orderId"] == self.order_id]


@pytest.fixture
def receipt(merchant: Provider, order_id: str) -> CashReceipt:
    return CashReceipt(merchant, order_id)


@given(sentence("a cash receipt over {amount:Number} won"))
def _(receipt: CashReceipt, amount: int) -> None:
    granted(receipt.issue(amount))


@when(sentence("the merchant issues a cash receipt over {amount:Number} won"), target_fixture="answer")
def _(receipt: CashReceipt, amount: int) -> Answer:
    return receipt.issue(amount)


@when(sentence('the merchant issues a cash receipt for the number "{number}"'), target_fixture="answer")
def _(receipt: CashReceipt, number: str) -> Answer:
    return receipt.issue(10_000, number)


@when("the merchant cancels the cash receipt", target_fixture="answer")
@when("the merchant cancels a cash receipt that was never issued", target_fixture="answer")
def _(receipt: CashReceipt) -> Answer:
    return receipt.cancel()


@when(sentence("the merchant cancels {amount:Number} won of the cash receipt"), target_fixture="answer")
def _(receipt: CashReceipt, amount: int) -> Answer:
    return receipt.cancel(amount=amount)


@when(sentence("the merchant lists {count:d} cash receipts of today"), target_fixture="answer")
def _(merchant: Provider, count: int) -> Answer:
    today = datetime.now(UTC) + timedelta(hours=9)
    return merchant.send("GET", f"/v1/cash-receipts?requestDate={today:%Y-%m-%d}&limit={count}")


@then(sentence('the answer is a "{step:w}" over {amount:Number} won'))
def _(answer: Answer, step: str, amount: int) -> None:
    assert (granted(answer).body["transactionType"], answer.body["amount"]) == (step, amount)


@then(sentence('its key is that of the cash receipt behind "{prefix}"'))
def _(answer: Answer, receipt: CashReceipt, prefix: str) -> None:
    assert answer.body["receiptKey"] == prefix + receipt.key


@then(sentence("the merchant finds {count:d} cash receipt of the order"))
@then(sentence("the merchant finds {count:d} cash receipts of the order"))
def _(receipt: CashReceipt, count: int) -> None:
    assert len(receipt.listed()) == count


@then(sentence("the answer shows a payment with a cash receipt over {amount:Number} won"))
def _(answer: Answer, amount: int) -> None:
    payment = granted(answer).body
    assert payment["cashReceipt"]["amount"] == amount
    assert [entry["transactionType"] for entry in payment["cashReceipts"]] == ["CONFIRM"]


@then("the payment has no cash receipt yet")
def _(purchase: Purchase) -> None:
    assert granted(purchase.look_up()).body["cashReceipt"] is None


@then(sentence('the last cash receipt of the payment is a "{step:w}" over {amount:Number} won'))
def _(answer: Answer, step: str, amount: int) -> None:
    last = granted(answer).body["cashReceipts"][-1]
    assert (last["transactionType"], last["amount"]) == (step, amount)


@then("the cancel names that cash receipt")
def _(answer: Answer) -> None:
    assert answer.body["cancels"][-1]["receiptKey"] == answer.body["cashReceipts"][-1]["receiptKey"]
