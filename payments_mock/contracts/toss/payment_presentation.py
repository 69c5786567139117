"""Present a payment: its fields, its times, and its webhook events."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from payments_mock.api.bodies import UNKNOWN_FIELD, json_of, with_unknown_fields
from payments_mock.api.catalogue import (
    KOREAN,
    STATUS_OF_STATE,
    failure_message,
    method_name,
    word,
)
from payments_mock.api.instruments import Sight, present_instruments
from payments_mock.api.links import cash_receipt_url, receipt_url
from payments_mock.domain.payments.payment import Payment, Transaction
from payments_mock.domain.receipts import (
    CashReceipt,
    cancel_receipt_keys,
    cancels_of_receipt,
    receipt_of_payment,
)
from payments_mock.domain.sandboxes import Switch
from payments_mock.domain.values import KOREA
from payments_mock.domain.webhooks import BillingDeleted, EventType, PaymentEvent, UnknownEvent, WebhookEvent
from payments_mock.services.context import Context
from payments_mock.services.receipts import CashReceiptPage


def present_time(moment: datetime | None) -> datetime | None:
    """Return a moment on the Korean clock, which `json_of` writes as `yyyy-MM-dd'T'HH:mm:ss+09:00`."""
    return None if moment is None else moment.astimezone(KOREA)


FIRST_VERSION = "2022-11-16"
"""The version whose Payment the approval guide shows."""

BUSINESS_NUMBER = ""
"""The merchant's business registration number, which the provider's own test environment leaves empty."""


def present_cash_receipt(context: Context, receipt: CashReceipt) -> dict[str, Any]:
    """Show a cash receipt, or a cancel of one, to its merchant in the language of the call."""
    url = cash_receipt_url(receipt.receipt_key, context.reader.base_url)
    return _entry(receipt, context.now(), url, context.reader.language)


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


def present_payment(context: Context, payment: Payment, language: str | None = None) -> dict[str, Any]:
    """Show a payment to its merchant, in the language of the call unless another is named."""
    language = language or context.reader.language
    payment = without_unknown_parts(context, payment)
    paid, now = payment.split, context.now()
    base = context.reader.base_url
    receipt = receipt_url(payment, base) if payment.last_transaction_key else None
    wallet = payment.instruments.easy_pay if payment.instruments else None
    shown = {
        "mId": context.merchant.code,
        "lastTransactionKey": payment.last_transaction_key,
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "taxExemptionAmount": 0,
        "status": STATUS_OF_STATE[payment.state],
        "requestedAt": present_time(payment.requested_at),
        "approvedAt": present_time(payment.approved_at),
        "useEscrow": payment.use_escrow if payment.last_transaction_key else None,
        "cultureExpense": payment.culture_expense,
        **present_instruments(Sight(payment, now, receipt, language)),
        "easyPayAmount": wallet.amount if wallet else 0,
        "easyPayDiscountAmount": wallet.discount_amount if wallet else 0,
        **present_cash_receipts(payment, now, receipt, language),
        "discount": None,
        "cancels": present_cancels(payment) or None,
        "secret": payment.secret,
        "type": payment.kind,
        "country": "KR",
        "failure": _failure(payment, language),
        "isPartialCancelable": payment.is_partial_cancelable,
        "receipt": None if receipt is None else {"url": receipt},
        "checkout": {"url": f"{base}/v1/payments/{payment.payment_key}/checkout"},
        "currency": "KRW",
        "totalAmount": payment.total_amount,
        "balanceAmount": payment.balance_amount,
        "suppliedAmount": paid.supplied,
        "vat": paid.vat,
        "taxFreeAmount": paid.tax_free,
        "method": method_name(context.merchant, payment.method, language),
        "version": context.version,
        "metadata": payment.metadata,
    }
    return shown if context.version == FIRST_VERSION else _without_old_fields(shown)


def without_unknown_parts(context: Context, payment: Payment) -> Payment:
    """Return the payment as it is shown: without its instruments if its method must look unknown."""
    hides = Switch.UNKNOWN_METHODS in context.merchant.switches
    return replace(payment, instruments=None) if hides else payment


def _without_old_fields(shown: dict[str, Any]) -> dict[str, Any]:
    """Leave out the fields that only the first version's payments have."""
    del shown["easyPayAmount"], shown["easyPayDiscountAmount"]
    if shown["card"] is not None:
        del shown["card"]["receiptUrl"]
    return shown


def present_cancels(payment: Payment) -> list[dict[str, Any]]:
    """Show the cancels of a payment, each with the key of the cash receipt that it canceled, if any."""
    if not payment.cancels:
        return []
    receipt_keys = cancel_receipt_keys(payment)
    return [present_cancel(cancel, receipt_keys.get(cancel.key)) for cancel in payment.cancels]


def present_cancel(cancel: Transaction, receipt_key: str | None = None) -> dict[str, Any]:
    """Show one cancel of a payment."""
    return {
        "transactionKey": cancel.key,
        "cancelReason": cancel.reason,
        "taxExemptionAmount": 0,
        "canceledAt": present_time(cancel.at),
        "cardDiscountAmount": 0,
        "transferDiscountAmount": 0,
        "easyPayDiscountAmount": 0,
        "receiptKey": receipt_key,
        "cancelAmount": cancel.amount,
        "taxFreeAmount": cancel.tax_free_amount,
        "refundableAmount": cancel.remaining_amount,
        "cancelStatus": "DONE",
        "cancelRequestId": None,
    }


def _failure(payment: Payment, language: str) -> dict[str, str] | None:
    if payment.failure_code is None:
        return None
    return {"code": payment.failure_code, "message": failure_message(payment.failure_code, language)}


def event_body(context: Context, event: WebhookEvent) -> str:
    """Return the body that tells the merchant of an event, always in Korean words."""
    body = _present(context, event)
    if Switch.UNKNOWN_FIELDS in context.merchant.switches:
        body = with_unknown_fields(body)
    return json_of(body).decode()


def present_event_time(moment: datetime) -> str:
    """Show a moment on the Korean clock without an offset; zeros at the end of its fraction are left out."""
    shown = moment.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="microseconds")
    return shown.rstrip("0").rstrip(".") if shown.endswith("0") else shown


def _present(context: Context, event: WebhookEvent) -> dict[str, Any]:
    if isinstance(event, UnknownEvent):
        return _with_data(event, {UNKNOWN_FIELD: True})
    if isinstance(event, BillingDeleted):
        return _with_data(event, {"billingKey": event.billing_key, "reason": event.reason})
    if event.type is EventType.DEPOSIT_CALLBACK:
        return _deposit_callback(event)
    return _with_data(event, present_payment(context, event.payment, KOREAN))


def _with_data(event: WebhookEvent, data: dict[str, Any]) -> dict[str, Any]:
    return {"eventType": event.type, "createdAt": present_event_time(event.at), "data": data}


def _deposit_callback(event: PaymentEvent) -> dict[str, Any]:
    payment = event.payment
    return {
        "createdAt": present_event_time(event.at),
        "secret": payment.secret,
        "status": STATUS_OF_STATE[payment.state],
        "transactionKey": payment.last_transaction_key,
        "orderId": payment.order_id,
    }
