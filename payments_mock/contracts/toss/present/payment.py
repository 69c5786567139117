"""The Payment object, every field of it; source: the approval guide and the public reference."""

from typing import Any

from payments_mock.contracts.toss.catalogue import failure_message
from payments_mock.contracts.toss.language import answer_language
from payments_mock.contracts.toss.present.cash_receipts import present_cash_receipts
from payments_mock.contracts.toss.present.instruments import present_instruments
from payments_mock.contracts.toss.present.times import present_time
from payments_mock.contracts.toss.words import word
from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.payment_cash_receipts import cancel_receipt_keys
from payments_mock.domain.states import State
from payments_mock.receipts.links import public_base, receipt_url
from payments_mock.services.context import Context

STATUS_OF_STATE = {
    State.INITIATED: "READY",
    State.AUTHENTICATED: "IN_PROGRESS",
    State.AWAITING_DEPOSIT: "WAITING_FOR_DEPOSIT",
    State.APPROVED: "DONE",
    State.PARTIALLY_CANCELED: "PARTIAL_CANCELED",
    State.CANCELED: "CANCELED",
    State.ABORTED: "ABORTED",
    State.EXPIRED: "EXPIRED",
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
