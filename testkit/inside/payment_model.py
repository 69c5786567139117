"""A plain model of a payment's life: what each call must answer, and what the payment is then.

It follows the public reference in its own words and shares nothing with the product but the codes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

APPROVED = ("DONE", "PARTIAL_CANCELED")
CHARGED = (*APPROVED, "WAITING_FOR_DEPOSIT", "CANCELED")
WHOLE_ONLY = (
    "MOBILE_PHONE",
    "CULTURE_GIFT_CERTIFICATE",
    "BOOK_GIFT_CERTIFICATE",
    "GAME_GIFT_CERTIFICATE",
)

NEXT = {
    "READY": {"EXPIRED"},
    "IN_PROGRESS": {"DONE", "WAITING_FOR_DEPOSIT", "ABORTED", "EXPIRED"},
    "WAITING_FOR_DEPOSIT": {"DONE", "CANCELED"},
    "DONE": {"PARTIAL_CANCELED", "CANCELED", "WAITING_FOR_DEPOSIT"},
    "PARTIAL_CANCELED": {"PARTIAL_CANCELED", "CANCELED"},
    "CANCELED": set(),
    "ABORTED": set(),
    "EXPIRED": set(),
}
"""Where each status may lead; nothing leads back to READY or IN_PROGRESS."""


@dataclass
class Cancel:
    """One cancel, in KRW; `left` is what it left."""

    amount: int
    tax_free: int
    left: int


@dataclass
class ModelPayment:
    """One payment; every method that stands for a call returns the code that refuses it, or ""."""

    method: str
    amount: int
    tax_free: int
    declined: bool
    status: str
    deadline: datetime
    account_due: datetime
    balance: int = 0
    tax_free_balance: int = 0
    approved_at: datetime | None = None
    cancels: list[Cancel] = field(default_factory=list)
    movements: list[tuple[str, int]] = field(default_factory=list)
    reversed_amount: int = 0
    voided_amount: int = 0

    def __post_init__(self) -> None:
        self.balance, self.tax_free_balance = self.amount, self.tax_free

    def pass_time(self, now: datetime) -> None:
        if self.status in ("READY", "IN_PROGRESS") and now >= self.deadline:
            self.status = "EXPIRED"

    @property
    def holds_order(self) -> bool:
        return self.status in CHARGED

    def confirm(self, now: datetime, *, same_order: bool, amount: int, order_is_held: bool) -> str:
        if amount <= 0:
            return "BELOW_ZERO_AMOUNT"
        if not same_order or amount != self.amount:
            return "FORBIDDEN_REQUEST"
        over = {
            "EXPIRED": "NOT_FOUND_PAYMENT_SESSION",
            "READY": "INVALID_AUTHORIZE_AUTH",
        }
        if self.status != "IN_PROGRESS":
            return over.get(self.status, "ALREADY_PROCESSED_PAYMENT")
        if amount < (200 if self.method in ("TRANSFER", "VIRTUAL_ACCOUNT") else 100):
            return "BELOW_MINIMUM_AMOUNT"
        if self.declined:
            self.status = "ABORTED"
            return "REJECT_CARD_PAYMENT"
        if order_is_held:
            return "DUPLICATED_ORDER_ID"
        self._approve(now)
        return ""

    def _approve(self, now: datetime) -> None:
        if self.method == "VIRTUAL_ACCOUNT" and self.status == "IN_PROGRESS":
            self.status = "WAITING_FOR_DEPOSIT"
            self.movements.append((self.status, 0))
            return
        self.status, self.approved_at = "DONE", now
        self.movements.append(("DONE", self.amount))

    def deposit(self, now: datetime, amount: int | None) -> str:
        if self.method != "VIRTUAL_ACCOUNT" or self.status not in CHARGED:
            return "NO_DEPOSIT_AWAITED"
        if self.status in APPROVED:
            return "ALREADY_COMPLETED_PAYMENT"
        if self.status == "CANCELED" or now >= self.account_due:
            return "ALREADY_CLOSE_ACCOUNT"
        if amount not in (None, self.amount):
            return "DEPOSIT_AMOUNT_MISMATCH"
        self._approve(now)
        return ""

    def reverse(self) -> str:
        """Take a deposit back; once something was refunded, this is refused with any code."""
        if self.method != "VIRTUAL_ACCOUNT" or self.status not in CHARGED:
            return "NO_DEPOSIT_AWAITED"
        if self.status != "DONE":
            return "ANY"
        self.status, self.approved_at = "WAITING_FOR_DEPOSIT", None
        self.reversed_amount += self.amount
        return ""

    def cancel(self, now: datetime, asked: int | None, tax_free: int | None, *, with_account: bool) -> str:
        if self.status == "CANCELED":
            return "ALREADY_CANCELED_PAYMENT"
        if self.status == "PARTIAL_CANCELED" and not self.balance:
            return "NOT_CANCELABLE_AMOUNT"
        if self.status not in CHARGED:
            return "NOT_CANCELABLE_PAYMENT"
        amount = self.balance if asked is None else asked
        refusal = self._refuse_cancel(now, amount, with_account=with_account)
        if refusal:
            return refusal
        least = max(0, amount - (self.balance - self.tax_free_balance))
        most = min(amount, self.tax_free_balance)
        if tax_free is None:
            tax_free = most if amount == self.balance else least
        if not least <= tax_free <= most:
            return "NOT_CANCELABLE_AMOUNT"
        self._give_back(amount, tax_free, whole=asked is None or amount == self.amount)
        return ""

    def _refuse_cancel(self, now: datetime, amount: int, *, with_account: bool) -> str:
        if amount <= 0:
            return "INVALID_REFUND_AMOUNT"
        if amount > self.balance:
            return "NOT_CANCELABLE_AMOUNT"
        if amount < self.balance and self.status == "WAITING_FOR_DEPOSIT":
            return "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"
        if amount < self.balance and self.method in WHOLE_ONLY:
            return "NOT_ALLOWED_PARTIAL_REFUND"
        if self.approved_at is not None and self._is_too_late(now, self.approved_at):
            return "EXCEED_MAX_REFUND_DUE"
        if self.method == "VIRTUAL_ACCOUNT" and self.status in APPROVED and not with_account:
            return "INVALID_REFUND_ACCOUNT_INFO"
        return ""

    def _is_too_late(self, now: datetime, approved_at: datetime) -> bool:
        if self.method == "MOBILE_PHONE" and month_in_korea(now) != month_in_korea(approved_at):
            return True
        return now - approved_at > timedelta(days=180 if self.method == "TRANSFER" else 365)

    def _give_back(self, amount: int, tax_free: int, *, whole: bool) -> None:
        was_paid = self.status in APPROVED
        self.balance -= amount
        self.tax_free_balance -= tax_free
        self.cancels.append(Cancel(amount, tax_free, self.balance))
        self.status = "CANCELED" if whole else "PARTIAL_CANCELED"
        self.movements.append((self.status, amount))
        self.voided_amount += 0 if was_paid else amount


def month_in_korea(moment: datetime) -> tuple[int, int]:
    local = moment + timedelta(hours=9)
    return local.year, local.month
