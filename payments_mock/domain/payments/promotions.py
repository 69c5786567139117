"""What card companies and banks offer to shoppers: made up, plausible, and the same for every merchant."""

from dataclasses import dataclass
from datetime import date

MOST = 100_000_000
LEAST_AMOUNT_WITH_POINTS = 5_000


@dataclass(frozen=True, slots=True)
class CardDiscount:
    """An instant discount of a card; amounts in KRW, `balance` is what the card company has left for it."""

    issuer_code: str
    amount: int
    minimum: int
    maximum: int = MOST
    balance: int = 10_000_000

    @property
    def code(self) -> str:
        """The code under which the discount is asked for."""
        return f"{self.issuer_code}D{self.amount:06}"


@dataclass(frozen=True, slots=True)
class InterestFree:
    """Months in which a card is paid off without interest, from an amount in KRW on."""

    issuer_code: str
    months: tuple[int, ...]
    minimum: int = 50_000


@dataclass(frozen=True, slots=True)
class BankDiscount:
    """An instant discount of a bank on its transfers, in KRW or as a part of the amount."""

    bank_code: str
    amount: int | None
    rate: float | None
    minimum: int
    maximum: int = MOST

    @property
    def code(self) -> str:
        """The code under which the discount is asked for."""
        return f"{self.bank_code}B{self.amount or round((self.rate or 0) * 100):06}"


CARD_DISCOUNTS = (
    CardDiscount("71", 500, 10_000),
    CardDiscount("31", 600, 10_000),
    CardDiscount("51", 1_000, 20_000),
    CardDiscount("61", 5_000, 100_000),
)
INTEREST_FREE = (
    InterestFree("11", (2, 3)),
    InterestFree("31", (2, 3, 4)),
    InterestFree("41", (2, 3)),
    InterestFree("51", (2, 3, 4, 5)),
    InterestFree("61", (2, 3, 4, 5, 6, 7)),
    InterestFree("71", (2, 3, 4)),
)
POINT_CARDS = ("31", "41", "51", "61")
"""The issuers of cards that can pay with their points."""

BANK_DISCOUNTS = (
    BankDiscount("20", 1_000, None, 20_000),
    BankDiscount("88", None, 0.05, 10_000, 100_000),
)


def due_date(today: date) -> date:
    """Return the last day of every offer: the end of the year, so that there is always one."""
    return date(today.year, 12, 31)
