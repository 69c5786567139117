"""What a card number tells: who issued the card, who acquires its sales, and what kind of card it is."""

from payments_mock.domain.instrument_choice import APPROVE_NO, masked_card_number
from payments_mock.domain.issuers import CARD_ISSUERS
from payments_mock.domain.methods import Card, CardType, OwnerType

KNOWN_BEGINNINGS = (("43301234", "61", "31"), ("941000", "21", "21"), ("490625", "31", "31"))
"""Beginnings of test numbers in general use, each with the codes of its issuer and its acquirer."""

UNKNOWN_KIND_NUMBERS = frozenset({"4330121234567890", "5520221234567890"})
"""Test numbers of cards that the provider can register but not tell the kind of, nor charge."""

_DOMESTIC = tuple(issuer.code for issuer in CARD_ISSUERS if not issuer.is_overseas)


def card_of_number(number: str, *, is_corporate: bool = False) -> Card:
    """Return the card with this number, as yet without an amount.

    The issuer of a number that nothing is known of is made up, and always the same one.
    """
    issuer, acquirer = _companies(number)
    is_known = number not in UNKNOWN_KIND_NUMBERS
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
