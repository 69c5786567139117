"""The Transaction object; source: the public reference, "Transaction object"."""

from typing import Any

from payments_mock.contracts.toss.language import answer_language
from payments_mock.contracts.toss.present.payment import STATUS_OF_STATE
from payments_mock.contracts.toss.present.times import present_time
from payments_mock.contracts.toss.words import word
from payments_mock.domain.ledger import Entry
from payments_mock.receipts.links import receipt_url
from payments_mock.services.context import Context


def present_transaction(context: Context, entry: Entry) -> dict[str, Any]:
    """Show a movement of money; the amount of a cancel is what was canceled, without a sign."""
    payment, movement = entry.payment, entry.movement
    return {
        "mId": context.merchant.code,
        "transactionKey": movement.key,
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "method": None if payment.method is None else word(payment.method, answer_language()),
        "customerKey": payment.customer_key,
        "useEscrow": payment.use_escrow,
        "receiptUrl": receipt_url(payment),
        "status": STATUS_OF_STATE[movement.state],
        "transactionAt": present_time(movement.at),
        "currency": "KRW",
        "amount": movement.amount,
    }
