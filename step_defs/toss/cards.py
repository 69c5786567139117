"""The card that shoppers of the scenarios read out."""

from collections.abc import Mapping

CARD: Mapping[str, str] = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "90",
    "cardExpirationMonth": "07",
    "customerIdentityNumber": "881212",
}


def card_ending_in(ending: str) -> dict[str, str]:
    """Return the card, with another end of its number."""
    return {**CARD, "cardNumber": CARD["cardNumber"][: -len(ending)] + ending}
