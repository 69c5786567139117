"""The limits of payments, and the card promotions that are offered."""

from datetime import date

from payments_mock.domain.errors import (
    AmountNotPositiveError,
    AmountTooSmallError,
    DailyTransferLimitError,
    InstallmentBelowAmountError,
    InstallmentError,
    InstallmentsForCardError,
    MonthlyPhoneLimitError,
    PointUseError,
    TaxFreeAmountError,
    TooFewInstallmentsError,
    TooManyInstallmentsError,
    outside,
)
from payments_mock.domain.payments.instruments import Card, CardType
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.values import immutable

LEAST_AMOUNT_WITH_INSTALLMENTS = 50_000
MOST_INSTALLMENT_MONTHS = 12

MONTHLY_PHONE_LIMIT = 1_000_000
"""The most that goes on one phone's bill in a month, in KRW."""

DAILY_TRANSFER_LIMIT = 500_000_000
"""The most that a person transfers in a day, in KRW, as banks usually have it."""


def check_positive(amount: int) -> None:
    """Refuse an amount (KRW) that is nothing or less.

    Raises:
        AmountNotPositiveError: it is.
    """
    if amount <= 0:
        raise AmountNotPositiveError("amount must be above 0")


def check_tax_free(tax_free: int, amount: int) -> None:
    """Refuse an untaxed part (KRW) that is no part of the amount.

    Raises:
        TaxFreeAmountError: it is below 0 or above the amount.
    """
    if not 0 <= tax_free <= max(amount, 0):
        raise TaxFreeAmountError(f"taxFreeAmount must be from 0 to the amount, {amount}")


def check_chargeable(payment: Payment) -> None:
    """Refuse what the method of the payment does not take.

    Raises:
        AmountTooSmallError, AmountTooLargeError, InstallmentError, PointUseError: as named.
    """
    if payment.method is None:
        return
    method = payment.method.definition
    if payment.total_amount < method.least:
        raise AmountTooSmallError(
            f"amount must be at least {method.least} KRW for {payment.method}",
            outside("amount", f"at least {method.least}", payment.total_amount),
        )
    if method.most is not None and payment.total_amount > method.most:
        raise method.over_most(
            f"amount must be at most {method.most} KRW for {payment.method}",
            outside("amount", f"at most {method.most}", payment.total_amount),
        )
    card = payment.instruments.card if payment.instruments else None
    if card is not None:
        check_installments(card, payment.total_amount)
        check_points(card)


def check_monthly_phone_bill(spent: int, amount: int) -> None:
    """Refuse an amount that does not fit on a phone's bill that `spent` is on already, both in KRW.

    Raises:
        MonthlyPhoneLimitError: it does not.
    """
    if spent + amount > MONTHLY_PHONE_LIMIT:
        raise MonthlyPhoneLimitError(
            f"{spent} of {MONTHLY_PHONE_LIMIT} KRW are spent this month",
            outside("amount", f"at most {MONTHLY_PHONE_LIMIT - spent}", amount),
        )


def check_daily_transfers(spent: int, amount: int) -> None:
    """Refuse an amount that a customer can't transfer who transferred `spent` today, both in KRW.

    Raises:
        DailyTransferLimitError: it is too much for the day.
    """
    if spent + amount > DAILY_TRANSFER_LIMIT:
        raise DailyTransferLimitError(
            f"{spent} of {DAILY_TRANSFER_LIMIT} KRW are transferred today",
            outside("amount", f"at most {DAILY_TRANSFER_LIMIT - spent}", amount),
        )


def check_points(card: Card) -> None:
    """Refuse to pay with the points of a card that has none: only credit cards have.

    Raises:
        PointUseError: it has none.
    """
    if card.use_card_point and card.card_type is not CardType.CREDIT:
        raise PointUseError("only credit cards have points")


def check_installments(card: Card, amount: int) -> None:
    """Refuse instalments that a card payment of `amount` (KRW) can't have.

    Raises:
        InstallmentError, InstallmentBelowAmountError, TooFewInstallmentsError, TooManyInstallmentsError,
        InstallmentsForCardError: as named.
    """
    months = card.installment_months
    if months == 0:
        return
    if months < 0:
        raise InstallmentError("instalments can't have less than no months")
    if months < 2:
        raise TooFewInstallmentsError("instalments start at 2 months; 0 pays at once")
    if months > MOST_INSTALLMENT_MONTHS:
        raise TooManyInstallmentsError(f"instalments end at {MOST_INSTALLMENT_MONTHS} months")
    if card.card_type is not CardType.CREDIT:
        raise InstallmentsForCardError("only credit cards pay in instalments")
    if amount < LEAST_AMOUNT_WITH_INSTALLMENTS:
        raise InstallmentBelowAmountError(
            f"instalments need an amount of at least {LEAST_AMOUNT_WITH_INSTALLMENTS} KRW"
        )


MOST = 100_000_000
LEAST_AMOUNT_WITH_POINTS = 5_000


@immutable
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


@immutable
class InterestFree:
    """Months in which a card is paid off without interest, from an amount in KRW on."""

    issuer_code: str
    months: tuple[int, ...]
    minimum: int = 50_000


@immutable
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
