"""Present a payment: its fields, its instrument, its times, and its webhook events."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from payments_mock.api.catalogue import (
    KOREAN,
    STATUS_OF_STATE,
    answer_language,
    failure_message,
    provider_name,
    word,
)
from payments_mock.domain.accounts import is_expired, refund_status
from payments_mock.domain.payments.instruments import Card, EasyPay, Instruments, VirtualAccount
from payments_mock.domain.payments.payment import Payment, Transaction
from payments_mock.domain.receipts import (
    CashReceipt,
    cancel_receipt_keys,
    cancels_of_receipt,
    receipt_of_payment,
)
from payments_mock.domain.values import KOREA
from payments_mock.domain.webhooks import BillingDeleted, EventType, PaymentEvent, WebhookEvent
from payments_mock.receipts.links import cash_receipt_url, public_base, receipt_url
from payments_mock.services.context import Context
from payments_mock.services.receipts import CashReceiptPage


def present_time(moment: datetime | None) -> str | None:
    """Show a moment as `yyyy-MM-dd'T'HH:mm:ss+09:00`."""
    return None if moment is None else moment.astimezone(KOREA).isoformat(timespec="seconds")


def present_local_time(moment: datetime) -> str:
    """Show a moment on the Korean clock without its offset, as due dates are written."""
    return moment.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="seconds")


NONE_YET = Instruments()


def present_instruments(
    payment: Payment, now: datetime, receipt: str | None, language: str
) -> dict[str, Any]:
    """Show how a payment was paid, or is to be; `receipt` is the address of its receipt page."""
    used = payment.instruments or NONE_YET
    # A card is told of without its settlement.
    settlement = {} if used.card is not None else {"settlementStatus": settlement_status(payment, now)}
    phone, easy_pay = used.mobile_phone, used.easy_pay
    return {
        "card": None if used.card is None else _card(used.card, receipt, language),
        "virtualAccount": (
            None
            if used.virtual_account is None
            else _virtual_account(used.virtual_account, payment, now, language) | settlement
        ),
        "transfer": used.transfer and {"bankCode": used.transfer.bank_code, **settlement},
        "mobilePhone": phone and {"customerMobilePhone": phone.number, **settlement, "receiptUrl": receipt},
        "giftCertificate": used.gift_certificate
        and {"approveNo": used.gift_certificate.approve_no, **settlement},
        "easyPay": None if easy_pay is None else _easy_pay(easy_pay, language),
        "easyPayAmount": easy_pay.amount if easy_pay else 0,
        "easyPayDiscountAmount": easy_pay.discount_amount if easy_pay else 0,
    }


def settlement_status(payment: Payment, now: datetime) -> str:
    """Tell whether the sale is settled: from the day after it, on the Korean calendar, or by a test."""
    if payment.approved_at is None:
        return "INCOMPLETED"
    if payment.settled_at is not None:
        return "COMPLETED"
    tomorrow = payment.approved_at.astimezone(KOREA).date() + timedelta(days=1)
    return "COMPLETED" if now.astimezone(KOREA).date() >= tomorrow else "INCOMPLETED"


def _card(card: Card, receipt: str | None, language: str) -> dict[str, Any]:
    return {
        "issuerCode": card.issuer_code,
        "acquirerCode": card.acquirer_code,
        "number": card.number,
        "installmentPlanMonths": card.installment_months,
        "isInterestFree": card.is_interest_free,
        "interestPayer": card.interest_payer,
        "approveNo": card.approve_no,
        "useCardPoint": card.use_card_point,
        "cardType": word(card.card_type, language),
        "ownerType": word(card.owner_type, language),
        "acquireStatus": card.acquire_status,
        "receiptUrl": receipt,
        "amount": card.amount,
    }


def _virtual_account(
    account: VirtualAccount, payment: Payment, now: datetime, language: str
) -> dict[str, Any]:
    back = account.refund_account
    return {
        "accountType": word(account.account_type, language),
        "accountNumber": account.account_number,
        "bankCode": account.bank_code,
        "customerName": account.customer_name,
        "depositorName": account.depositor_name,
        "dueDate": present_local_time(account.due_at),
        "expired": is_expired(payment, now),
        "refundStatus": refund_status(payment, account, now),
        "refundReceiveAccount": back
        and {
            "bankCode": back.bank_code,
            "accountNumber": back.account_number,
            "holderName": back.holder_name,
        },
    }


def _easy_pay(easy_pay: EasyPay, language: str) -> dict[str, Any]:
    return {
        "provider": provider_name(easy_pay.provider, language),
        "amount": easy_pay.amount,
        "discountAmount": easy_pay.discount_amount,
    }


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


def present_payment(context: Context, payment: Payment, language: str | None = None) -> dict[str, Any]:
    """Show a payment to its merchant, in the language of the request unless another is named."""
    language = language or answer_language()
    paid, now = payment.split, context.now()
    base = public_base()
    receipt = receipt_url(payment, base) if payment.approved_at else None
    return {
        "mId": context.merchant.code,
        "lastTransactionKey": payment.last_transaction_key,
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "taxExemptionAmount": 0,
        "status": STATUS_OF_STATE[payment.state],
        "requestedAt": present_time(payment.requested_at),
        "approvedAt": present_time(payment.approved_at),
        "useEscrow": payment.use_escrow,
        "cultureExpense": payment.culture_expense,
        **present_instruments(payment, now, receipt, language),
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
        "method": None if payment.method is None else word(payment.method, language),
        "version": context.version,
        "metadata": payment.metadata,
    }


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
    return orjson.dumps(_present(context, event)).decode()


def present_event_time(moment: datetime) -> str:
    """Show a moment on the Korean clock, to the microsecond and without an offset."""
    return moment.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="microseconds")


def _present(context: Context, event: WebhookEvent) -> dict[str, Any]:
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
