"""Cash receipts: issued alone or with a payment, and canceled.

PaymentError
    CashReceiptError
        CashReceiptInfoError
        CashReceiptExistsError
        CashReceiptNotFoundError
        CashReceiptCanceledError
        CashReceiptAmountError

A part of the tree of `payments_mock.domain.errors`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from payments_mock.domain.errors import PaymentError, QueryLimitError, outside
from payments_mock.domain.payments.instruments import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.payments.payment import Payment, Transaction, TransactionKind
from payments_mock.domain.values import KOREA, immutable


class CashReceiptError(PaymentError):
    """A rule of cash receipts is broken."""


class CashReceiptInfoError(CashReceiptError):
    """The number that tells whose the receipt is can't be one."""


class CashReceiptExistsError(CashReceiptError):
    """The order has a cash receipt that was not canceled."""


class CashReceiptNotFoundError(CashReceiptError):
    """The merchant has issued no such receipt."""


class CashReceiptCanceledError(CashReceiptError):
    """The receipt is canceled in full."""


class CashReceiptAmountError(CashReceiptError):
    """More was to be canceled than is left of the receipt."""


IDENTITY_NUMBER = re.compile(r"[0-9]{10,11}|[0-9]{13,19}")
"""A business number (10), a phone number (10, 11), a resident's (13) or a card's (13 to 19)."""

MOST_ROWS = 10_000
"""How many receipts one list holds (public reference)."""


class ReceiptStep(StrEnum):
    """Whether a receipt confirms that money was taken, or that it was given back."""

    CONFIRM = "CONFIRM"
    CANCEL = "CANCEL"


class IssueStatus(StrEnum):
    """How far the tax service is with a receipt."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@immutable
class CashReceipt:
    """One cash receipt, or one cancel of it; amounts in KRW, times in UTC.

    `balance_amount` is what is left to cancel of a receipt, `tax_free_balance` the untaxed part of that, and
    `cancel_count` how often some of it was canceled. `id` is 0 until it is stored.
    """

    merchant_id: int
    receipt_key: str
    order_id: str
    order_name: str | None
    kind: CashReceiptKind
    identity_number: str
    issue_number: str
    step: ReceiptStep
    amount: int
    tax_free_amount: int
    requested_at: datetime
    balance_amount: int = 0
    tax_free_balance: int = 0
    cancel_count: int = 0
    id: int = 0

    @property
    def holds_order(self) -> bool:
        """Whether no other receipt of the same order can be issued now."""
        return self.step is ReceiptStep.CONFIRM and self.balance_amount > 0

    def status_at(self, now: datetime) -> IssueStatus:
        """Tell how far it is: the tax service answers overnight, by the Korean calendar."""
        tomorrow = self.requested_at.astimezone(KOREA).date() + timedelta(days=1)
        answered = now.astimezone(KOREA).date() >= tomorrow
        return IssueStatus.COMPLETED if answered else IssueStatus.IN_PROGRESS


def check_identity_number(number: str) -> None:
    """Refuse what can't tell the tax service whose a receipt is.

    Raises:
        CashReceiptInfoError: it is no phone, business, resident or card number.
    """
    if IDENTITY_NUMBER.fullmatch(number) is None:
        raise CashReceiptInfoError("the customer's number must be 10, 11 or 13 to 19 digits")


def check_row_limit(limit: int) -> None:
    """Refuse to list more receipts than one answer holds.

    Raises:
        QueryLimitError: `limit` is more.
    """
    if limit > MOST_ROWS:
        raise QueryLimitError(f"limit must be at most {MOST_ROWS}")


def cancel_receipt(
    receipt: CashReceipt, amount: int | None, at: datetime, issue_number: str
) -> tuple[CashReceipt, CashReceipt]:
    """Return what is left of a receipt, and the receipt that tells of the cancel; None cancels all of it.

    Raises:
        CashReceiptCanceledError, CashReceiptAmountError: as named.
    """
    if receipt.balance_amount == 0:
        raise CashReceiptCanceledError("the cash receipt is already canceled")
    given_back = receipt.balance_amount if amount is None else amount
    if given_back > receipt.balance_amount:
        raise CashReceiptAmountError(
            f"no more than {receipt.balance_amount} is left to cancel",
            outside("amount", f"at most {receipt.balance_amount}", given_back),
        )
    taxed_balance = receipt.balance_amount - receipt.tax_free_balance
    tax_free = max(0, given_back - taxed_balance)
    left = replace(
        receipt,
        balance_amount=receipt.balance_amount - given_back,
        tax_free_balance=receipt.tax_free_balance - tax_free,
        cancel_count=receipt.cancel_count + 1,
    )
    told = replace(
        receipt,
        id=0,
        receipt_key=cancel_key(receipt.receipt_key, left.cancel_count),
        issue_number=issue_number,
        step=ReceiptStep.CANCEL,
        amount=given_back,
        tax_free_amount=tax_free,
        requested_at=at,
        balance_amount=0,
        tax_free_balance=0,
        cancel_count=0,
    )
    return left, told


def cancel_key(receipt_key: str, number: int) -> str:
    """Return the key of a receipt's first, second ... cancel."""
    return f"c_{receipt_key}" if number == 1 else f"c_{receipt_key}_{number}"


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
