"""Rules of cards that a call can break, a branch of the tree in `payments_mock.domain.errors`.

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

from payments_mock.domain.errors import PaymentError


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
