"""Cards: their data and numbers, the checks of both, and the test numbers that are declined.

PaymentError
    CardDetailsError
        CardNumberError
        CardExpirationError
        IdentityFormatError
        IdentityMismatchError
        CardPasswordError
    CardNotRegistrableError
        CardSuspendedError
        CardLostError
        CardRejectedError
        CardUnusableError
"""

import re
from collections.abc import Mapping
from datetime import date, datetime

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.institutions import CARD_ISSUERS
from payments_mock.domain.payments.instruments import (
    APPROVE_NO,
    Card,
    CardType,
    OwnerType,
    masked_card_number,
)
from payments_mock.domain.values import KOREA, immutable


class CardDetailsError(PaymentError):
    """The details that were keyed in are not those of a valid card."""


class CardNumberError(CardDetailsError):
    """The number can't be that of a card."""


class CardExpirationError(CardDetailsError):
    """The card has expired, or its month of expiration can't be one."""


class IdentityFormatError(CardDetailsError):
    """The holder's number is neither a date of birth nor a business number."""


class IdentityMismatchError(CardDetailsError):
    """The card is not that of the holder who was named."""


class CardPasswordError(CardDetailsError):
    """The password is wrong, or can't be one."""


class CardNotRegistrableError(PaymentError):
    """The card's issuer lets nobody use the card, so no billing key is issued for it."""


class CardSuspendedError(CardNotRegistrableError):
    """The card is suspended."""


class CardLostError(CardNotRegistrableError):
    """The card was reported as lost or stolen."""


class CardRejectedError(CardNotRegistrableError):
    """The issuer rejects the card."""


class CardUnusableError(CardNotRegistrableError):
    """The issuer does not know such a card."""


CARD_NUMBER = re.compile(r"(?!9430)[2-9][0-9]{12,19}")
"""Describes a card number; one that begins with 9430 was recorded to be none."""

MONTH = re.compile(r"0[1-9]|1[0-2]")
TWO_DIGITS = re.compile(r"[0-9]{2}")
BIRTH_DATE = re.compile(r"[0-9]{6}")
BUSINESS_NUMBER = re.compile(r"[0-9]{10}")
BUSINESS_NUMBER_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3)

WRONG_PASSWORD = "99"  # noqa: S105
"""Our own trigger: this password is always wrong."""

WRONG_BIRTH_DATE = "991231"
"""Our own trigger: this date of birth never matches the holder."""


@immutable
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
        """When the card expires: at the end of its month in Korea.

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
        raise CardNumberError("cardNumber must be 13 to 20 digits that begin with 2 to 9, and not with 9430")
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


KNOWN_BEGINNINGS = (
    ("43301234", "61", "31"),
    ("941000", "21", "21"),
    ("490625", "31", "31"),
    ("536510", "15", "15"),
)
"""Beginnings of test numbers in general use, each with the codes of its issuer and its acquirer."""

UNKNOWN_KIND = re.compile(r"4330[0-9]*|4111111111111111|5520221234567890")
"""Describes numbers of cards that the provider can register but not tell the kind of, nor charge."""

_DOMESTIC = tuple(issuer.code for issuer in CARD_ISSUERS if not issuer.is_overseas)


def card_of_number(number: str, *, is_corporate: bool = False) -> Card:
    """Return the card with this number, as yet without an amount.

    The issuer of an unknown number is made up, and always the same.
    """
    issuer, acquirer = _companies(number)
    is_known = UNKNOWN_KIND.fullmatch(number) is None
    owner = OwnerType.CORPORATE if is_corporate else OwnerType.PERSONAL
    return Card(
        amount=0,
        issuer_code=issuer,
        acquirer_code=acquirer,
        number=masked_card_number(number),
        approve_no=APPROVE_NO,
        card_type=CardType.CREDIT if is_known else CardType.UNKNOWN,
        owner_type=owner if is_known else OwnerType.UNKNOWN,
    )


def _companies(number: str) -> tuple[str, str]:
    for beginning, issuer, acquirer in KNOWN_BEGINNINGS:
        if number.startswith(beginning):
            return issuer, acquirer
    code = _DOMESTIC[int(number[:6]) % len(_DOMESTIC)]
    return code, code


CARD_LIMIT = 100_000
"""The most, in KRW, that a card with a limit pays at once."""


@immutable
class Decline:
    """Why an issuer refuses charges; it approves those up to `limit` (KRW)."""

    code: str
    limit: int = 0

    def of_amount(self, amount: int) -> str | None:
        """Return the code by which a charge of `amount` KRW is refused, None where it is approved."""
        return self.code if amount > self.limit else None


DECLINES: Mapping[str, Decline] = {
    "0101": Decline("INVALID_STOPPED_CARD"),
    "0102": Decline("INVALID_CARD_LOST_OR_STOLEN"),
    "0103": Decline("INVALID_REJECT_CARD"),
    "0104": Decline("REJECT_CARD_COMPANY"),
    "0105": Decline("REJECT_CARD_PAYMENT"),
    "0106": Decline("CARD_PROCESSING_ERROR"),
    "0107": Decline("INVALID_CARD"),
    "0108": Decline("EXCEED_MAX_DAILY_PAYMENT_COUNT"),
    "0109": Decline("EXCEED_MAX_PAYMENT_AMOUNT", CARD_LIMIT),
}
"""Refusal by the last four digits of the card number."""

_KIND_UNKNOWN = Decline("NOT_SUPPORTED_CARD_TYPE")

_NOT_REGISTRABLE: Mapping[str, type[CardNotRegistrableError]] = {
    "INVALID_STOPPED_CARD": CardSuspendedError,
    "INVALID_CARD_LOST_OR_STOLEN": CardLostError,
    "INVALID_REJECT_CARD": CardRejectedError,
    "INVALID_CARD": CardUnusableError,
}


def find_decline(number: str) -> Decline | None:
    """Return how the issuer refuses charges of this card, None if it approves all."""
    return _KIND_UNKNOWN if UNKNOWN_KIND.fullmatch(number) else DECLINES.get(number[-4:])


def check_registrable(refusal: Decline | None) -> None:
    """Refuse to register a card that can't be used at all; a card that only declines charges is registered.

    Raises:
        CardSuspendedError, CardLostError, CardRejectedError, CardUnusableError: as named.
    """
    if refusal is not None and refusal.code in _NOT_REGISTRABLE:
        raise _NOT_REGISTRABLE[refusal.code]("the issuer does not let this card be registered")
