"""The least that a method takes, and the instalments that a card does; source: the public reference."""

from payments_mock.domain.errors import (
    AmountNotPositiveError,
    AmountTooSmallError,
    InstallmentBelowAmountError,
    InstallmentsForCardError,
    TooFewInstallmentsError,
    TooManyInstallmentsError,
)
from payments_mock.domain.methods import Card, CardType, Method
from payments_mock.domain.payment import Payment

LEAST_AMOUNT = 100
"""The least that most methods take, in KRW."""

LEAST_AMOUNT_FROM_ACCOUNTS = 200
"""The least that a bank moves, in KRW."""

LEAST_AMOUNT_WITH_INSTALLMENTS = 50_000
MOST_INSTALLMENT_MONTHS = 12

_FROM_ACCOUNTS = frozenset({Method.TRANSFER, Method.VIRTUAL_ACCOUNT})


def check_positive(amount: int) -> None:
    """Refuse an amount (KRW) that is nothing or less.

    Raises:
        AmountNotPositiveError: it is.
    """
    if amount <= 0:
        raise AmountNotPositiveError("amount must be above 0")


def check_chargeable(payment: Payment) -> None:
    """Refuse what the method of the payment does not take.

    Raises:
        AmountTooSmallError, InstallmentBelowAmountError, TooFewInstallmentsError, TooManyInstallmentsError,
        InstallmentsForCardError: as named.
    """
    if payment.method is None:
        return
    least = LEAST_AMOUNT_FROM_ACCOUNTS if payment.method in _FROM_ACCOUNTS else LEAST_AMOUNT
    if payment.total_amount < least:
        raise AmountTooSmallError(f"amount must be at least {least} KRW for {payment.method}")
    card = payment.instruments.card if payment.instruments else None
    if card is not None:
        check_installments(card, payment.total_amount)


def check_installments(card: Card, amount: int) -> None:
    """Refuse instalments that a card payment of `amount` (KRW) can't have.

    Raises:
        InstallmentBelowAmountError, TooFewInstallmentsError, TooManyInstallmentsError,
        InstallmentsForCardError: as named.
    """
    months = card.installment_months
    if months == 0:
        return
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
