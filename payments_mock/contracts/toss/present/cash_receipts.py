"""Cash receipts, on their own and as a part of the Payment object."""

from datetime import datetime
from typing import Any

from payments_mock.contracts.toss.language import answer_language
from payments_mock.contracts.toss.present.times import present_time
from payments_mock.contracts.toss.words import word
from payments_mock.domain.cash_receipts import CashReceipt
from payments_mock.domain.payment import Payment
from payments_mock.domain.payment_cash_receipts import cancels_of_receipt, receipt_of_payment
from payments_mock.receipts.links import cash_receipt_url
from payments_mock.services.cash_receipts import CashReceiptPage
from payments_mock.services.context import Context

BUSINESS_NUMBER = "1234567891"
"""The business registration number of every merchant here: well formed, and nobody's."""


def present_cash_receipt(context: Context, receipt: CashReceipt) -> dict[str, Any]:
    """Show a cash receipt, or a cancel of one, to its merchant in the language of the request."""
    return _entry(receipt, context.now(), cash_receipt_url(receipt.receipt_key), answer_language())


def present_cash_receipt_page(context: Context, page: CashReceiptPage) -> dict[str, Any]:
    """Show some of the receipts of a day."""
    return {
        "hasNext": page.has_next,
        "lastCursor": page.last_cursor,
        "data": [present_cash_receipt(context, receipt) for receipt in page.receipts],
    }


def present_cash_receipts(
    payment: Payment, now: datetime, receipt_url: str | None, language: str
) -> dict[str, Any]:
    """Show the cash receipt that came with a payment, and its cancels; null without one.

    `receipt_url` is the address of the payment's own receipt page.
    """
    receipt = receipt_of_payment(payment)
    if receipt is None:
        return {"cashReceipt": None, "cashReceipts": None}
    url = receipt_url or ""
    steps = [receipt, *cancels_of_receipt(payment, receipt)]
    return {
        "cashReceipt": {
            "type": word(receipt.kind, language),
            "receiptKey": receipt.receipt_key,
            "issueNumber": receipt.issue_number,
            "receiptUrl": url,
            "amount": receipt.amount,
            "taxFreeAmount": receipt.tax_free_amount,
        },
        "cashReceipts": [_entry(step, now, url, language) for step in steps],
    }


def _entry(receipt: CashReceipt, now: datetime, url: str, language: str) -> dict[str, Any]:
    return {
        "receiptKey": receipt.receipt_key,
        "orderId": receipt.order_id,
        "orderName": receipt.order_name,
        "type": word(receipt.kind, language),
        "issueNumber": receipt.issue_number,
        "receiptUrl": url,
        "businessNumber": BUSINESS_NUMBER,
        "transactionType": receipt.step,
        "amount": receipt.amount,
        "taxFreeAmount": receipt.tax_free_amount,
        "issueStatus": receipt.status_at(now),
        "failure": None,
        "customerIdentityNumber": receipt.identity_number,
        "requestedAt": present_time(receipt.requested_at),
    }
