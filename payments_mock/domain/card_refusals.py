"""Test cards that are refused: the end of a number decides, as no issuer is there to ask.

The triggers are our own; the provider's test environment approves every card.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from payments_mock.domain.card_errors import (
    CardLostError,
    CardNotRegistrableError,
    CardRejectedError,
    CardSuspendedError,
    CardUnusableError,
)
from payments_mock.domain.card_numbers import UNKNOWN_KIND_NUMBERS

CARD_LIMIT = 100_000
"""The most, in KRW, that a card with a limit pays at once."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an issuer is going to refuse charges; those up to `limit` (KRW) it approves."""

    code: str
    limit: int = 0

    def of_amount(self, amount: int) -> str | None:
        """Return the code by which a charge of `amount` KRW is refused, None where it is approved."""
        return self.code if amount > self.limit else None


REFUSALS: Mapping[str, Refusal] = {
    "0101": Refusal("INVALID_STOPPED_CARD"),
    "0102": Refusal("INVALID_CARD_LOST_OR_STOLEN"),
    "0103": Refusal("INVALID_REJECT_CARD"),
    "0104": Refusal("REJECT_CARD_COMPANY"),
    "0105": Refusal("REJECT_CARD_PAYMENT"),
    "0106": Refusal("CARD_PROCESSING_ERROR"),
    "0107": Refusal("INVALID_CARD"),
    "0108": Refusal("EXCEED_MAX_DAILY_PAYMENT_COUNT"),
    "0109": Refusal("EXCEED_MAX_PAYMENT_AMOUNT", CARD_LIMIT),
}
"""Refusal by the last four digits of the card number."""

_UNKNOWN_KIND = Refusal("NOT_SUPPORTED_CARD_TYPE")

_NOT_REGISTRABLE: Mapping[str, type[CardNotRegistrableError]] = {
    "INVALID_STOPPED_CARD": CardSuspendedError,
    "INVALID_CARD_LOST_OR_STOLEN": CardLostError,
    "INVALID_REJECT_CARD": CardRejectedError,
    "INVALID_CARD": CardUnusableError,
}


def find_refusal(number: str) -> Refusal | None:
    """Return how charges of the card with this number are refused, None where all are approved."""
    return _UNKNOWN_KIND if number in UNKNOWN_KIND_NUMBERS else REFUSALS.get(number[-4:])


def check_registrable(refusal: Refusal | None) -> None:
    """Refuse to register a card that nobody can use at all; one that only declines charges is registered.

    Raises:
        CardSuspendedError, CardLostError, CardRejectedError, CardUnusableError: as named.
    """
    if refusal is not None and refusal.code in _NOT_REGISTRABLE:
        raise _NOT_REGISTRABLE[refusal.code]("the issuer does not let this card be registered")
