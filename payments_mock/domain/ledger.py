"""What a merchant's books hold: each movement of money, with the payment that it belongs to."""

from dataclasses import dataclass

from payments_mock.domain.payment import Payment, Transaction, TransactionKind

MONEY_MOVING = frozenset({TransactionKind.APPROVAL, TransactionKind.CANCEL})
"""The kinds that the books hold; opening or voiding an unpaid virtual account moves nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of money; `payment` is as it stands now, without its list of cancels."""

    payment: Payment
    movement: Transaction

    @property
    def is_cancel(self) -> bool:
        """Whether the money went back to the shopper."""
        return self.movement.kind is TransactionKind.CANCEL

    @property
    def balance_before(self) -> int:
        """What was with the merchant before this movement, in KRW."""
        return self.movement.remaining_amount + self.movement.amount if self.is_cancel else 0

    @property
    def balance_after(self) -> int:
        """What is with the merchant after this movement, in KRW."""
        return self.movement.remaining_amount
