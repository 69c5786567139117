"""The cash receipt that comes with a payment from an account, and goes with its cancels."""

from collections.abc import Mapping
from dataclasses import replace

from payments_mock.domain.cash_receipts import CashReceipt, ReceiptStep, cancel_key, check_identity_number
from payments_mock.domain.methods import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.payment import Payment, Transaction, TransactionKind


def request_cash_receipt(
    kind: CashReceiptKind, identity_number: str, receipt_key: str, issue_number: str
) -> RequestedCashReceipt:
    """Return the wish for a receipt under the key and the number that it is going to have.

    Raises:
        CashReceiptInfoError: the number can't tell whose it is.
    """
    check_identity_number(identity_number)
    return RequestedCashReceipt(kind, identity_number, receipt_key, issue_number)


def receipt_of_payment(payment: Payment) -> CashReceipt | None:
    """Return the cash receipt that came with a payment's money, None where none was asked for or came yet."""
    wanted = payment.instruments.cash_receipt if payment.instruments else None
    if wanted is None or payment.approved_at is None:
        return None
    return CashReceipt(
        merchant_id=payment.merchant_id,
        receipt_key=wanted.receipt_key,
        order_id=payment.order_id,
        order_name=payment.order_name,
        kind=wanted.kind,
        identity_number=wanted.identity_number,
        issue_number=wanted.issue_number,
        step=ReceiptStep.CONFIRM,
        amount=payment.total_amount,
        tax_free_amount=payment.tax_free_amount,
        requested_at=payment.approved_at,
    )


def cancels_of_receipt(payment: Payment, receipt: CashReceipt) -> list[CashReceipt]:
    """Return the receipts that tell of a payment's cancels, in their order."""
    return [_told_of(cancel, receipt, number) for number, cancel in enumerate(_refunds(payment), start=1)]


def cancel_receipt_keys(payment: Payment) -> Mapping[str, str]:
    """Return the keys of the receipts that tell of a payment's cancels, by transaction key of the cancel."""
    wanted = payment.instruments.cash_receipt if payment.instruments else None
    if wanted is None:
        return {}
    numbered = enumerate(_refunds(payment), start=1)
    return {cancel.key: cancel_key(wanted.receipt_key, number) for number, cancel in numbered}


def _refunds(payment: Payment) -> list[Transaction]:
    return [cancel for cancel in payment.cancels if cancel.kind is TransactionKind.CANCEL]


def _told_of(cancel: Transaction, receipt: CashReceipt, number: int) -> CashReceipt:
    return replace(
        receipt,
        receipt_key=cancel_key(receipt.receipt_key, number),
        issue_number=f"{(int(receipt.issue_number) + number) % 10**9:09}",
        step=ReceiptStep.CANCEL,
        amount=cancel.amount,
        tax_free_amount=cancel.tax_free_amount,
        requested_at=cancel.at,
    )
