"""What a method takes of an amount, and what a card can do; source: the public reference."""

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
)
from payments_mock.domain.payments.instruments import Card, CardType
from payments_mock.domain.payments.payment import Payment

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
        raise AmountTooSmallError(f"amount must be at least {method.least} KRW for {payment.method}")
    if method.most is not None and payment.total_amount > method.most:
        raise method.over_most(f"amount must be at most {method.most} KRW for {payment.method}")
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
        raise MonthlyPhoneLimitError(f"{spent} of {MONTHLY_PHONE_LIMIT} KRW are spent this month")


def check_daily_transfers(spent: int, amount: int) -> None:
    """Refuse an amount that a customer can't transfer who transferred `spent` today, both in KRW.

    Raises:
        DailyTransferLimitError: it is too much for the day.
    """
    if spent + amount > DAILY_TRANSFER_LIMIT:
        raise DailyTransferLimitError(f"{spent} of {DAILY_TRANSFER_LIMIT} KRW are transferred today")


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
