"""Card details that a merchant keys in, and the form each must have; source: the public reference."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from payments_mock.domain.card_errors import (
    CardExpirationError,
    CardNumberError,
    CardPasswordError,
    IdentityFormatError,
    IdentityMismatchError,
)
from payments_mock.domain.korea import KOREA

CARD_NUMBER = re.compile(r"[2-9][0-9]{12,19}")
MONTH = re.compile(r"0[1-9]|1[0-2]")
TWO_DIGITS = re.compile(r"[0-9]{2}")
BIRTH_DATE = re.compile(r"[0-9]{6}")
BUSINESS_NUMBER = re.compile(r"[0-9]{10}")
BUSINESS_NUMBER_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3)

WRONG_PASSWORD = "99"  # noqa: S105
"""Our own trigger: no card has this password."""

WRONG_BIRTH_DATE = "991231"
"""Our own trigger: no card holder was born on this day."""


@dataclass(frozen=True, slots=True)
class CardData:
    """A card as its holder reads it out; `password` is the first two digits of it, None where unsaid.

    `identity_number` is the holder's date of birth (yyMMdd), or a company's business number (10 digits).
    """

    number: str
    expiration_year: str
    expiration_month: str
    identity_number: str
    password: str | None = None

    @property
    def expires_at(self) -> datetime:
        """When the card can't be used any more: its month has ended in Korea.

        Raises:
            CardExpirationError: year or month is not of two digits, or there is no such month.
        """
        year, month = self.expiration_year, self.expiration_month
        if TWO_DIGITS.fullmatch(year) is None or MONTH.fullmatch(month) is None:
            raise CardExpirationError("cardExpirationYear and cardExpirationMonth must be two digits each")
        months = (2000 + int(year)) * 12 + int(month)
        return datetime(months // 12, months % 12 + 1, 1, tzinfo=KOREA)

    @property
    def is_corporate(self) -> bool:
        """Whether a company holds the card."""
        return BUSINESS_NUMBER.fullmatch(self.identity_number) is not None


def check_card_data(card: CardData, now: datetime) -> None:
    """Refuse details that can't be those of a card that is valid at `now`.

    No check digit is asked for: the test numbers in general use have none.

    Raises:
        CardNumberError, CardExpirationError, IdentityFormatError, IdentityMismatchError, CardPasswordError:
            as named.
    """
    if CARD_NUMBER.fullmatch(card.number) is None:
        raise CardNumberError("cardNumber must be 13 to 20 digits that begin with 2 to 9")
    if now >= card.expires_at:
        raise CardExpirationError("the card has expired")
    _check_identity(card.identity_number)
    if card.password is not None:
        _check_password(card.password)


def _check_identity(number: str) -> None:
    is_business = BUSINESS_NUMBER.fullmatch(number) is not None
    if not is_business and not _is_birth_date(number):
        raise IdentityFormatError("customerIdentityNumber must be yyMMdd, or a business number of 10 digits")
    if is_business and not _is_business_number(number):
        raise IdentityMismatchError("customerIdentityNumber is no business number: its check digit is wrong")
    if number == WRONG_BIRTH_DATE:
        raise IdentityMismatchError("the card belongs to somebody else")


def _is_birth_date(number: str) -> bool:
    """Tell whether six digits are a day of this century or the last: a leap day may be of one only."""
    if BIRTH_DATE.fullmatch(number) is None:
        return False
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:])
    return _is_day(1900 + year, month, day) or _is_day(2000 + year, month, day)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_business_number(number: str) -> bool:
    """Tell whether the last digit fits the others, as Korea's tax office computes it."""
    digits = [int(digit) for digit in number]
    total = sum(
        weight * digit for weight, digit in zip(BUSINESS_NUMBER_WEIGHTS, digits[:8], strict=True)
    ) + sum(divmod(digits[8] * 5, 10))
    return (10 - total % 10) % 10 == digits[9]


def _check_password(password: str) -> None:
    if TWO_DIGITS.fullmatch(password) is None:
        raise CardPasswordError("cardPassword must be the first two digits of it")
    if password == WRONG_PASSWORD:
        raise CardPasswordError("the password is wrong")
