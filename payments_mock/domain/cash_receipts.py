"""Cash receipts: what the tax service is told of money that was no card's, and what takes it back."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from payments_mock.domain.cash_receipt_errors import (
    CashReceiptAmountError,
    CashReceiptCanceledError,
    CashReceiptInfoError,
)
from payments_mock.domain.errors import QueryLimitError
from payments_mock.domain.korea import KOREA
from payments_mock.domain.methods import CashReceiptKind

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


@dataclass(frozen=True, slots=True)
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
        raise CashReceiptAmountError(f"no more than {receipt.balance_amount} is left to cancel")
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
